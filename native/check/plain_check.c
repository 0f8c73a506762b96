/*
 * Tries what user space reads of the plain programs, and what it kept about the kernel, with the address sanitizer: tables of
 * which now and then a call is missing or a row is too long, words of the perf buffers of any length, and decisions that are
 * cut short or damaged. What must hold: each sum is handed over once, and nothing is believed that was not written so.
 *
 * plain_check [seed]
 */
#define _GNU_SOURCE
#include <string.h>

#include "check/chance.h"
#include "eye/decision.c"
#include "eye/plain.c"

#define DRAINS 100
#define DECISIONS 200000
#define WORDS 50000
#define MOST 1200

/* The kernel is not asked here; its tables are these, the flows and the others of each buffer. */
enum { FLOWS_0 = 1, FLOWS_1, OTHERS_0, OTHERS_1, UNOWNED, LOST, TABLES };

static struct table {
	struct eye_key keys[MOST];
	struct eye_sum sums[MOST];
	uint32_t count;
} tables[UNOWNED];

static struct eye_buffer unowned[2];
static int batch_errno; /* what a call for many says */

int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
{
	(void)flags;
	if (fd == UNOWNED)
		memcpy(&unowned[*(const uint32_t *)key], value, sizeof *unowned);
	return 0;
}

int bpf_map_lookup_elem(int fd, const void *key, void *value)
{
	if (fd == UNOWNED) {
		memcpy(value, &unowned[*(const uint32_t *)key], sizeof *unowned);
		return 0;
	}
	if (fd >= UNOWNED || memcmp(key, &tables[fd].keys[0], sizeof(struct eye_key)))
		return -1;
	memcpy(value, &tables[fd].sums[0], sizeof(struct eye_sum));
	return 0;
}

int bpf_map_get_next_key(int fd, const void *key, void *next)
{
	must(!key, "from the beginning");
	if (!tables[fd].count)
		return -1;
	memcpy(next, &tables[fd].keys[0], sizeof(struct eye_key));
	return 0;
}

static void take_off(struct table *table, uint32_t count)
{
	table->count -= count;
	memmove(table->keys, table->keys + count, table->count * sizeof *table->keys);
	memmove(table->sums, table->sums + count, table->count * sizeof *table->sums);
}

int bpf_map_delete_elem(int fd, const void *key)
{
	must(tables[fd].count && !memcmp(key, &tables[fd].keys[0], sizeof(struct eye_key)), "what is there is deleted");
	take_off(&tables[fd], 1);
	return 0;
}

int bpf_map_lookup_and_delete_batch(int fd, void *in, void *out, void *keys, void *values, __u32 *count,
				    const struct bpf_map_batch_opts *options)
{
	struct table *table = &tables[fd];
	uint32_t wanted = *count;

	(void)in;
	(void)out;
	(void)options;
	*count = 0;
	if (batch_errno && below(2)) {
		errno = batch_errno;
		return -1;
	}
	*count = table->count < wanted ? table->count : wanted;
	memcpy(keys, table->keys, *count * sizeof(struct eye_key));
	memcpy(values, table->sums, *count * sizeof(struct eye_sum));
	take_off(table, *count);
	errno = ENOENT;
	return table->count ? 0 : -1;
}

int bpf_object__find_map_fd_by_name(const struct bpf_object *object, const char *name)
{
	(void)object;
	(void)name;
	return -1;
}

int libbpf_num_possible_cpus(void)
{
	return 2;
}

struct perf_buffer *perf_buffer__new(int map, size_t pages, perf_buffer_sample_fn sample, perf_buffer_lost_fn lost, void *context,
				     const struct perf_buffer_opts *options)
{
	(void)map;
	(void)pages;
	(void)sample;
	(void)lost;
	(void)context;
	(void)options;
	return NULL;
}

int perf_buffer__consume(struct perf_buffer *words)
{
	(void)words;
	return 0;
}

void perf_buffer__free(struct perf_buffer *words)
{
	(void)words;
}

int eye_take_queuer(void *context, void *data, size_t size)
{
	(void)context;
	(void)data;
	(void)size;
	return 0;
}

int eye_grow_present(struct eye *eye)
{
	if (eye->present_count == eye->present_room) {
		eye->present_room += 64;
		eye->present = realloc(eye->present, eye->present_room * sizeof *eye->present);
		must(eye->present != NULL, "memory");
	}
	return 0;
}

size_t eye_read_line(const char *path, char *to, size_t size)
{
	(void)path;
	return (size_t)snprintf(to, size, "01234567-89ab-cdef-0123-456789abcdef");
}

