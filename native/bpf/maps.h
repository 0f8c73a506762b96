/* What the programs share with user space and with each other, for kernels from 5.12 on. */
#ifndef OUTGUARD_MAPS_H
#define OUTGUARD_MAPS_H

#include "shared_maps.h"

#define TRACE "tp_btf/"
#define GLOBAL __noinline
#define DIRECT_READS settings.direct_reads
#define MEMBER(object, member) ((object)->member)

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 2 * EYE_BUFFER_SLOTS);
	__type(key, uint32_t);
	__type(value, struct eye_slot);
} og_slots SEC(".maps");

/* Numbers of the slots in use, in the order in which they were taken, so that only those are read. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 2 * EYE_BUFFER_SLOTS);
	__type(key, uint32_t);
	__type(value, uint64_t); /* an array's elements lie eight bytes apart at least */
} og_taken SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct eye_state);
} og_state SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct stamp);
} og_stamps SEC(".maps");

/* An AF_PACKET socket that sends. */
struct packet_sender {
	uint64_t seen;     /* frames that a device hook saw since the last send call ended */
	uint64_t told;     /* when user space was asked for a hook, CLOCK_MONOTONIC */
	uint32_t position; /* in the socket's ring */
	uint32_t reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct packet_sender);
} og_senders SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} og_words SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 18);
} og_sessions SEC(".maps");

static __always_inline struct eye_facts *begin_word(void)
{
	return bpf_ringbuf_reserve(&og_words, sizeof(struct eye_facts), 0);
}

static __always_inline void tell_word(void *context, struct eye_facts *word)
{
	bpf_ringbuf_submit(word, 0);
}

static __always_inline bool pass_session(void *context, const struct eye_session *session)
{
	return !bpf_ringbuf_output(&og_sessions, (void *)session, sizeof *session, BPF_RB_NO_WAKEUP);
}

static __always_inline void lost_facts(void)
{
	uint32_t zero = 0;
	struct eye_state *state = bpf_map_lookup_elem(&og_state, &zero);

	if (state)
		__sync_fetch_and_add(&state->lost_facts, 1);
}

static __always_inline void lost_session(void)
{
	uint32_t zero = 0;
	struct eye_state *state = bpf_map_lookup_elem(&og_state, &zero);

	if (state)
		__sync_fetch_and_add(&state->lost_sessions, 1);
}

static __always_inline uint32_t netns_of(struct sock *sk)
{
	return sk->__sk_common.skc_net.net->ns.inum;
}

static __always_inline uint16_t protocol_of(struct sock *sk)
{
	return sk->sk_protocol;
}

/* The stamp of a socket; made where there is none and it is wanted. */
static __always_inline struct stamp *stamp_of(void *sk, bool wanted)
{
	return bpf_sk_storage_get(&og_stamps, sk, NULL, wanted ? BPF_SK_STORAGE_GET_F_CREATE : 0);
}

#endif
