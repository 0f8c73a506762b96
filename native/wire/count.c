/* One frame: decoded, counted where it is watched, and kept as evidence where it is among the first of its flow. */
#include <limits.h>
#include <string.h>

#include "wire.h"

/* As in Watched.wants. */
static bool wants(const struct wire_packet *packet)
{
	switch (packet->protocol) {
	case WIRE_ICMP:
	case WIRE_UDP:
	case WIRE_ICMPV6:
	case WIRE_UDPLITE:
		return true;
	case WIRE_TCP:
		return packet->connects != 0 || packet->remote_port == 25 || packet->remote_port == 465 ||
		       packet->remote_port == 587;
	default:
		return !packet->transport_known;
	}
}

static void keep(struct wire_state *state, const struct wire_packet *packet, const uint8_t *frame, uint32_t captured,
		 uint32_t original, int64_t at_nanos)
{
	struct wire_sample *samples = (struct wire_sample *)((char *)state + state->samples_at);
	struct wire_sample *sample = &samples[state->samples++];

	sample->at_nanos = at_nanos;
	sample->remote_high = packet->remote_high;
	sample->remote_low = packet->remote_low;
	sample->captured = captured < WIRE_SAMPLE_BYTES ? captured : WIRE_SAMPLE_BYTES;
	sample->original = original;
	sample->remote_port = (uint16_t)packet->remote_port;
	sample->v6 = packet->v6;
	memcpy(sample->data, frame, sample->captured);
}

void wire_count(struct wire_state *state, const uint8_t *frame, uint32_t captured, uint32_t original, int link_type,
		int64_t at_nanos)
{
	/* No frame is that long; as in Java, what a broken driver says of the original is then taken from the captured. */
	int32_t length = captured > INT32_MAX ? INT32_MAX : (int32_t)captured;
	int32_t on_wire = (int32_t)original;
	struct wire_packet packet;
	uint64_t in_flow;

	state->packets++;
	switch (wire_decode(state, &packet, frame, length, on_wire, link_type, at_nanos)) {
	case WIRE_PACKET:
		break;
	case WIRE_NOT_IP:
		state->not_ip++;
		return;
	case WIRE_INBOUND:
		state->inbound++;
		return;
	default:
		state->malformed++;
		return;
	}
	if (!wants(&packet)) {
		state->unwatched++;
		return;
	}
	state->counted++;
	in_flow = wire_table_add(state, &packet, at_nanos);
	if (in_flow > 0 && in_flow <= WIRE_SAMPLES_OF_A_FLOW && state->samples < WIRE_SAMPLES)
		keep(state, &packet, frame, captured, original, at_nanos);
}
