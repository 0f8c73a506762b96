/*
 * The table of flows: org.outguard.flow.FlowTable says what it does and why.
 *
 * The flows lie one behind the other, so that few of them take little memory and a drain reads what it needs. Where one
 * is says an index of two times 4 bytes for each slot of the table: the bits of the hash that did not choose the entry, and
 * below them the place. It is a sixth of the flows, stays in the processor's cache, and settles nearly always by itself
 * that a flow is not there, which of a full table is the common question.
 */
#include <string.h>

#include "path.h"

#define SOURCE_PORT UINT64_C(0xffff0000)
#define FULL_PER_MILLE 800
#define MOST_SLOTS (UINT32_C(1) << 26)

static uint64_t align(uint64_t offset)
{
	return (offset + 63) & ~UINT64_C(63);
}

static struct wire_state layout(uint32_t slots)
{
	struct wire_state state = { .slots = slots };

	state.room = (uint32_t)((uint64_t)slots * FULL_PER_MILLE / 1000);
	state.index_at = sizeof state;
	state.flows_at = align(state.index_at + 2 * slots * sizeof(uint32_t));
	state.seldom_at = align(state.flows_at + state.room * sizeof(struct wire_flow));
	state.fragments_at = align(state.seldom_at + state.room * sizeof(struct wire_seldom));
	state.samples_at = align(state.fragments_at + WIRE_FRAGMENTS * sizeof(struct wire_fragment));
	state.bytes = state.samples_at + WIRE_SAMPLES * sizeof(struct wire_sample);
	return state;
}

uint64_t wire_state_bytes(uint32_t slots)
{
	if (slots < 16 || slots > MOST_SLOTS || (slots & (slots - 1)))
		return 0;
	return layout(slots).bytes;
}

bool wire_state_begin(struct wire_state *state, uint64_t bytes, uint32_t slots)
{
	uint64_t needed = wire_state_bytes(slots);

	if (needed == 0 || bytes < needed)
		return false;
	*state = layout(slots);
	return true;
}

static struct wire_flow *flows(struct wire_state *state)
{
	return (struct wire_flow *)((char *)state + state->flows_at);
}

static struct wire_seldom *seldom(struct wire_state *state)
{
	return (struct wire_seldom *)((char *)state + state->seldom_at);
}

/* Twice as many entries as the table has slots: where few of them are taken, a search is short. */
static uint32_t mask_of(const struct wire_state *state)
{
	return 2 * state->slots - 1;
}

/* 0 where it is free; else the hash, its lower bits replaced by the place and 1. */
static uint32_t *slot_index(struct wire_state *state)
{
	return (uint32_t *)((char *)state + state->index_at);
}

/*
 * Multiply and fold each part: cheap, and good enough that chosen addresses do not line up in one chain. The two addresses
 * do not wait for each other.
 */
static uint32_t hash(const struct wire_flow *key)
{
	uint64_t source = (key->source_high * UINT64_C(0x9E3779B97F4A7C15) ^ key->source_low) * UINT64_C(0xBF58476D1CE4E5B9);
	uint64_t remote = (key->remote_high * UINT64_C(0x94D049BB133111EB) ^ key->remote_low) * UINT64_C(0x9E3779B97F4A7C15);
	uint64_t h = (source ^ source >> 29 ^ wire_rotate(remote, 32) ^ key->rest) * UINT64_C(0xD6E8FEB86659FD93);

	return (uint32_t)(h ^ h >> 31);
}

static bool same(const struct wire_flow *a, const struct wire_flow *b)
{
	return a->rest == b->rest && a->remote_low == b->remote_low && a->remote_high == b->remote_high &&
	       a->source_low == b->source_low && a->source_high == b->source_high;
}

/* From a slot on, the first that is free or whose flow may be the one with this hash: a fifth of them is always free. */
static uint32_t candidate(struct wire_state *state, uint32_t hash, uint32_t slot)
{
	const uint32_t *index = slot_index(state);
	uint32_t mask = mask_of(state);

	while (index[slot] != 0 && (index[slot] ^ hash) > mask)
		slot = (slot + 1) & mask;
	return slot;
}