bool eye_has_jit(void)
{
	return true;
}

bool eye_locked_down(void)
{
	return false;
}

bool eye_describes_itself(void)
{
	return true;
}

unsigned long long eye_capabilities(void)
{
	return 0x1ff;
}

static uint64_t fill(struct table *table, uint32_t count)
{
	uint64_t packets = 0;

	table->count = count;
	for (uint32_t i = 0; i < count; i++) {
		table->keys[i] = (struct eye_key){ .start = draw(), .tgid = (uint32_t)draw() };
		table->sums[i] = (struct eye_sum){ .packets = below(1000) + 1, .first = draw(), .last = draw() };
		packets += table->sums[i].packets;
	}
	return packets;
}

static void try_drains(void)
{
	static const int errors[] = { 0, EINVAL, ENOSPC };
	struct eye eye = { .plain = true, .old = { .flows = { FLOWS_0, FLOWS_1 }, .others = { OTHERS_0, OTHERS_1 },
						   .unowned_map = UNOWNED, .lost_map = LOST, .active_map = LOST } };
	void *to = memory(EYE_DRAIN_BYTES);

	for (int i = 0; i < DRAINS; i++) {
		struct eye_drain *head = to;
		uint32_t full = eye.old.active, flows = below(MOST + 1), others = below(MOST + 1);
		uint64_t packets = fill(&tables[FLOWS_0 + full], flows) + fill(&tables[OTHERS_0 + full], others);

		unowned[full].unowned_packets = below(100);
		packets += unowned[full].unowned_packets;
		batch_errno = errors[below(3)];
		memset(head, 0, sizeof *head);
		must(plain_drain(&eye, head) == 0, "drain");
		must(eye.old.active == 1 - full, "the other buffer is written now");
		must(head->packets == packets, "what is handed over is what was counted");
		must(head->slots == flows + others, "each sum once");
		must(unowned[full].unowned_packets == 0, "it is handed over once");
		for (uint32_t k = 0; k < head->slots; k++) {
			const struct eye_slot *slot = (const struct eye_slot *)(head + 1) + k;

			must(slot->last >= slot->first, "the last packet is not before the first");
		}
	}
	free(to);
}

static void try_words(void)
{
	struct eye eye = { .plain = true };
	struct eye_session *handed = memory(64 * sizeof *handed);
	size_t sessions = 0;

	eye.old.sessions = memory(MAX_SESSIONS * sizeof *eye.old.sessions);
	for (int i = 0; i < WORDS; i++) {
		size_t size = below(3) ? below(128) : below(sizeof(struct eye_facts) + 8);
		void *word = memory(size);

		if (size >= sizeof(struct eye_session))
			((struct eye_session *)word)->at = draw();
		take_word(&eye, 0, word, (uint32_t)size);
		free(word);
		must(eye.old.session_count <= MAX_SESSIONS && eye.present_count <= MAX_PRESENT, "words have room");
	}
	for (size_t taken = 1; taken > 0; sessions += taken) {
		taken = plain_sessions(&eye, handed, 64);
		for (size_t k = 1; k < taken; k++)
			must(handed[k].at >= handed[k - 1].at, "sessions are in order");
	}
	must(sessions == MAX_SESSIONS, "each session once");
	free(eye.present);
	free(handed);
	plain_close(&eye);
}

static void try_decisions(void)
{
	static const char good[] = "found 7ff 1 20 0 2\n";
	struct eye_decision decision;

	must(parse(good, &decision) && decision.features == 0x7ff && decision.refused[1] == 0x20 && decision.way == 2,
	     "a decision is read");
	must(!parse("found 7ff 0 0 0 3\n", &decision), "there is no such way");
	must(!parse("found ffff 0 0 0 0\n", &decision), "there is no such feature");
	must(!parse("found 7ff 0 0 0 0\nx", &decision), "nothing comes behind it");
	for (int i = 0; i < DECISIONS; i++) {
		size_t length = below(sizeof good);
		char *text = memory(length + 1);

		memcpy(text, good, length);
		for (uint32_t damage = below(4); damage > 0 && length; damage--)
			text[below((uint32_t)length)] = (char)draw();
		if (parse(text, &decision))
			must(decision.way < EYE_WAYS && !(decision.features & ~(uint32_t)EYE_ALL), "it is one of what there is");
		free(text);
	}
}

int main(int count, char **arguments)
{
	begin_check("plain_check", count, arguments);
	try_drains();
	try_words();
	try_decisions();
	return 0;
}
