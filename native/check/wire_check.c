/*
 * Tries the packet path of the wire eye on frames that are random, cut short or damaged, each in a block of memory of
 * just its size, so that the address sanitizer sees a read beyond it. What must hold in each round: every packet that
 * was counted is in the table or in its one sum, and nothing is larger than there is room for. And rows of frames that are
 * much alike are counted as if each had come alone.
 *
 * wire_check [seed]
 */
#include <string.h>

#include "check/frames.h"

/* Fewer where it runs under emulation. */
#ifndef ROUNDS
#define ROUNDS 3000000
#define ROWS 30000
#endif
#define DRAIN_EVERY 50000
#define ROW 80
/* Of an IPv4 datagram behind an Ethernet header. */
#define AT_LOW_LENGTH 17

static void check(struct wire_state *state, uint64_t counted)
{
	uint64_t sum = state->other_packets;

	if (state->used > state->room || state->samples > WIRE_SAMPLES)
		fail("no more is in use than there is room for");
	for (uint32_t i = 0; i < state->used; i++)
		sum += flows(state)[i].packets;
	if (sum != counted)
		fail("the table adds up to what was counted");
	wire_table_clear(state);
	for (uint32_t slot = 0; slot <= mask_of(state); slot++)
		if (slot_index(state)[slot] != 0)
			fail("the index is cleared");
}

static void run(struct wire_state *state)
{
	uint8_t frame[LONGEST];
	struct wire_batch batch;
	uint64_t drained = 0;

	wire_batch_begin(&batch);
	for (uint32_t round = 1; round <= ROUNDS; round++) {
		int link_type = link_types[below(sizeof link_types / sizeof *link_types)];
		uint32_t length = make(frame, link_type);
		uint32_t original = below(8) ? length : (uint32_t)draw();
		uint8_t *block = malloc(length ? length : 1);

		if (!block)
			fail("memory");
		memcpy(block, frame, length);
		wire_count(state, &batch, block, length, original, link_type, (int64_t)draw());
		free(block);
		if (round % DRAIN_EVERY == 0) {
			wire_settle(state, &batch);
			check(state, state->counted - drained);
			drained = state->counted;
			wire_batch_begin(&batch);
		}
	}
}

static void count_block(struct wire_state *state, struct wire_batch *batch, const uint8_t *frame, uint32_t length,
			uint32_t original, int64_t at)
{
	uint8_t *block = malloc(length ? length : 1);

	if (!block)
		abort();
	memcpy(block, frame, length);
	wire_count(state, batch, block, length, original, LINK_ETHERNET, at);
	free(block);
}

/* Flows, and evidence; what came first lies first. */
static bool same_counts(struct wire_state *a, struct wire_state *b)
{
	return memcmp(a, b, sizeof *a - sizeof a->last - sizeof a->reserved) == 0 &&
	       memcmp(flows(a), flows(b), a->used * sizeof(struct wire_flow)) == 0 &&
	       memcmp(seldom(a), seldom(b), a->used * sizeof(struct wire_seldom)) == 0 &&
	       memcmp((char *)a + a->samples_at, (char *)b + b->samples_at, a->samples * sizeof(struct wire_sample)) == 0;
}

/* One frame again and again, now and then with another byte, cut, or said to be of another length. */
static void row(struct wire_state *together, struct wire_state *alone, uint8_t *frame)
{
	uint32_t length = make(frame, LINK_ETHERNET);
	struct wire_batch batch, one;
	uint8_t as_it_was[AT_LOW_LENGTH + 1];

	wire_batch_begin(&batch);
	for (uint32_t i = 0; i < ROW; i++) {
		uint32_t captured = below(16) ? length : below(length + 1);
		uint32_t original = below(16) ? length : (uint32_t)(draw() >> (32 + below(32)));
		int64_t at = (int64_t)draw();

		if (i > WIRE_SAMPLES_OF_A_FLOW && length > 0 && below(3) == 0)
			frame[below(length < 60 ? length : 60)] ^= (uint8_t)(1 << below(8));
		/* Of a datagram, now and then, another length, which is that of the next one again. */
		memcpy(as_it_was, frame, sizeof as_it_was);
		if (below(8) == 0 && length >= sizeof as_it_was)
			frame[AT_LOW_LENGTH] = (uint8_t)below(48);
		count_block(together, &batch, frame, captured, original, at);
		wire_batch_begin(&one);
		count_block(alone, &one, frame, captured, original, at);
		wire_settle(alone, &one);
		memcpy(frame, as_it_was, sizeof as_it_was);
	}
	wire_settle(together, &batch);
}

static void compare_rows(struct wire_state *together, struct wire_state *alone)
{
	uint8_t frame[LONGEST];

	for (uint32_t i = 0; i < ROWS; i++) {
		row(together, alone, frame);
		if (!same_counts(together, alone))
			fail("frames are counted together as alone");
		wire_table_clear(together);
		wire_table_clear(alone);
	}
}

static struct wire_state *make_state(uint32_t slots)
{
	struct wire_state *state = calloc(1, wire_state_bytes(slots));

	if (!state || !wire_state_begin(state, wire_state_bytes(slots), slots))
		fail("a state");
	return state;
}

int main(int argc, char **argv)
{
	struct wire_state *state, *alone;

	begin_check("wire_check", argc, argv);
	if (wire_state_bytes(17) || wire_state_bytes(8) || wire_state_bytes(UINT32_C(1) << 27))
		fail("a senseless number of slots is refused");
	state = make_state(4096);
	run(state);
	printf("wire_check: %" PRIu64 " frames: %" PRIu64 " counted, %" PRIu64 " unwatched, %" PRIu64 " inbound, %" PRIu64
	       " not IP, %" PRIu64 " malformed\n",
	       state->packets, state->counted, state->unwatched, state->inbound, state->not_ip, state->malformed);
	free(state);
	state = make_state(256);
	alone = make_state(256);
	compare_rows(state, alone);
	free(state);
	free(alone);
	return 0;
}
