/*
 * The kernel eye for kernels before 5.12, and for those that do not describe their own types. It counts as kernel_eye.bpf.c
 * does, with what has been there for long: additions without result, hashes, raw tracepoints, copies of each member that is
 * read. Where network programs cannot learn who runs (before Linux 5.8), or there is no root of control groups to attach to,
 * IP packets are counted where they are queued on a device.
 */
#define EYE_PLAIN 1
#include <linux/bpf.h>
#include <stdbool.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "kernel_eye.h"
#include "kernel_types.h"

#include "plain_maps.h"
#include "plain_count.h"
#include "pid_namespace.h"
#include "sender.h"
#include "attribute.h"
#include "capture.h"
#include "processes.h"
#include "mail_clients.h"

#define TCP_SYN_RECV 3 /* include/net/tcp_states.h */
#define TCP_TIME_WAIT 6
#define TCP_NEW_SYN_RECV 12
#define SOCKETS_MAGIC 0x534F434B /* include/uapi/linux/magic.h: SOCKFS_MAGIC */
#define LINK_HEADER 14
#define ALLOW 1

char LICENSE[] SEC("license") = "GPL";

/* Functions of their own where much lies on the stack, of which all that call each other have 512 bytes together. */
static __noinline int meet_new(const struct sender *sender)
{
	struct task_struct *leader = BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), group_leader);
	struct eye_id id = sender->id;
	struct eye_lineage *known = bpf_map_lookup_elem(&og_processes, &id), *empty;
	uint32_t zero = 0;

	if (known && known->flags & EYE_SENT)
		return 0;
	if (known) {
		known->flags = EYE_SENT | (exe_deleted(leader) ? EYE_EXE_DELETED : 0);
		known->uid = sender->uid;
		BPF_CORE_READ_STR_INTO(&known->command, leader, comm);
		return 0;
	}
	empty = bpf_map_lookup_elem(&og_no_lineage, &zero);
	if (!empty)
		return 0;
	bpf_map_update_elem(&og_processes, &id, empty, BPF_NOEXIST);
	known = bpf_map_lookup_elem(&og_processes, &id);
	if (known)
		write_lineage(known, leader);
	return 0;
}

/* What is needed of a socket, and of the IP headers of its packet; length of the headers, 0 where there are none. */
static __noinline int place_of_socket(struct place *place, struct sock *sk)
{
	place->socket = (uint64_t)sk;
	place->netns = netns_of(sk);
	place->kernel_socket = BPF_CORE_READ_BITFIELD_PROBED(sk, sk_kern_sock);
	if (place->kernel_socket)
		place->subflow = is_subflow(sk);
	place->locked = BPF_CORE_READ(sk, sk_lock.owned);
	return 0;
}

static __noinline uint32_t read_queued(const void *network, struct eye_key *key, struct amount *amount)
{
	uint32_t words[15] = {};

	bpf_probe_read_kernel(words, sizeof words, network);
	return read_copy(words, key, amount);
}

/* What all that leaves by a socket has in common; `data` where more leaves than headers. */
static __always_inline bool count_packet(struct eye_key *key, struct amount *amount, const struct place *place,
					 const struct sender *sender, bool runs, bool listens, bool raw, bool data)
{
	bool calls = runs, by_itself = sends_by_itself(key->protocol) && !raw;
	struct stamp *stamp = NULL;

	key->netns = place->netns;
	if (by_itself) {
		calls = calls && place->locked && !listens;
		stamp = stamp_at(place->socket, calls && (!place->kernel_socket || place->subflow));
		if (stamp && place->subflow)
			stamp->subflow = true;
	}
	if (kernels_own(place, stamp)) {
		key->kind = EYE_KERNEL;
		calls = false;
	} else if (by_itself) {
		attribute_connection(key, amount, stamp, sender, calls, data);
	} else if (calls) {
		struct eye_id id = sender->id;

		if (og_given_back && bpf_map_lookup_elem(&og_queuers, &id)) {
			key->kind = EYE_QUEUED;
			calls = false;
		} else {
			attribute(key, sender);
		}
	}
	return count(key, amount) && calls;
}