/* The slot of the key, or the free one where it would go; before `slot`, which is a candidate, it is not. */
static uint32_t find(struct wire_state *state, const struct wire_flow *key, uint32_t hash, uint32_t slot)
{
	const uint32_t *index = slot_index(state);
	uint32_t mask = mask_of(state);

	while (index[slot] != 0 && !same(&flows(state)[(index[slot] & mask) - 1], key))
		slot = candidate(state, hash, (slot + 1) & mask);
	return slot;
}

static uint64_t wire_table_add_at(struct wire_state *state, uint32_t place, uint64_t bytes, int64_t at_nanos)
{
	struct wire_flow *flow = &flows(state)[place];

	flow->packets++;
	flow->bytes += bytes;
	flow->last_nanos = at_nanos;
	return flow->packets;
}

static uint64_t count(struct wire_state *state, uint32_t place, const struct wire_packet *packet)
{
	if (packet->connects)
		seldom(state)[place].connects += packet->connects;
	state->last = place + 1;
	return wire_table_add_at(state, place, packet->flow.bytes, packet->flow.last_nanos);
}

static uint64_t begin_flow(struct wire_state *state, uint32_t slot, uint32_t hash, const struct wire_flow *first,
			   uint32_t connects)
{
	uint32_t place = state->used++;

	slot_index(state)[slot] = (hash & ~mask_of(state)) | (place + 1);
	flows(state)[place] = *first;
	seldom(state)[place] = (struct wire_seldom){ .first_nanos = first->last_nanos, .connects = connects };
	state->last = place + 1;
	return 1;
}

static void wire_table_arrive(struct wire_packet *packet, int64_t at_nanos)
{
	packet->flow.rest = (packet->v6 ? WIRE_V6 : 0) | (uint64_t)packet->protocol << 32 |
			    (uint64_t)packet->source_port << 16 | packet->remote_port;
	packet->flow.packets = 1;
	packet->flow.last_nanos = at_nanos;
}

static uint64_t wire_table_add_again(struct wire_state *state, const struct wire_packet *packet)
{
	if (state->last == 0 || !same(&flows(state)[state->last - 1], &packet->flow))
		return 0;
	return count(state, state->last - 1, packet);
}

static void wire_table_fetch_index(struct wire_state *state, struct wire_arrival *arrival)
{
	arrival->hash = hash(&arrival->packet.flow);
	arrival->slot = arrival->hash & mask_of(state);
	__builtin_prefetch(&slot_index(state)[arrival->slot]);
}

static void wire_table_fetch_flow(struct wire_state *state, struct wire_arrival *arrival)
{
	uint32_t mask = mask_of(state);
	uint32_t entry;

	arrival->slot = candidate(state, arrival->hash, arrival->slot);
	entry = slot_index(state)[arrival->slot];
	if (entry != 0)
		__builtin_prefetch(&flows(state)[(entry & mask) - 1], 1);
}

static uint64_t wire_table_add(struct wire_state *state, const struct wire_arrival *arrival)
{
	const uint32_t *index = slot_index(state);
	uint32_t mask = mask_of(state);
	uint32_t slot = find(state, &arrival->packet.flow, arrival->hash, arrival->slot);
	struct wire_flow merged;
	uint32_t merged_hash;

	if (index[slot] != 0)
		return count(state, (index[slot] & mask) - 1, &arrival->packet);
	if (state->used < state->slots / 2)
		return begin_flow(state, slot, arrival->hash, &arrival->packet.flow, arrival->packet.connects);
	merged = arrival->packet.flow;
	merged.source_high = 0;
	merged.source_low = 0;
	merged.rest &= ~SOURCE_PORT;
	merged_hash = hash(&merged);
	slot = find(state, &merged, merged_hash, candidate(state, merged_hash, merged_hash & mask));
	if (index[slot] != 0)
		return count(state, (index[slot] & mask) - 1, &arrival->packet);
	if (state->used < state->room)
		return begin_flow(state, slot, merged_hash, &merged, arrival->packet.connects);
	state->other_packets++;
	state->other_bytes += merged.bytes;
	return 0;
}

void wire_table_clear(struct wire_state *state)
{
	if (state->used != 0)
		memset(slot_index(state), 0, 2 * state->slots * sizeof(uint32_t));
	state->used = 0;
	state->last = 0;
	state->samples = 0;
	state->other_packets = 0;
	state->other_bytes = 0;
}
