/* Ports of first fragments: org.outguard.capture.decode.FragmentTable says what it does and why. */
#include "path.h"

#define LIFE_NANOS INT64_C(30000000000)
#define USED (UINT64_C(1) << 40)

static uint64_t id_and_protocol(uint32_t id, uint32_t protocol)
{
	return (uint64_t)id << 8 | protocol;
}

static uint64_t place(const struct wire_packet *packet, uint64_t id)
{
	uint64_t h = packet->flow.source_high ^ wire_rotate(packet->flow.source_low, 17) ^ wire_rotate(packet->flow.remote_high, 31) ^
		     wire_rotate(packet->flow.remote_low, 47);

	h *= UINT64_C(0x9E3779B97F4A7C15);
	h = (h ^ h >> 29 ^ id) * UINT64_C(0xBF58476D1CE4E5B9);
	return h >> 33 & (WIRE_FRAGMENTS - 1);
}

static struct wire_fragment *fragments(const struct wire_state *state)
{
	return (struct wire_fragment *)((char *)state + state->fragments_at);
}

static void wire_fragments_put(struct wire_state *state, const struct wire_packet *packet, uint32_t id,
			       uint32_t ip_protocol, int64_t at_nanos)
{
	uint64_t key = id_and_protocol(id, ip_protocol);

	fragments(state)[place(packet, key)] = (struct wire_fragment){
		.source_high = packet->flow.source_high,
		.source_low = packet->flow.source_low,
		.remote_high = packet->flow.remote_high,
		.remote_low = packet->flow.remote_low,
		.id_and_protocol = key,
		.ports = USED | (uint64_t)packet->source_port << 16 | packet->remote_port,
		.at_nanos = at_nanos,
	};
}

/* Times of a capture may be anything: the difference is taken without a sign, where it may wrap. */
static bool young(int64_t now, int64_t then)
{
	uint64_t age = (uint64_t)now - (uint64_t)then;

	if (age >> 63)
		age = 0 - age;
	return (int64_t)age <= LIFE_NANOS;
}

static void wire_fragments_find(const struct wire_state *state, struct wire_packet *packet, uint32_t id,
				uint32_t ip_protocol, int64_t at_nanos)
{
	uint64_t key = id_and_protocol(id, ip_protocol);
	const struct wire_fragment *first = &fragments(state)[place(packet, key)];

	if (first->ports != 0 && first->id_and_protocol == key && first->remote_low == packet->flow.remote_low &&
	    first->remote_high == packet->flow.remote_high && first->source_low == packet->flow.source_low &&
	    first->source_high == packet->flow.source_high && young(at_nanos, first->at_nanos)) {
		packet->source_port = first->ports >> 16 & 0xffff;
		packet->remote_port = first->ports & 0xffff;
	}
}
