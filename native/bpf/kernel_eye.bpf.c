/*
 * The kernel eye: counts what leaves, by who sends it, where the sender is still known.
 *
 * An IP packet is counted where its network namespace hands it to a device (cgroup_skb/egress of the root group): once,
 * before it waits for ARP, and with its socket. What forwards it later, a bridge or the host of a container, has no
 * socket and is not counted again. A datagram belongs to the process that runs. TCP also sends from interrupts, which
 * is told by the socket's lock: then it belongs to who wrote to the socket last.
 *
 * Frames of AF_PACKET sockets pass no such place. Devices on which such sockets send have a hook of their own, and what
 * is past that as well is known by the end of the send call, though without its remote.
 */
#include <linux/bpf.h>
#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "kernel_eye.h"
#include "kernel_types.h"

#include "maps.h"
#include "count.h"
#include "pid_namespace.h"
#include "sender.h"
#include "packet.h"
#include "attribute.h"
#include "capture.h"
#include "queues.h"
#include "processes.h"
#include "mail_clients.h"

#define ALLOW 1
#define NEXT_HOOK -1
#define ASK_NANOS 1000000000ULL

char LICENSE[] SEC("license") = "GPL";

static __always_inline int packet(struct __sk_buff *skb, bool direct)
{
	struct eye_key key = {};
	struct amount amount = {};
	struct sender sender = {};
	struct place place = {};
	struct layout layout = {};
	struct origin origin = {};
	uint32_t headers, segments;
	struct stamp *stamp = NULL;
	struct bpf_sock *sk;
	bool calls, by_itself;

	if (skb->ifindex == LOOPBACK_IFINDEX || !skb->sk)
		return ALLOW;
	/* First what follows pointers, while the verifier has one way to here. */
	if (direct)
		follow_place(skb, &place);
	else
		copy_place(skb, &place);
	calls = running(&sender);
	if (og_given_back) {
		place.packet = (uint64_t)skb;
		og_find_origin(&origin, &place, &sender);
		calls = origin.known == NOTED || (calls && origin.known == HERE);
	}
	key.kind = EYE_IP;
	key.netns = place.netns;
	key.ifindex = skb->ifindex;
	amount.tick = bpf_jiffies64();
	amount.packets = 1;
	amount.bytes = skb->len;
	headers = read_plain_udp(skb, &key, &amount, &layout);
	if (!headers)
		headers = read_packet(skb, 0, &key, &amount, &layout);
	segments = skb->gso_segs;
	if (segments > 1) {
		amount.packets = segments;
		amount.bytes += (segments - 1) * (uint64_t)headers;
	} else if (skb->len > SMALLEST_MTU && skb->len > place.mtu) {
		fragment(&amount, &layout, place.mtu);
	}
	by_itself = sends_by_itself(key.protocol);
	if (by_itself) {
		sk = skb->sk;
		sk = sk ? bpf_sk_fullsock(sk) : NULL;
		if (!sk)
			return ALLOW;
		by_itself = sk->type != SOCK_RAW;
		if (by_itself) {
			calls = calls && place.locked && sk->state != TCP_LISTEN;
			stamp = stamp_of(sk, calls && (!place.kernel_socket || place.subflow));
			if (stamp && place.subflow)
				stamp->subflow = true;
		}
	}
	if (kernels_own(&place, stamp)) {
		key.kind = EYE_KERNEL;
		calls = false;
	} else if (by_itself) {
		attribute_connection(&key, &amount, stamp, &sender, calls, skb->len > headers);
	} else if (calls) {
		attribute(&key, &sender);
		if (origin.known == NOTED) {
			key.second_tgid = origin.other.tgid;
			amount.second_start = origin.other.start;
			amount.second_uid = origin.other_uid;
		}
	}
	if (origin.known == UNCERTAIN && !key.tgid && key.kind == EYE_IP)
		key.kind = EYE_QUEUED;
	if (count(&key, &amount) && calls && origin.known == HERE)
		meet(&sender);
	return ALLOW;
}

