/* What bpf/plain_eye.bpf.c needs of user space: its tables are read by calls, and its words come by perf buffers. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parts.h"

#define AT_ONCE 512
#define MOST_WORD_BYTES (8UL << 20) /* of all CPUs together */
#define MOST_PAGES 128

struct batch {
	struct eye_key keys[AT_ONCE];
	struct eye_sum sums[AT_ONCE];
};

static int map_named(const struct eye *eye, const char *name)
{
	return bpf_object__find_map_fd_by_name(eye->object, name);
}

/* Of the perf buffers, for each word in them. */
static void take_word(void *context, int cpu, void *data, uint32_t size)
{
	struct eye *eye = context;
	struct plain *old = &eye->old;

	(void)cpu;
	if (size >= sizeof *eye->present) {
		if (eye->present_count < MAX_PRESENT && !eye_grow_present(eye))
			memcpy(&eye->present[eye->present_count++], data, sizeof *eye->present);
		else
			old->lost_words++;
	} else if (size >= sizeof *old->sessions) {
		if (old->session_count < MAX_SESSIONS)
			memcpy(&old->sessions[old->session_count++], data, sizeof *old->sessions);
		else
			old->lost_words++;
	}
}

static void lose_words(void *context, int cpu, __u64 count)
{
	struct eye *eye = context;

	(void)cpu;
	eye->old.lost_words += count;
}

/* A power of two for each CPU. */
static size_t pages_for(long cpus)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), pages = MOST_PAGES;

	while (pages > 4 && pages * page * (size_t)cpus > MOST_WORD_BYTES)
		pages /= 2;
	return pages;
}

int plain_make_tables(struct eye *eye)
{
	struct plain *old = &eye->old;
	int cpus = libbpf_num_possible_cpus(), words = map_named(eye, "og_words");

	old->active_map = map_named(eye, "og_active");
	old->unowned_map = map_named(eye, "og_unowned");
	old->lost_map = map_named(eye, "og_lost");
	old->given_back_map = map_named(eye, ".data.queues");
	old->flows[0] = map_named(eye, "og_flows_0");
	old->flows[1] = map_named(eye, "og_flows_1");
	old->others[0] = map_named(eye, "og_others_0");
	old->others[1] = map_named(eye, "og_others_1");
	old->sessions = calloc(MAX_SESSIONS, sizeof *old->sessions);
	if (!old->sessions)
		return -ENOMEM;
	old->words = perf_buffer__new(words, pages_for(cpus > 0 ? cpus : 1), take_word, lose_words, eye, NULL);
	return old->words ? 0 : -errno;
}

static void hand_over(const struct eye_key *key, const struct eye_sum *sum, struct eye_drain *head)
{
	struct eye_slot *slot = (struct eye_slot *)(head + 1) + head->slots++;

	*slot = (struct eye_slot){
		.key = *key,
		.local_port = sum->local_port,
		.packets = sum->packets,
		.bytes = sum->bytes,
		.first = sum->first,
		.last = sum->last > sum->first ? sum->last : sum->first,
		.connects = sum->connects,
		.second_uid = sum->second_uid,
		.second_start = sum->second_start,
	};
	memcpy(slot->local, sum->local, sizeof slot->local);
	head->packets += sum->packets;
	head->bytes += sum->bytes;
}

/* One by one, before Linux 5.6. Whoever wrote here is done, so nothing is added between the two calls. */
static int take_each(int map, struct eye_drain *head)
{
	struct eye_key key;
	struct eye_sum sum;

	while (head->slots < EYE_BUFFER_SLOTS && !bpf_map_get_next_key(map, NULL, &key)) {
		if (!bpf_map_lookup_elem(map, &key, &sum))
			hand_over(&key, &sum, head);
		if (bpf_map_delete_elem(map, &key))
			return -errno;
	}
	return 0;
}