SEC("cgroup_skb/egress")
int og_packet(struct __sk_buff *skb)
{
	struct eye_key key = {};
	struct amount amount = {};
	struct sender sender = {};
	struct place place = {};
	struct layout layout = {};
	struct bpf_sock *sk = skb->sk;
	uint32_t headers, segments;
	bool runs;

	if (skb->ifindex == LOOPBACK_IFINDEX || !sk)
		return ALLOW;
	copy_place(skb, &place);
	runs = running(&sender);
	key.kind = EYE_IP;
	key.ifindex = skb->ifindex;
	amount.tick = bpf_ktime_get_ns();
	amount.packets = 1;
	amount.bytes = skb->len;
	headers = read_packet(skb, 0, &key, &amount, &layout);
	segments = skb->gso_segs;
	if (segments > 1) {
		amount.packets = segments;
		amount.bytes += (segments - 1) * (uint64_t)headers;
	} else if (skb->len > SMALLEST_MTU && skb->len > place.mtu) {
		fragment(&amount, &layout, place.mtu);
	}
	sk = bpf_sk_fullsock(sk);
	if (!sk)
		return ALLOW;
	if (count_packet(&key, &amount, &place, &sender, runs, sk->state == TCP_LISTEN, sk->type == SOCK_RAW,
			 skb->len > headers))
		meet_new(&sender);
	return ALLOW;
}

/* A packet of a socket of IP, where it is queued on a device. Its fragments come by themselves. */
static __noinline int count_queued(struct sk_buff *skb, struct sock *sk, struct net_device *dev)
{
	void *head = BPF_CORE_READ(skb, head), *data = BPF_CORE_READ(skb, data);
	uint16_t network = BPF_CORE_READ(skb, network_header);
	struct skb_shared_info *shared = head + BPF_CORE_READ(skb, end);
	uint8_t state = BPF_CORE_READ(sk, __sk_common.skc_state);
	struct eye_key key = {};
	struct amount amount = {};
	struct sender sender = {};
	struct place place = {};
	uint32_t headers, segments, length = BPF_CORE_READ(skb, len);

	if (state == TCP_TIME_WAIT)
		return 0;
	if (state == TCP_NEW_SYN_RECV) {
		sk = BPF_CORE_READ(sk, __sk_common.skc_listener);
		state = TCP_LISTEN;
	}
	length -= (uint32_t)(head + network - data);
	place_of_socket(&place, sk);
	key.kind = EYE_IP;
	key.ifindex = (uint32_t)BPF_CORE_READ(dev, ifindex);
	amount.tick = bpf_ktime_get_ns();
	headers = read_queued(head + network, &key, &amount);
	if (!headers)
		return 0;
	segments = BPF_CORE_READ(shared, gso_segs);
	amount.packets = segments > 1 ? segments : 1;
	amount.bytes = length + (amount.packets - 1) * headers;
	if (count_packet(&key, &amount, &place, &sender, running(&sender), state == TCP_LISTEN,
			 BPF_CORE_READ_BITFIELD_PROBED(sk, sk_type) == SOCK_RAW, length > headers))
		meet_new(&sender);
	return 0;
}

/* The frame of an AF_PACKET socket. Headers in pages, as of packet rings, cannot be read here: then it has no remote. */
static __noinline int count_frame(struct sk_buff *skb, struct sock *sk, struct net_device *dev)
{
	struct eye_key key = {};
	struct amount amount = {};
	struct sender sender = {};
	struct frame frame = {};
	uint32_t length = BPF_CORE_READ(skb, len), linear = length - BPF_CORE_READ(skb, data_len);
	void *data = BPF_CORE_READ(skb, data);

	key.kind = EYE_PACKET_SOCKET;
	key.netns = netns_of(sk);
	key.ifindex = (uint32_t)BPF_CORE_READ(dev, ifindex);
	amount.tick = bpf_ktime_get_ns();
	amount.packets = 1;
	amount.bytes = length > LINK_HEADER ? length - LINK_HEADER : length;
	if (linear >= sizeof frame - 2)
		bpf_probe_read_kernel(frame.ethernet, sizeof frame - 2, data);
	else if (linear >= 42)
		bpf_probe_read_kernel(frame.ethernet, 42, data);
	read_frame(&frame, &key, &amount);
	if (!running(&sender))
		return 0;
	attribute(&key, &sender);
	if (count(&key, &amount))
		meet_new(&sender);
	return 0;
}

