/* One frame: decoded, counted where it is watched, and kept as evidence where it is among the first of its flow. */
#include <limits.h>
#include <string.h>

#include "path.h"

/* As in Watched.wants. */
static bool wants(const struct wire_packet *packet)
{
	switch (packet->protocol) {
	case WIRE_TCP:
		return packet->connects != 0 || packet->remote_port == 25 || packet->remote_port == 465 ||
		       packet->remote_port == 587;
	default:
		return true;
	}
}

static void keep(struct wire_state *state, const struct wire_arrival *arrival, const uint8_t *frame, uint32_t captured)
{
	struct wire_sample *samples = (struct wire_sample *)((char *)state + state->samples_at);
	struct wire_sample *sample = &samples[state->samples++];

	sample->at_nanos = arrival->packet.flow.last_nanos;
	sample->remote_high = arrival->packet.flow.remote_high;
	sample->remote_low = arrival->packet.flow.remote_low;
	sample->captured = captured;
	sample->original = arrival->original;
	sample->remote_port = (uint16_t)arrival->packet.flow.rest;
	sample->v6 = wire_is_v6(&arrival->packet.flow);
	memcpy(sample->data, frame, captured);
}

static bool is_evidence(const struct wire_state *state, uint64_t in_flow)
{
	return in_flow > 0 && in_flow <= WIRE_SAMPLES_OF_A_FLOW && state->samples < WIRE_SAMPLES;
}

void wire_settle(struct wire_state *state, struct wire_batch *batch)
{
	for (uint32_t i = 0; i < batch->waiting; i++)
		wire_table_fetch_flow(state, &batch->arrivals[i]);
	for (uint32_t i = 0; i < batch->waiting; i++) {
		struct wire_arrival *arrival = &batch->arrivals[i];

		if (is_evidence(state, wire_table_add(state, arrival)))
			keep(state, arrival, arrival->frame, arrival->captured);
	}
	batch->waiting = 0;
}

void wire_batch_begin(struct wire_batch *batch)
{
	batch->waiting = 0;
	batch->alike.header = NULL;
}

/* The packet was read into the next place. */
static void take(struct wire_state *state, struct wire_batch *batch, const uint8_t *frame, uint32_t captured,
		 uint32_t original, int link_type)
{
	struct wire_arrival *arrival = &batch->arrivals[batch->waiting];
	uint32_t head = captured < WIRE_SAMPLE_BYTES ? captured : WIRE_SAMPLE_BYTES;
	uint64_t in_flow;

	arrival->original = original;
	/* A flood of one flow need not wait, but never overtakes what does. */
	in_flow = batch->waiting == 0 ? wire_table_add_again(state, &arrival->packet) : 0;
	if (in_flow > 0) {
		if (is_evidence(state, in_flow))
			keep(state, arrival, frame, head);
		else if (link_type == LINK_ETHERNET && in_flow > WIRE_SAMPLES_OF_A_FLOW)
			wire_alike_learn(&batch->alike, state->last - 1, frame, captured, original);
		return;
	}
	wire_table_fetch_index(state, arrival);
	/* As many as there are never become fewer before the next drain. */
	arrival->captured = state->samples < WIRE_SAMPLES ? head : 0;
	if (arrival->captured)
		memcpy(arrival->frame, frame, arrival->captured);
	if (++batch->waiting == WIRE_BATCH)
		wire_settle(state, batch);
}

void wire_count(struct wire_state *state, struct wire_batch *batch, const uint8_t *frame, uint32_t captured,
		uint32_t original, int link_type, int64_t at_nanos)
{
	/* No frame is that long; as in Java, what a broken driver says of the original is then taken from the captured. */
	int32_t length = captured > INT32_MAX ? INT32_MAX : (int32_t)captured;
	int32_t on_wire = (int32_t)original;
	struct wire_packet *packet = &batch->arrivals[batch->waiting].packet;
	uint32_t alike;

	state->packets++;
	alike = batch->waiting == 0 && link_type == LINK_ETHERNET
			? wire_alike_bytes(&batch->alike, frame, captured, original)
			: 0;
	if (alike > 0) {
		state->counted++;
		wire_table_add_at(state, batch->alike.place, alike, at_nanos);
		return;
	}
	switch (wire_decode(state, packet, frame, length, on_wire, link_type, at_nanos)) {
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
	if (!wants(packet)) {
		state->unwatched++;
		return;
	}
	state->counted++;
	wire_table_arrive(packet, at_nanos);
	take(state, batch, frame, captured, original, link_type);
}
