/* Who sends, and in which namespace. */
#ifndef OUTGUARD_SENDER_H
#define OUTGUARD_SENDER_H

#define PF_KTHREAD 0x00200000
#define SMALLEST_MTU 1280 /* RFC 8200, 5; no device of ours takes less for IPv4 */

#ifndef EYE_PLAIN
extern void *bpf_cast_to_kern_ctx(void *) __ksym __weak;
#endif

struct sender {
	struct eye_id id;
	uint32_t uid;
};

/* The process that runs; false where it is a kernel thread. Workers of io_uring are threads of their process. */
static __always_inline bool running(struct sender *sender)
{
	if (DIRECT_READS) {
		struct task_struct *task = bpf_get_current_task_btf();

		if (task->flags & PF_KTHREAD)
			return false;
		sender->id.tgid = (uint32_t)task->tgid;
		sender->id.start = task->group_leader->start_boottime;
		sender->uid = task->cred->euid.val;
	} else {
		struct task_struct *task = (void *)bpf_get_current_task();

		if (BPF_CORE_READ(task, flags) & PF_KTHREAD)
			return false;
		sender->id.tgid = (uint32_t)BPF_CORE_READ(task, tgid);
		sender->id.start = start_of(BPF_CORE_READ(task, group_leader));
		sender->uid = BPF_CORE_READ(task, cred, euid.val);
	}
	return true;
}

/* What is needed of a packet's socket and device. */
struct place {
	uint64_t packet; /* where it is in memory, by which it is known again; the same of its socket */
	uint64_t socket;
	uint32_t netns;
	uint32_t mtu;
	bool kernel_socket;
	bool subflow; /* the kernel's own socket, by which it sends what a process writes to a multipath connection (RFC 8684) */
	bool locked; /* by a process that is in a call on this socket; an interrupt finds it free, or leaves it alone */
};

static __always_inline bool is_subflow(struct sock *sk)
{
	struct tcp_sock *tcp = (struct tcp_sock *)sk;

	return bpf_core_field_exists(tcp->is_mptcp) && BPF_CORE_READ_BITFIELD_PROBED(sk, sk_protocol) == TCP &&
	       BPF_CORE_READ_BITFIELD_PROBED(tcp, is_mptcp);
}

#ifndef EYE_PLAIN
/* Without a copy. A kernel without JIT takes no program that calls a function of the kernel, even where it never would. */
static __always_inline void follow_place(struct __sk_buff *ctx, struct place *place)
{
	struct sk_buff *skb = bpf_cast_to_kern_ctx(ctx);
	struct sock *sk = skb->sk;
	struct net_device *dev = skb->dev;

	if (!sk || !dev)
		return;
	place->socket = (uint64_t)sk;
	place->netns = sk->__sk_common.skc_net.net->ns.inum;
	place->kernel_socket = BPF_CORE_READ_BITFIELD(sk, sk_kern_sock);
	if (place->kernel_socket)
		place->subflow = is_subflow(sk);
	place->locked = sk->sk_lock.owned;
	if (ctx->len > SMALLEST_MTU)
		place->mtu = dev->mtu;
}
#endif

static __always_inline void copy_place(struct __sk_buff *ctx, struct place *place)
{
	/* A context may not be computed with; what is read from the stack is a plain number. */
	void *typed = ctx;
	struct sk_buff *skb = NULL;
	struct sock *sk;

	bpf_probe_read_kernel(&skb, sizeof skb, &typed);
	sk = BPF_CORE_READ(skb, sk);
	place->socket = (uint64_t)sk;
	place->netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	place->kernel_socket = BPF_CORE_READ_BITFIELD_PROBED(sk, sk_kern_sock);
	if (place->kernel_socket)
		place->subflow = is_subflow(sk);
	place->locked = BPF_CORE_READ(sk, sk_lock.owned);
	if (ctx->len > SMALLEST_MTU)
		place->mtu = BPF_CORE_READ(skb, dev, mtu);
}

static __always_inline bool is(const struct eye_id *a, const struct eye_id *b)
{
	return a->tgid == b->tgid && a->start == b->start;
}

/* After this time nothing of another process is taken to be on its way any more. */
#define SETTLED_NANOS 2000000000ULL

static __always_inline void set_user(struct stamp *stamp, const struct sender *sender, bool wrote)
{
	stamp->user = sender->id;
	stamp->uid = sender->uid;
	stamp->wrote = wrote;
}

static __always_inline void set_other(struct stamp *stamp, const struct eye_id *id, uint32_t uid)
{
	stamp->other = *id;
	stamp->other_uid = uid;
	stamp->changed = bpf_ktime_get_ns();
}

/* A process has written. */
static __always_inline void wrote(struct stamp *stamp, const struct sender *sender)
{
	if (stamp->wrote && !is(&stamp->user, &sender->id))
		set_other(stamp, &stamp->user, stamp->uid);
	set_user(stamp, sender, true);
}

/*
 * Data leaves in a call of a process. It may be its own, or what another has written and this one sets going, as by
 * closing or reading: the end of a send call tells, and until then both may be meant.
 */
static __always_inline void data_leaves(struct stamp *stamp, const struct sender *sender)
{
	if (!stamp->wrote || !settings.send_calls)
		wrote(stamp, sender);
	else if (!is(&stamp->user, &sender->id))
		set_other(stamp, &sender->id, sender->uid);
}

#endif
