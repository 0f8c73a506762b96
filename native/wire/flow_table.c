/* The table of flows: org.outguard.flow.FlowTable says what it does and why. */
#include <string.h>

#include "wire.h"

#define V6_FLAG (UINT64_C(1) << 41)
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
	state.in_use_at = sizeof state;
	state.flows_at = align(state.in_use_at + state.room * sizeof(uint32_t));
	state.seldom_at = align(state.flows_at + slots * sizeof(struct wire_flow));
	state.fragments_at = align(state.seldom_at + slots * sizeof(struct wire_seldom));
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

static uint32_t *in_use(struct wire_state *state)
{
	return (uint32_t *)((char *)state + state->in_use_at);
}

/* Multiply and fold each part: cheap, and good enough that chosen addresses do not line up in one chain. */
static uint32_t hash(const struct wire_flow *key)
{
	uint64_t h = key->source_high * UINT64_C(0x9E3779B97F4A7C15);

	h = (h ^ key->source_low ^ h >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
	h = (h ^ key->remote_high ^ h >> 32) * UINT64_C(0x94D049BB133111EB);
	h = (h ^ key->remote_low ^ h >> 29) * UINT64_C(0x9E3779B97F4A7C15);
	h = (h ^ key->rest ^ h >> 32) * UINT64_C(0xBF58476D1CE4E5B9);
	return (uint32_t)(h ^ h >> 31);
}

static bool same(const struct wire_flow *a, const struct wire_flow *b)
{
	return a->rest == b->rest && a->remote_low == b->remote_low && a->remote_high == b->remote_high &&
	       a->source_low == b->source_low && a->source_high == b->source_high;
}

/* The slot of the key, or the free one where it would go: a fifth of them is always free. */
static uint32_t find(struct wire_state *state, const struct wire_flow *key)
{
	uint32_t mask = state->slots - 1;
	uint32_t slot = state->last;

	if (flows(state)[slot].packets != 0 && same(&flows(state)[slot], key))
		return slot;
	slot = hash(key) & mask;
	while (flows(state)[slot].packets != 0 && !same(&flows(state)[slot], key))
		slot = (slot + 1) & mask;
	return slot;
}

uint64_t wire_table_add(struct wire_state *state, const struct wire_packet *packet, int64_t at_nanos)
{
	struct wire_flow key = {
		.source_high = packet->source_high,
		.source_low = packet->source_low,
		.remote_high = packet->remote_high,
		.remote_low = packet->remote_low,
		.rest = (packet->v6 ? V6_FLAG : 0) | (uint64_t)packet->protocol << 32 |
			(uint64_t)packet->source_port << 16 | packet->remote_port,
	};
	uint32_t slot = find(state, &key);
	struct wire_flow *flow;

	if (flows(state)[slot].packets == 0 && state->used >= state->slots / 2) {
		key.source_high = 0;
		key.source_low = 0;
		key.rest &= ~SOURCE_PORT;
		slot = find(state, &key);
		if (flows(state)[slot].packets == 0 && state->used >= state->room) {
			state->other_packets++;
			state->other_bytes += (uint64_t)packet->bytes;
			return 0;
		}
	}
	flow = &flows(state)[slot];
	if (flow->packets == 0) {
		in_use(state)[state->used++] = slot;
		seldom(state)[slot] = (struct wire_seldom){ .first_nanos = at_nanos };
		*flow = key;
	}
	state->last = slot;
	flow->packets++;
	flow->bytes += (uint64_t)packet->bytes;
	flow->last_nanos = at_nanos;
	if (packet->connects)
		seldom(state)[slot].connects += packet->connects;
	return flow->packets;
}

void wire_table_clear(struct wire_state *state)
{
	for (uint32_t i = 0; i < state->used; i++)
		memset(&flows(state)[in_use(state)[i]], 0, sizeof(struct wire_flow));
	state->used = 0;
	state->samples = 0;
	state->other_packets = 0;
	state->other_bytes = 0;
}
