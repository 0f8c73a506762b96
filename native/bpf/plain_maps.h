/*
 * What the programs share with user space and with each other on kernels before 5.12: hashes of the kernel's, into which a
 * key is put once, whoever comes at the same time. No memory is mapped, and whatever belongs to a socket lies in a hash of
 * bounded size, by the place of the socket in memory.
 */
#ifndef OUTGUARD_PLAIN_MAPS_H
#define OUTGUARD_PLAIN_MAPS_H

#include "shared_maps.h"

#define TRACE "raw_tp/"
#define GLOBAL static __noinline /* pointers to structures may be passed to global functions since 5.12 */
#define DIRECT_READS false
#define MEMBER(object, member) BPF_CORE_READ(object, member)

/* Buffers of which one is written while the other is read and emptied: this says which. Only user space writes it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, uint32_t);
} og_active SEC(".maps");

struct sums {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, EYE_FLOW_SLOTS / 4 * 3);
	__type(key, struct eye_key);
	__type(value, struct eye_sum);
};

struct other_sums {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, EYE_OTHER_SLOTS / 4 * 3);
	__type(key, struct eye_key);
	__type(value, struct eye_sum);
};

struct sums og_flows_0 SEC(".maps"), og_flows_1 SEC(".maps");
struct other_sums og_others_0 SEC(".maps"), og_others_1 SEC(".maps");

/* Of each buffer: what had room in no sum. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 2);
	__type(key, uint32_t);
	__type(value, struct eye_buffer);
} og_unowned SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct eye_lost);
} og_lost SEC(".maps");

/* Of connections; the kernel's end of one takes its entry away. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, uint64_t);
	__type(value, struct stamp);
} og_stamps SEC(".maps");

/* Who listens, whose connections the kernel makes before anybody accepts them. */
struct listener {
	uint32_t netns;
	uint32_t port;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct listener);
	__type(value, struct stamp);
} og_listeners SEC(".maps");

/* Facts and sessions, which are told apart by their length. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(uint32_t));
	__uint(value_size, sizeof(uint32_t));
} og_words SEC(".maps");

/* Room for the facts of a process that begins a program. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct eye_facts);
} og_room SEC(".maps");

/* Always empty: to begin an entry with, without room for it on the stack. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct eye_lineage);
} og_no_lineage SEC(".maps");

static __always_inline void lost_facts(void)
{
	uint32_t zero = 0;
	struct eye_lost *lost = bpf_map_lookup_elem(&og_lost, &zero);

	if (lost)
		__sync_fetch_and_add(&lost->facts, 1);
}

static __always_inline void lost_session(void)
{
	uint32_t zero = 0;
	struct eye_lost *lost = bpf_map_lookup_elem(&og_lost, &zero);

	if (lost)
		__sync_fetch_and_add(&lost->sessions, 1);
}

static __always_inline struct eye_facts *begin_word(void)
{
	uint32_t zero = 0;

	return bpf_map_lookup_elem(&og_room, &zero);
}

static __always_inline void tell_word(void *context, struct eye_facts *word)
{
	if (bpf_perf_event_output(context, &og_words, BPF_F_CURRENT_CPU, word, sizeof *word))
		lost_facts();
}

static __always_inline bool pass_session(void *context, const struct eye_session *session)
{
	return !bpf_perf_event_output(context, &og_words, BPF_F_CURRENT_CPU, (void *)session, sizeof *session);
}

static __always_inline uint32_t netns_of(struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
}

/* A bit field before Linux 5.6. */
static __always_inline uint16_t protocol_of(struct sock *sk)
{
	return (uint16_t)BPF_CORE_READ_BITFIELD_PROBED(sk, sk_protocol);
}

/* The stamp of a socket; made where there is none and it is wanted. */
static __always_inline struct stamp *stamp_at(uint64_t socket, bool wanted)
{
	struct stamp *stamp = bpf_map_lookup_elem(&og_stamps, &socket);

	if (!stamp && wanted) {
		struct stamp fresh = {};

		bpf_map_update_elem(&og_stamps, &socket, &fresh, BPF_NOEXIST);
		stamp = bpf_map_lookup_elem(&og_stamps, &socket);
	}
	return stamp;
}

#endif
