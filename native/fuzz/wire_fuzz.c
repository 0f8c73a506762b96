/*
 * What libFuzzer feeds to the packet path of the wire eye: frames one behind the other, each in a block of memory of just its size. In
 * front of each: which link type, how long it is, and whether its length on the wire is said to be another.
 */
#include <string.h>

#include "check/frames.h"

#define SLOTS 256
#define HEAD 3

static uint64_t sum_of(struct wire_state *state)
{
	uint64_t sum = state->other_packets;

	must(state->used <= state->room && state->samples <= WIRE_SAMPLES, "no more is in use than there is room for");
	for (uint32_t i = 0; i < state->used; i++)
		sum += flows(state)[i].packets;
	return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct wire_state *state;
	struct wire_batch batch;
	uint64_t before;

	if (!state) {
		state = memory(wire_state_bytes(SLOTS));
		must(wire_state_begin(state, wire_state_bytes(SLOTS), SLOTS), "a state");
	}
	before = state->counted;
	wire_batch_begin(&batch);
	for (int64_t at = 0; size >= HEAD; at++) {
		int link_type = link_types[data[0] % (sizeof link_types / sizeof *link_types)];
		uint32_t length = data[1];
		uint32_t original = data[2] ? data[2] * UINT32_C(0x01010101) : length;
		uint8_t *block;

		data += HEAD;
		size -= HEAD;
		if (length > size)
			length = (uint32_t)size;
		block = memory(length);
		memcpy(block, data, length);
		wire_count(state, &batch, block, length, original, link_type, at);
		free(block);
		data += length;
		size -= length;
	}
	wire_settle(state, &batch);
	must(sum_of(state) == state->counted - before, "the table adds up to what was counted");
	wire_table_clear(state);
	return 0;
}