/* A device on top of others is left out, since the one below is asked as well. */
SEC("raw_tp/net_dev_queue")
int BPF_PROG(og_queued, struct sk_buff *skb)
{
	struct net_device *dev = BPF_CORE_READ(skb, dev);
	struct sock *sk = BPF_CORE_READ(skb, sk);
	uint16_t family;

	if (!sk || !dev || BPF_CORE_READ(dev, ifindex) == LOOPBACK_IFINDEX)
		return 0;
	family = BPF_CORE_READ(sk, __sk_common.skc_family);
	if (family != AF_PACKET && (!settings.at_queue || (family != AF_INET && family != AF_INET6)))
		return 0;
	if (BPF_CORE_READ(dev, flags) & IFF_MASTER ||
	    BPF_CORE_READ_BITFIELD_PROBED(dev, priv_flags) & (VLAN_DEVICE | BRIDGE_DEVICE))
		return 0;
	return family == AF_PACKET ? count_frame(skb, sk, dev) : count_queued(skb, sk, dev);
}

/* Who listens answers for what the kernel sends on connections that nobody has accepted yet. */
SEC("raw_tp/inet_sock_set_state")
int BPF_PROG(og_listens, struct sock *sk, int before, int after)
{
	struct listener listener = {};
	struct sender sender = {};
	struct stamp stamp = {}, *known;
	uint64_t socket = (uint64_t)sk;

	/* What was at this place in memory before has nothing to do with it. */
	if (after == TCP_CLOSE || after == TCP_SYN_SENT) {
		bpf_map_delete_elem(&og_stamps, &socket);
		return 0;
	}
	if (after != TCP_LISTEN && before != TCP_SYN_RECV)
		return 0;
	listener.netns = netns_of(sk);
	listener.port = BPF_CORE_READ(sk, __sk_common.skc_num);
	stamp.subflow = is_subflow(sk);
	if (after == TCP_LISTEN) {
		if (!running(&sender))
			return 0;
		stamp.user = sender.id;
		stamp.uid = sender.uid;
		bpf_map_update_elem(&og_listeners, &listener, &stamp, BPF_ANY);
	} else {
		known = bpf_map_lookup_elem(&og_listeners, &listener);
		if (!known)
			return 0;
		stamp.user = known->user;
		stamp.uid = known->uid;
	}
	bpf_map_update_elem(&og_stamps, &socket, &stamp, BPF_ANY);
	return 0;
}

/* Run once when it is opened: the sockets that are there already. */
SEC("iter/task_file")
int og_sockets(struct bpf_iter__task_file *ctx)
{
	struct file *file = ctx->file;
	struct task_struct *task = ctx->task;
	struct stamp stamp = {};
	struct listener listener = {};
	struct socket *found;
	struct sock *sk;
	uint64_t socket;
	uint16_t protocol;

	if (!file || !task || BPF_CORE_READ(file, f_inode, i_sb, s_magic) != SOCKETS_MAGIC)
		return 0;
	found = BPF_CORE_READ(file, private_data);
	sk = BPF_CORE_READ(found, sk);
	if (!sk)
		return 0;
	protocol = protocol_of(sk);
	stamp.user = id_of(task);
	stamp.uid = BPF_CORE_READ(task, cred, euid.val);
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_NETLINK && protocol == NETLINK_NETFILTER) {
		uint32_t netns = netns_of(sk);

		bpf_map_update_elem(&og_queuers, &stamp.user, &netns, BPF_ANY);
		__sync_fetch_and_add(&og_given_back, 1);
		return 0;
	}
	if (protocol != TCP && protocol != SCTP)
		return 0;
	socket = (uint64_t)sk;
	bpf_map_update_elem(&og_stamps, &socket, &stamp, BPF_NOEXIST);
	if (BPF_CORE_READ(sk, __sk_common.skc_state) != TCP_LISTEN)
		return 0;
	listener.netns = netns_of(sk);
	listener.port = BPF_CORE_READ(sk, __sk_common.skc_num);
	bpf_map_update_elem(&og_listeners, &listener, &stamp, BPF_NOEXIST);
	return 0;
}
