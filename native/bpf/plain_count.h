/* The tables of sums for kernels before 5.12. Every packet is added to exactly one sum, or to the buffer's unowned one. */
#ifndef OUTGUARD_PLAIN_COUNT_H
#define OUTGUARD_PLAIN_COUNT_H

#include "packet.h"

/* Adds to the sum of a key. Returns 0 where there was no room, 1 where the sum was there, 2 where it is new. */
static __noinline int add_to(void *sums, const struct eye_key *key, const struct amount *amount)
{
	struct eye_sum *sum = bpf_map_lookup_elem(sums, key);
	int added = 1;

	if (!sum) {
		struct eye_sum fresh = {};

		fresh.first = fresh.last = amount->tick;
		fresh.second_start = amount->second_start;
		fresh.second_uid = amount->second_uid;
		fresh.local_port = amount->local_port;
		__builtin_memcpy(fresh.local, amount->local, sizeof fresh.local);
		/* Fails where another has just put it there, which is as good, or where it is full. */
		if (!bpf_map_update_elem(sums, key, &fresh, BPF_NOEXIST))
			added = 2;
		sum = bpf_map_lookup_elem(sums, key);
		if (!sum)
			return 0;
	}
	__sync_fetch_and_add(&sum->packets, amount->packets);
	__sync_fetch_and_add(&sum->bytes, amount->bytes);
	if (amount->connects)
		__sync_fetch_and_add(&sum->connects, amount->connects);
	sum->last = amount->tick;
	return added;
}

/* Counts a packet; returns whether its sum is new, so that its sender may be new, too. */
static __noinline bool count(struct eye_key *key, const struct amount *amount)
{
	uint32_t zero = 0, active;
	uint32_t *written = bpf_map_lookup_elem(&og_active, &zero);
	struct eye_buffer *buffer;
	int added;

	if (!written)
		return false;
	active = *(volatile uint32_t *)written & 1;
	added = active ? add_to(&og_flows_1, key, amount) : add_to(&og_flows_0, key, amount);
	if (added)
		return added == 2;
	__builtin_memset(key->remote, 0, sizeof key->remote);
	key->port = 0;
	key->ifindex = 0;
	if (key->kind != EYE_KERNEL)
		key->kind = EYE_OTHER;
	added = active ? add_to(&og_others_1, key, amount) : add_to(&og_others_0, key, amount);
	if (added)
		return added == 2;
	buffer = bpf_map_lookup_elem(&og_unowned, &active);
	if (buffer) {
		__sync_fetch_and_add(&buffer->unowned_packets, amount->packets);
		__sync_fetch_and_add(&buffer->unowned_bytes, amount->bytes);
	}
	return false;
}

#endif
