/*
 * Packets that a program of user space takes from a queue and gives back (NFQUEUE), as firewalls and intrusion detection
 * do. They leave in that program's call. So who sends is noted where packets set out, before any rule is asked, in network
 * namespaces that have a queue and as long as they have one; and what is not noted is never that program's.
 */
#ifndef OUTGUARD_QUEUES_H
#define OUTGUARD_QUEUES_H

#define NF_ACCEPT 1
#define SPEAKS_NANOS 1000000000ULL
#define QUEUED_NANOS 60000000000ULL /* a packet may wait as long as its program is stopped */

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 14);
} og_queue_words SEC(".maps");

/* Who sent a packet, where it set out. */
struct note {
	uint64_t socket;
	struct eye_id user;
	struct eye_id other; /* of a socket: who sent by it before */
	uint64_t changed;    /* when that was, CLOCK_MONOTONIC */
	uint32_t uid;
	uint32_t other_uid;
	uint64_t locked;     /* as in struct place */
};

/*
 * By the place of the packet in memory. A large packet is cut into segments before it is queued, which have places of
 * their own: what they came of is noted by its socket as well. The kernel uses places again, so few are enough.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, uint64_t);
	__type(value, struct note);
} og_notes SEC(".maps");

/*
 * Where that is noted. Elsewhere neither place is renewed: a packet and a socket that take the places of others
 * would be of those others' senders.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, EYE_QUEUES);
	__type(key, uint32_t); /* inode number of the network namespace */
	__type(value, uint8_t);
} og_hooked SEC(".maps");

enum known {
	HERE,      /* in the call of whoever runs */
	NOTED,     /* elsewhere, in the call of a process that was noted */
	UNCERTAIN, /* whoever runs may have given it back for somebody else */
};

struct origin {
	uint32_t known;
	uint32_t other_uid;
	struct eye_id other; /* who else may have sent it */
};

/*
 * Global, so that the verifier looks into it once. Sets the sender where another one was noted. Keys are copied to the stack:
 * memory of an argument may be a map's key since Linux 6.2 only.
 */
__noinline int og_find_origin(struct origin *origin, struct place *place, struct sender *sender)
{
	struct note *note = NULL;
	uint64_t packet, socket;
	uint32_t netns;

	if (!origin || !place || !sender)
		return 0;
	packet = place->packet;
	socket = place->socket;
	netns = place->netns;
	if (bpf_map_lookup_elem(&og_hooked, &netns)) {
		note = bpf_map_lookup_elem(&og_notes, &packet);
		if (!note || note->socket != socket)
			note = bpf_map_lookup_elem(&og_notes, &socket);
	}
	if (!note || note->socket != socket) {
		struct eye_id runs = sender->id;

		if (bpf_map_lookup_elem(&og_queuers, &runs))
			origin->known = UNCERTAIN;
		return 0;
	}
	origin->known = NOTED;
	sender->id = note->user;
	sender->uid = note->uid;
	place->locked = note->locked;
	if (note->other.tgid && bpf_ktime_get_ns() - note->changed < QUEUED_NANOS) {
		origin->other = note->other;
		origin->other_uid = note->other_uid;
	}
	return 0;
}

/* Of a socket whose packets are cut: whoever sends by it next, while some of them may still wait, makes both possible. */
static __always_inline void note_socket(uint64_t socket, const struct note *now)
{
	struct note *before = bpf_map_lookup_elem(&og_notes, &socket);
	struct note next = *now;

	if (before && before->socket == socket) {
		bool same = is(&before->user, &now->user);

		next.other = same ? before->other : before->user;
		next.other_uid = same ? before->other_uid : before->uid;
		next.changed = same ? before->changed : bpf_ktime_get_ns();
	}
	bpf_map_update_elem(&og_notes, &socket, &next, BPF_ANY);
}

/*
 * What was not looked for goes first: without the look-up, what still waits and not what has left. The map may have nothing
 * to give at the moment, while other processors take from it, or take this one at once: then again.
 */
static __always_inline void note_packet(uint64_t packet, const struct note *now)
{
	for (int tries = 0; tries < 2; tries++)
		if (!bpf_map_update_elem(&og_notes, &packet, now, BPF_ANY) && bpf_map_lookup_elem(&og_notes, &packet))
			return;
}

/* Attached to LOCAL_OUT in namespaces that have a queue, before all rules. */
SEC("netfilter")
int og_leaves(struct bpf_nf_ctx *ctx)
{
	struct sk_buff *skb = ctx->skb;
	struct sock *sk = skb->sk;
	struct note now = {}, *note;
	struct sender sender = {};
	uint64_t packet = (uint64_t)skb;
	struct skb_shared_info *shared;

	if (!sk)
		return NF_ACCEPT;
	now.socket = (uint64_t)sk;
	note = bpf_map_lookup_elem(&og_notes, &packet);
	if (!running(&sender)) {
		if (note)
			note->socket = 0;
		return NF_ACCEPT;
	}
	/* One that was given back sets out again where it enters a tunnel. */
	if (note && note->socket == now.socket && !is(&note->user, &sender.id) &&
	    bpf_map_lookup_elem(&og_queuers, &sender.id))
		return NF_ACCEPT;
	now.user = sender.id;
	now.uid = sender.uid;
	now.locked = sk->sk_lock.owned;
	if (note) {
		*note = now;
	} else {
		note_packet(packet, &now);
	}
	shared = (void *)BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, end);
	if (BPF_CORE_READ(shared, gso_size))
		note_socket(now.socket, &now);
	meet(&sender);
	return NF_ACCEPT;
}

static __always_inline void may_give_back(const struct eye_id *id, uint32_t netns)
{
	struct eye_queuer *word;

	bpf_map_update_elem(&og_queuers, id, &netns, BPF_ANY);
	__sync_fetch_and_add(&og_given_back, 1);
	word = bpf_ringbuf_reserve(&og_queue_words, sizeof *word, 0);
	if (!word)
		return;
	word->id = *id;
	word->netns = netns;
	word->reserved = 0;
	bpf_ringbuf_submit(word, BPF_RB_NO_WAKEUP);
	/* Again, for user space that looked for the word between the two. */
	__sync_fetch_and_add(&og_given_back, 1);
}

/* In a process that sends to netfilter: what it wants cannot be seen, so user space looks whether it has a queue. */
static __always_inline void speaks_to_netfilter(struct sock *sk)
{
	struct task_struct *parent = BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), real_parent, group_leader);
	struct packet_sender *packets;
	struct sender sender = {};
	uint64_t now = bpf_ktime_get_ns();

	/* Our own nft. */
	if ((settings.pidns ? number_in(parent, settings.pidns) : (uint32_t)BPF_CORE_READ(parent, tgid)) == settings.own)
		return;
	packets = bpf_sk_storage_get(&og_senders, sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	if (!packets || (packets->told && now - packets->told < SPEAKS_NANOS) || !running(&sender))
		return;
	packets->told = now;
	may_give_back(&sender.id, sk->__sk_common.skc_net.net->ns.inum);
}

#endif
