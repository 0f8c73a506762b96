/* Takes what the programs counted. */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "parts.h"

static int64_t nanos(clockid_t clock)
{
	struct timespec time = { 0 };

	clock_gettime(clock, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* Slots in use at one drain, from which on mapping them anew for each is a waste. */
#define MANY_SLOTS 1024

/* Up to so many are asked for one by one: three calls for each cost less than mapping five megabytes. */
#define FEW_SLOTS 64

uint64_t eye_tick_nanos(void)
{
	struct timespec tick = { 0 };

	/* Of this clock the resolution is the tick (clock_getres(2)). */
	clock_getres(CLOCK_MONOTONIC_COARSE, &tick);
	return (uint64_t)tick.tv_nsec;
}

/* The time of a tick, which is not before `least` and not after now. */
static uint64_t time_of(uint64_t tick, uint64_t zero, uint64_t tick_nanos, uint64_t least, uint64_t now)
{
	uint64_t time = zero + tick * tick_nanos;

	time = time < now ? time : now;
	return time > least ? time : least;
}

/* An element of an array is always there, so these calls do not fail. */
static uint64_t number_at(struct eye *eye, uint32_t at)
{
	uint64_t number = UINT64_MAX;

	if (eye->taken)
		return eye->taken[at];
	bpf_map_lookup_elem(eye->taken_map, &at, &number);
	return number;
}

static bool take_slot(struct eye *eye, uint32_t number, struct eye_slot *to)
{
	static const struct eye_slot empty;

	if (eye->slots) {
		*to = eye->slots[number];
		eye->slots[number] = empty;
		return true;
	}
	return bpf_map_lookup_elem(eye->slots_map, &number, to) == 0 &&
	       bpf_map_update_elem(eye->slots_map, &number, &empty, BPF_ANY) == 0;
}

/* Copies and frees the slots of one part of a buffer. */
static void take_slots(struct eye *eye, uint32_t first, uint64_t used, uint32_t room, struct eye_drain *head,
		       struct eye_slot *to)
{
	uint64_t zero = eye->state->buffer[first / EYE_BUFFER_SLOTS].tick_zero;
	uint64_t now = (uint64_t)nanos(CLOCK_MONOTONIC), tick_nanos = eye_tick_nanos();

	if (used > room)
		used = room;
	for (uint32_t i = 0; i < used; i++) {
		struct eye_slot *slot = &to[head->slots];
		uint64_t number = number_at(eye, first + i);

		if (number < first || number >= first + room || !take_slot(eye, (uint32_t)number, slot))
			continue;
		head->packets += slot->packets;
		head->bytes += slot->bytes;
		slot->last = time_of(slot->last, zero, tick_nanos, slot->first, now);
		head->slots++;
	}
}

int eye_drain(struct eye *eye, void *to, size_t size)
{
	struct eye_drain *head = to;
	uint32_t zero = 0, full;
	struct eye_buffer *buffer;
	int error;

	if (size < EYE_DRAIN_BYTES)
		return EINVAL;
	eye_tend_queues(eye);
	memset(head, 0, sizeof *head);
	head->begun = (uint64_t)nanos(CLOCK_MONOTONIC);
	head->wall_offset = nanos(CLOCK_REALTIME) - nanos(CLOCK_MONOTONIC);
	head->hertz = (uint64_t)sysconf(_SC_CLK_TCK);
	head->nested = eye->nested;
	if (eye->plain)
		return plain_drain(eye, head);
	full = eye->state->active & 1;
	buffer = &eye->state->buffer[full];
	head->lost_facts = eye->state->lost_facts;
	head->lost_sessions = eye->state->lost_sessions;
	atomic_store((_Atomic uint32_t *)&eye->state->active, 1 - full);
	/* Returns when every program that may have seen the old number has ended (kernel/bpf/syscall.c). */
	if (bpf_map_update_elem(eye->barrier, &zero, &eye->barrier_inner, BPF_ANY))
		return errno;
	/* What cannot be read now stays where it is until this buffer's turn comes again. */
	error = buffer->flows + buffer->others > FEW_SLOTS ? eye_map_counts(eye) : 0;
	if (error)
		return error;
	take_slots(eye, full * EYE_BUFFER_SLOTS, buffer->flows, EYE_FLOW_SLOTS, head, (struct eye_slot *)(head + 1));
	take_slots(eye, full * EYE_BUFFER_SLOTS + EYE_FLOW_SLOTS, buffer->others, EYE_OTHER_SLOTS, head,
		   (struct eye_slot *)(head + 1));
	head->unowned_packets = buffer->unowned_packets;
	head->unowned_bytes = buffer->unowned_bytes;
	head->packets += head->unowned_packets;
	head->bytes += head->unowned_bytes;
	if (buffer->flows + buffer->others < MANY_SLOTS)
		eye_unmap_counts(eye);
	memset(buffer, 0, sizeof *buffer);
	return 0;
}

uint32_t eye_number_here(struct eye *eye, const struct eye_id *id)
{
	struct eye_lineage lineage;

	if (!eye->nested)
		return id->tgid;
	return eye_lineage(eye, id, &lineage) ? lineage.number : 0;
}

/* Of the ring buffer, for each word in it; less than 0 stops it behind this one. */
int eye_take_word(void *context, void *data, size_t size)
{
	struct eye *eye = context;
	const struct eye_facts *word = data;

	if (size < sizeof *word)
		return 0;
	if (word->word == EYE_PACKET_SENDER)
		eye_hook_devices(eye, eye_number_here(eye, &word->self), word->lineage.netns);
	else if (word->word == EYE_FACTS)
		eye->facts[eye->facts_count++] = *word;
	return eye->facts_count == eye->facts_room ? -1 : 0;
}

size_t eye_facts(struct eye *eye, struct eye_facts *to, size_t room)
{
	if (!room)
		return 0;
	eye->facts = to;
	eye->facts_room = room;
	eye->facts_count = 0;
	if (eye->plain)
		plain_take_words(eye);
	while (eye->facts_count < room && eye->present_taken < eye->present_count)
		to[eye->facts_count++] = eye->present[eye->present_taken++];
	if (eye->facts_count == room)
		return room;
	free(eye->present);
	eye->present = NULL;
	eye->present_taken = eye->present_count = eye->present_room = 0;
	if (!eye->plain)
		ring_buffer__consume(eye->words);
	return eye->facts_count;
}

bool eye_lineage(struct eye *eye, const struct eye_id *id, struct eye_lineage *to)
{
	return !bpf_map_lookup_elem(eye->processes, id, to);
}

int eye_take_session(void *context, void *data, size_t size)
{
	struct eye *eye = context;

	if (size < sizeof *eye->told)
		return 0;
	memcpy(&eye->told[eye->told_count++], data, sizeof *eye->told);
	return eye->told_count == eye->told_room ? -1 : 0;
}

size_t eye_sessions(struct eye *eye, struct eye_session *to, size_t room)
{
	if (!room)
		return 0;
	if (eye->plain)
		return plain_sessions(eye, to, room);
	eye->told = to;
	eye->told_room = room;
	eye->told_count = 0;
	ring_buffer__consume(eye->sessions);
	return eye->told_count;
}
