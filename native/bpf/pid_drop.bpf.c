/*
 * Drops what one process sends and nothing else: the IP packets of its process number and start time, at the place where
 * its network namespace would hand them to a device (cgroup_skb/egress of the root group).
 *
 * A datagram is its sender's who runs, also on a socket that others send on. TCP sends from interrupts too, whoever runs
 * then: there a socket is marked by the first packet that the process sends in a call on it, which holds the socket's
 * lock, and from then on nothing of that connection leaves.
 */
#include <linux/bpf.h>
#include <linux/in.h>
#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "pid_drop.h"
#include "kernel_types.h"
#include "pid_namespace.h"

#define PF_KTHREAD 0x00200000
#define NANOS_A_TICK 10000000ULL /* USER_HZ is 100 */
#define DROP 0
#define PASS 1

char LICENSE[] SEC("license") = "GPL";

/* Inode of the opener's pid namespace, 0 where it is the initial one. */
const volatile __u32 og_pidns SEC(".rodata.pidns") = 0;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, PID_DROP_MOST);
	__type(key, struct pid_drop_id);
	__type(value, struct pid_drop_state);
} og_dropped SEC(".maps");

/* Connections that a process in og_dropped has sent on. */
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct pid_drop_id);
} og_marked SEC(".maps");

/* Whether a process runs, and not the kernel for itself. */
static __always_inline bool running(struct pid_drop_id *id)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	if (BPF_CORE_READ(task, flags) & PF_KTHREAD)
		return false;
	id->number = og_pidns ? number_in(BPF_CORE_READ(task, group_leader), og_pidns) : (__u32)BPF_CORE_READ(task, tgid);
	id->start_ticks = start_of(BPF_CORE_READ(task, group_leader)) / NANOS_A_TICK;
	return id->number != 0;
}

static __always_inline struct pid_drop_state *in_force(const struct pid_drop_id *id)
{
	struct pid_drop_state *state = bpf_map_lookup_elem(&og_dropped, id);

	return state && bpf_ktime_get_boot_ns() < state->until ? state : NULL;
}

/* Of a socket: whether the kernel's own, and whether a process is in a call on it. */
static __always_inline void look_at(struct bpf_sock *typed, bool *kernel, bool *locked)
{
	struct sock *sk = NULL;

	/* The context's pointer may not be computed with; what is read from the stack is a plain number. */
	bpf_probe_read_kernel(&sk, sizeof sk, &typed);
	*kernel = BPF_CORE_READ_BITFIELD_PROBED(sk, sk_kern_sock);
	*locked = BPF_CORE_READ(sk, sk_lock.owned);
}

SEC("cgroup_skb/egress")
int og_pid_drop(struct __sk_buff *ctx)
{
	struct pid_drop_id id = {};
	struct pid_drop_state *state = NULL;
	struct bpf_sock *sk = ctx->sk;
	bool kernel = false, locked = false, mine;

	if (!sk)
		return PASS;
	look_at(sk, &kernel, &locked);
	mine = !kernel && running(&id);
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return PASS;
	if (sk->protocol == IPPROTO_TCP) {
		struct pid_drop_id *marked = bpf_sk_storage_get(&og_marked, sk, NULL, 0);

		if (mine && locked)
			state = in_force(&id);
		if (state && marked)
			*marked = id;
		else if (state)
			bpf_sk_storage_get(&og_marked, sk, &id, BPF_SK_STORAGE_GET_F_CREATE);
		else if (marked)
			state = in_force(marked);
	} else if (mine) {
		state = in_force(&id);
	}
	if (!state)
		return PASS;
	__sync_fetch_and_add(&state->packets, 1);
	__sync_fetch_and_add(&state->bytes, ctx->len);
	return DROP;
}