/* Copies and frees all sums of one table. */
static int take_sums(int map, struct eye_drain *head)
{
	static struct batch batch; /* one drain at a time */
	uint32_t position, count;
	bool begun = false, over = false;

	while (!over) {
		count = AT_ONCE;
		if (head->slots + AT_ONCE > EYE_BUFFER_SLOTS)
			return take_each(map, head);
		if (bpf_map_lookup_and_delete_batch(map, begun ? &position : NULL, &position, batch.keys, batch.sums, &count, NULL)) {
			/* There is no such call, or a row of the table is longer than this has room for. */
			if (errno != ENOENT)
				return take_each(map, head);
			over = true;
		}
		for (uint32_t i = 0; i < count && i < AT_ONCE; i++)
			hand_over(&batch.keys[i], &batch.sums[i], head);
		begun = true;
	}
	return 0;
}

int plain_drain(struct eye *eye, struct eye_drain *head)
{
	struct plain *old = &eye->old;
	uint32_t zero = 0, full = old->active, next = 1 - full;
	struct eye_buffer unowned = { 0 };
	static const struct eye_buffer empty;
	struct eye_lost lost = { 0 };
	int error;

	bpf_map_lookup_elem(old->lost_map, &zero, &lost);
	head->lost_facts = lost.facts + old->lost_words;
	head->lost_sessions = lost.sessions;
	if (bpf_map_update_elem(old->active_map, &zero, &next, BPF_ANY))
		return errno;
	old->active = next;
	/* Returns when every program that may have seen the old number has ended (kernel/bpf/syscall.c). */
	if (bpf_map_update_elem(eye->barrier, &zero, &eye->barrier_inner, BPF_ANY))
		return errno;
	error = take_sums(old->flows[full], head);
	if (!error)
		error = take_sums(old->others[full], head);
	if (error)
		return -error;
	if (!bpf_map_lookup_elem(old->unowned_map, &full, &unowned))
		bpf_map_update_elem(old->unowned_map, &full, &empty, BPF_ANY);
	head->unowned_packets = unowned.unowned_packets;
	head->unowned_bytes = unowned.unowned_bytes;
	head->packets += head->unowned_packets;
	head->bytes += head->unowned_bytes;
	return 0;
}

void plain_take_words(struct eye *eye)
{
	if (eye->present_taken == eye->present_count)
		eye->present_taken = eye->present_count = 0;
	perf_buffer__consume(eye->old.words);
}

static int by_time(const void *one, const void *other)
{
	const struct eye_session *a = one, *b = other;

	return a->at < b->at ? -1 : a->at > b->at;
}

/* Each CPU has a buffer of its own, so they are put into order. */
size_t plain_sessions(struct eye *eye, struct eye_session *to, size_t room)
{
	struct plain *old = &eye->old;
	size_t count;

	if (old->session_taken == old->session_count) {
		old->session_taken = old->session_count = 0;
		perf_buffer__consume(old->words);
	}
	count = old->session_count - old->session_taken;
	qsort(&old->sessions[old->session_taken], count, sizeof *old->sessions, by_time);
	if (count > room)
		count = room;
	memcpy(to, &old->sessions[old->session_taken], count * sizeof *to);
	old->session_taken += count;
	return count;
}

/* The programs only write who may give packets back while they are run once, so nothing is told meanwhile. */
void plain_take_queuers(struct eye *eye)
{
	struct eye_queuer word = { 0 };
	struct eye_id id, *before = NULL, last;

	for (int i = 0; i < 1024 && !bpf_map_get_next_key(eye->queuers, before, &id); i++) {
		word.id = id;
		if (!bpf_map_lookup_elem(eye->queuers, &id, &word.netns))
			eye_take_queuer(eye, &word, sizeof word);
		/* It may have been taken out; then the table is gone through from its beginning. */
		last = id;
		before = bpf_map_lookup_elem(eye->queuers, &id, &word.netns) ? NULL : &last;
	}
}

void plain_forget_queuers(struct eye *eye)
{
	uint32_t zero = 0;
	uint64_t nobody = 0;

	bpf_map_update_elem(eye->old.given_back_map, &zero, &nobody, BPF_ANY);
}

void plain_close(struct eye *eye)
{
	perf_buffer__free(eye->old.words);
	free(eye->old.sessions);
}