SEC("cgroup_skb/egress")
int og_packet(struct __sk_buff *skb)
{
	return packet(skb, true);
}

/* Where bpf_cast_to_kern_ctx() is not (before Linux 6.2), or cannot be called: without JIT. */
SEC("cgroup_skb/egress")
int og_packet_copy(struct __sk_buff *skb)
{
	return packet(skb, false);
}

/* Attached with BPF_TCX_EGRESS, by whose link it goes when its opener does. */
static __always_inline int frame(struct __sk_buff *skb, bool direct)
{
	struct eye_key key = {};
	struct amount amount = {};
	struct sender sender = {};
	struct place place = {};
	struct layout layout = {};
	struct packet_sender *packets;
	struct bpf_sock *sk = skb->sk;
	bool runs;
	int base;

	if (!sk || sk->family != AF_PACKET)
		return NEXT_HOOK;
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return NEXT_HOOK;
	if (direct)
		follow_place(skb, &place);
	else
		copy_place(skb, &place);
	runs = running(&sender);
	packets = bpf_sk_storage_get(&og_senders, sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	if (packets)
		__sync_fetch_and_add(&packets->seen, 1);
	key.kind = EYE_PACKET_SOCKET;
	key.netns = place.netns;
	amount.tick = bpf_jiffies64();
	key.ifindex = skb->ifindex;
	amount.packets = skb->gso_segs > 1 ? skb->gso_segs : 1;
	amount.bytes = skb->len;
	base = link_header(skb);
	if (base >= 0) {
		amount.bytes -= (uint32_t)base;
		read_packet(skb, (uint32_t)base, &key, &amount, &layout);
	}
	if (runs)
		attribute(&key, &sender);
	if (count(&key, &amount) && runs)
		meet(&sender);
	return NEXT_HOOK;
}

SEC("tc")
int og_frame(struct __sk_buff *skb)
{
	return frame(skb, true);
}

SEC("tc")
int og_frame_copy(struct __sk_buff *skb)
{
	return frame(skb, false);
}

/*
 * In place of og_frame before Linux 6.6, which has no hooks on devices that go with their opener: every frame that is
 * queued on any device. Frames of packet rings have their headers in pages that this cannot read; they count without
 * remote. A device on top of others is left out, since the one below is asked as well.
 */
SEC("tp_btf/net_dev_queue")
int BPF_PROG(og_queued, struct sk_buff *skb)
{
	struct eye_key key = {};
	struct amount amount = {};
	struct sender sender = {};
	struct frame frame = {};
	struct packet_sender *packets;
	struct net_device *dev = skb->dev;
	struct sock *sk = skb->sk;
	uint32_t linear;

	if (!sk || sk->__sk_common.skc_family != AF_PACKET || !dev)
		return 0;
	if (dev->ifindex == LOOPBACK_IFINDEX || dev->flags & IFF_MASTER ||
	    BPF_CORE_READ_BITFIELD(dev, priv_flags) & (VLAN_DEVICE | BRIDGE_DEVICE))
		return 0;
	packets = bpf_sk_storage_get(&og_senders, sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	if (packets)
		__sync_fetch_and_add(&packets->seen, 1);
	key.kind = EYE_PACKET_SOCKET;
	key.netns = sk->__sk_common.skc_net.net->ns.inum;
	key.ifindex = (uint32_t)dev->ifindex;
	amount.tick = bpf_jiffies64();
	amount.packets = 1;
	amount.bytes = skb->len > sizeof frame.ethernet ? skb->len - sizeof frame.ethernet : skb->len;
	linear = skb->len - skb->data_len;
	if (linear >= sizeof frame - 2)
		bpf_probe_read_kernel(frame.ethernet, sizeof frame - 2, skb->data);
	else if (linear >= 42)
		bpf_probe_read_kernel(frame.ethernet, 42, skb->data);
	read_frame(&frame, &key, &amount);
	if (!running(&sender))
		return 0;
	attribute(&key, &sender);
	if (og_count(&key, &amount))
		meet(&sender);
	return 0;
}

/* Asks user space for hooks on the devices of this namespace, now and then. */
static __always_inline void ask_for_hook(struct packet_sender *packets, const struct sender *sender, uint32_t netns)
{
	uint64_t now = bpf_ktime_get_ns();
	struct eye_facts *facts;

	if (packets->told && now - packets->told < ASK_NANOS)
		return;
	packets->told = now;
	facts = bpf_ringbuf_reserve(&og_words, sizeof *facts, 0);
	if (!facts)
		return;
	facts->word = EYE_PACKET_SENDER;
	facts->self = sender->id;
	facts->lineage.netns = netns;
	bpf_ringbuf_submit(facts, 0);
}

/* How many frames of its ring a socket has sent since the last time; a whole turn where the position is the same. */
static __always_inline uint64_t ring_frames(struct packet_sender *packets, struct packet_sock *sk)
{
	uint32_t last = BPF_CORE_READ(sk, tx_ring.frame_max);
	uint32_t head = BPF_CORE_READ(sk, tx_ring.head);
	uint32_t before = packets->position;

	if (!last)
		return 1;
	packets->position = head;
	return head > before ? head - before : last + 1 - before + head;
}

/* The end of a send call, in the sender. */
SEC("tp_btf/sock_send_length")
int BPF_PROG(og_sent, struct sock *sk, int length)
{
	struct eye_key key = {};
	struct amount amount = {};
	struct sender sender = {};
	struct packet_sender *packets;
	struct stamp *stamp;

	if (sk->__sk_common.skc_family == AF_NETLINK) {
		if (sk->sk_protocol == NETLINK_NETFILTER)
			speaks_to_netfilter(sk);
		return 0;
	}
	if (sk->__sk_common.skc_family != AF_PACKET) {
		/* Of most sends this is all. */
		if (sk->sk_protocol == UDP || length <= 0)
			return 0;
		wrote_mail(ctx, sk);
		stamp = stamp_of(sk, false);
		if (stamp && running(&sender))
			wrote(stamp, &sender);
		return 0;
	}
	packets = bpf_sk_storage_get(&og_senders, sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	if (!packets || length <= 0)
		return 0;
	amount.packets = ring_frames(packets, (struct packet_sock *)sk);
	if (packets->seen) {
		packets->seen = 0;
		return 0;
	}
	if (!running(&sender))
		return 0;
	amount.bytes = (uint64_t)length;
	key.kind = EYE_BYPASS;
	amount.tick = bpf_jiffies64();
	key.netns = sk->__sk_common.skc_net.net->ns.inum;
	attribute(&key, &sender);
	if (og_count(&key, &amount))
		meet(&sender);
	ask_for_hook(packets, &sender, key.netns);
	return 0;
}

/* Who listens answers for what the kernel sends on connections that nobody has accepted yet. */
SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(og_listens, struct sock *sk, int before, int after)
{
	struct sender sender = {};
	struct stamp *stamped;

	if (after != TCP_LISTEN || !running(&sender))
		return 0;
	stamped = stamp_of(sk, true);
	if (stamped) {
		stamped->user = sender.id;
		stamped->uid = sender.uid;
		stamped->subflow = is_subflow(sk);
	}
	return 0;
}

/* Run once when it is opened: the sockets that are there already. */
SEC("iter/task_file")
int og_sockets(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct task_struct *task = ctx->task;
	struct socket *socket;
	struct stamp *stamped;
	struct sock *sk;

	if (!file || !task)
		return 0;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return 0;
	sk = socket->sk;
	if (sk && sk->__sk_common.skc_family == AF_NETLINK && sk->sk_protocol == NETLINK_NETFILTER) {
		struct eye_id id = id_of(task);

		may_give_back(&id, BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum));
		return 0;
	}
	if (!sk || (sk->sk_protocol != TCP && sk->sk_protocol != SCTP))
		return 0;
	stamped = stamp_of(sk, true);
	if (stamped && !stamped->user.tgid) {
		stamped->user = id_of(task);
		stamped->uid = BPF_CORE_READ(task, cred, euid.val);
	}
	return 0;
}
