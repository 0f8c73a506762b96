/* The tables of sums. Every packet is added to exactly one slot, or to the buffer's unowned sum. */
#ifndef OUTGUARD_COUNT_H
#define OUTGUARD_COUNT_H

#include "packet.h"

#define FREE 0
#define BEING_FILLED 1

/* Filling stops here: a fuller table would be searched in vain for every packet of a new flow. */
#define MOST_FLOWS (EYE_FLOW_SLOTS / 4 * 3)
#define MOST_OTHERS (EYE_OTHER_SLOTS / 4 * 3)

/*
 * Multilinear: with random odd factors, no more than chance brings two keys together in the upper half. Neighbouring
 * addresses would still lie in a row, which some factors fold onto a few places: the second round breaks the row up.
 */
static __always_inline uint64_t hash_of(const struct eye_key *key)
{
	const uint64_t *word = (const uint64_t *)key;
	uint64_t hash = settings.factor[0];

	hash += word[0] * settings.factor[1];
	hash += word[1] * settings.factor[2];
	hash += word[2] * settings.factor[3];
	hash += word[3] * settings.factor[4];
	hash += word[4] * settings.factor[5];
	hash += word[5] * settings.factor[6];
	hash ^= hash >> 32;
	hash *= settings.factor[7];
	hash ^= hash >> 32;
	hash *= settings.factor[7];
	return hash;
}

static __always_inline bool same(const struct eye_key *a, const struct eye_key *b)
{
	const uint64_t *x = (const uint64_t *)a, *y = (const uint64_t *)b;

	return x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3] && x[4] == y[4] && x[5] == y[5];
}

static __always_inline void add(struct eye_slot *slot, const struct amount *amount)
{
	/* Programs interrupt each other, also on one CPU: a plain addition could lose one. */
	__sync_fetch_and_add(&slot->packets, amount->packets);
	__sync_fetch_and_add(&slot->bytes, amount->bytes);
	if (amount->connects)
		__sync_fetch_and_add(&slot->connects, amount->connects);
	slot->last = amount->tick;
}

/* Where the search for a key begins. It differs from CPU to CPU, so that they do not fight over one cache line. */
static __always_inline uint32_t place_for(uint64_t hash)
{
	return (uint32_t)(hash >> 40) + bpf_get_smp_processor_id() * 61;
}

/* From one place to the next; odd, so that it comes to all of them. By one step for all keys, full places cluster. */
static __always_inline uint32_t step_for(uint64_t hash)
{
	return (uint32_t)(hash >> 24) | 1;
}

static __always_inline uint64_t tag_of(uint64_t hash)
{
	return hash | 2; /* neither free nor being filled */
}

static __always_inline void fill(struct eye_slot *slot, struct eye_buffer *buffer, const struct eye_key *key,
				 const struct amount *amount)
{
	uint64_t now = bpf_ktime_get_ns();

	slot->key = *key;
	slot->first = now;
	buffer->tick_zero = now - amount->tick * settings.tick_nanos;
	slot->second_start = amount->second_start;
	slot->second_uid = amount->second_uid;
	slot->local_port = amount->local_port;
	__builtin_memcpy(slot->local, amount->local, sizeof slot->local);
}

/*
 * Adds to the slot of a key, taking a free one for it if need be. A key may have several; whoever reads them adds up.
 * Returns 0 where there was no room, 1 where the slot was there, 2 where it was taken.
 */
static __always_inline int add_to(uint32_t first, uint32_t mask, struct eye_buffer *buffer, uint64_t *used,
				  uint32_t most, const struct eye_key *key, const struct amount *amount)
{
	uint64_t hash = hash_of(key), tag = tag_of(hash);
	uint32_t at = place_for(hash), step = step_for(hash);
	int i;

	for (i = 0; i < EYE_PROBES; i++, at += step) {
		uint32_t number = first + (at & mask);
		struct eye_slot *slot = bpf_map_lookup_elem(&og_slots, &number);
		uint64_t found;

		if (!slot)
			return 0;
		found = *(volatile uint64_t *)&slot->tag;
		if (found == tag && same(&slot->key, key)) {
			add(slot, amount);
			return 1;
		}
		if (found != FREE)
			continue;
		if (*(volatile uint64_t *)used >= most)
			return 0;
		if (__sync_val_compare_and_swap(&slot->tag, FREE, BEING_FILLED) == FREE) {
			uint32_t place = first + ((uint32_t)__sync_fetch_and_add(used, 1) & mask);
			uint64_t *taken = bpf_map_lookup_elem(&og_taken, &place);

			if (taken)
				*taken = number;
			fill(slot, buffer, key, amount);
			add(slot, amount);
			__sync_lock_test_and_set(&slot->tag, tag);
			return 2;
		}
	}
	return 0;
}

/*
 * Counts a packet; returns whether its slot is new, so that its sender may be new, too. Global, so that the verifier
 * looks into it once and not for each way that leads here.
 */
__noinline int og_count(struct eye_key *key, const struct amount *amount)
{
	uint32_t zero = 0, active, first;
	struct eye_state *state = bpf_map_lookup_elem(&og_state, &zero);
	struct eye_buffer *buffer;
	int added;

	if (!state || !key || !amount)
		return false;
	active = *(volatile uint32_t *)&state->active & 1;
	buffer = &state->buffer[active];
	first = active * EYE_BUFFER_SLOTS;
	added = add_to(first, EYE_FLOW_SLOTS - 1, buffer, &buffer->flows, MOST_FLOWS, key, amount);
	if (added)
		return added == 2;
	__builtin_memset(key->remote, 0, sizeof key->remote);
	key->port = 0;
	key->ifindex = 0;
	if (key->kind != EYE_KERNEL)
		key->kind = EYE_OTHER;
	added = add_to(first + EYE_FLOW_SLOTS, EYE_OTHER_SLOTS - 1, buffer, &buffer->others, MOST_OTHERS, key,
		       amount);
	if (added)
		return added == 2;
	__sync_fetch_and_add(&buffer->unowned_packets, amount->packets);
	__sync_fetch_and_add(&buffer->unowned_bytes, amount->bytes);
	return false;
}

/*
 * The same, without a call where the slot is there and is the first one that is looked at, as it is for nearly every
 * packet of a flood: a call costs as much as the addition.
 */
static __always_inline bool count(struct eye_key *key, const struct amount *amount)
{
	uint32_t zero = 0, number;
	struct eye_state *state = bpf_map_lookup_elem(&og_state, &zero);
	uint64_t hash = hash_of(key);
	struct eye_slot *slot;

	if (!state)
		return false;
	number = (*(volatile uint32_t *)&state->active & 1) * EYE_BUFFER_SLOTS +
		 (place_for(hash) & (EYE_FLOW_SLOTS - 1));
	slot = bpf_map_lookup_elem(&og_slots, &number);
	if (slot && *(volatile uint64_t *)&slot->tag == tag_of(hash) && same(&slot->key, key)) {
		add(slot, amount);
		return false;
	}
	return og_count(key, amount);
}

#endif
