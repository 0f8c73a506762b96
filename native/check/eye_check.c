/*
 * Tries what the kernel eye reads in user space on tables, netlink answers and mount lists that are random, cut short
 * or damaged, each in a block of memory of just its size, so that the address sanitizer sees a read beyond it. What
 * must hold in each round: what a drain hands over is what was in the slots, each slot once, and they are free after it.
 *
 * eye_check [seed]
 */
#define _GNU_SOURCE
#include <string.h>

#include "check/chance.h"
#include "eye/cgroup.c"
#include "eye/devices.c"
#include "eye/drain.c"
#include "eye/namespace.c"
#include "eye/queues.c"

#define DRAINS 300
#define ANSWERS 200000
#define LINES 200000
#define QUEUERS 2000

/* The kernel is not asked here; its tables are these. */
enum { SLOTS_MAP = 1, TAKEN_MAP };

static struct eye_slot *kernel_slots;
static uint64_t *kernel_taken;

int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
{
	(void)flags;
	if (fd == SLOTS_MAP)
		memcpy(&kernel_slots[*(const uint32_t *)key], value, sizeof *kernel_slots);
	return 0;
}

int bpf_map_lookup_elem(int fd, const void *key, void *value)
{
	if (fd == SLOTS_MAP)
		memcpy(value, &kernel_slots[*(const uint32_t *)key], sizeof *kernel_slots);
	else if (fd == TAKEN_MAP)
		memcpy(value, &kernel_taken[*(const uint32_t *)key], sizeof *kernel_taken);
	else
		return -1;
	return 0;
}

static uint64_t forgotten; /* processes that user space took out of the programs' table */

int bpf_map_delete_elem(int fd, const void *key)
{
	(void)fd;
	(void)key;
	forgotten++;
	return 0;
}

int bpf_link_create(int program, int target, enum bpf_attach_type type, const struct bpf_link_create_opts *options)
{
	(void)program;
	(void)target;
	(void)type;
	(void)options;
	return -1;
}

int bpf_obj_get_info_by_fd(int fd, void *info, __u32 *size)
{
	(void)fd;
	(void)info;
	(void)size;
	return -1;
}

int ring_buffer__consume(struct ring_buffer *words)
{
	(void)words;
	return 0;
}

int eye_map_counts(struct eye *eye)
{
	eye->slots = kernel_slots;
	eye->taken = kernel_taken;
	return 0;
}

void eye_unmap_counts(struct eye *eye)
{
	eye->slots = NULL;
	eye->taken = NULL;
}

/* What the plain programs need is not tried here. */
int plain_drain(struct eye *eye, struct eye_drain *head)
{
	(void)eye;
	(void)head;
	return ENOSYS;
}

void plain_take_words(struct eye *eye)
{
	(void)eye;
}

size_t plain_sessions(struct eye *eye, struct eye_session *to, size_t room)
{
	(void)eye;
	(void)to;
	(void)room;
	return 0;
}

void plain_take_queuers(struct eye *eye)
{
	(void)eye;
}

void plain_forget_queuers(struct eye *eye)
{
	(void)eye;
}

int eye_run_once(struct bpf_program *program)
{
	(void)program;
	return 0;
}

/* Takes some slots of the written buffer, as the programs do; now and then with a number that is none. */
static void count_something(struct eye *eye, uint64_t *packets, bool damaged)
{
	uint32_t active = eye->state->active & 1, first = active * EYE_BUFFER_SLOTS;
	struct eye_buffer *buffer = &eye->state->buffer[active];

	for (uint32_t flows = below(2000); flows > 0; flows--) {
		uint32_t number = first + below(EYE_FLOW_SLOTS);

		if (kernel_slots[number].tag)
			continue;
		kernel_slots[number].tag = draw() | 2;
		kernel_slots[number].packets = below(1000) + 1;
		kernel_slots[number].first = draw();
		kernel_slots[number].last = draw();
		*packets += kernel_slots[number].packets;
		kernel_taken[first + buffer->flows++] = number;
	}
	buffer->unowned_packets = below(100);
	*packets += buffer->unowned_packets;
	if (damaged) {
		kernel_taken[first + buffer->flows++ % EYE_FLOW_SLOTS] = draw();
		buffer->others = draw();
	}
}

static void try_drains(void)
{
	struct eye eye = { .barrier = -1, .slots_map = SLOTS_MAP, .taken_map = TAKEN_MAP };
	void *to = memory(EYE_DRAIN_BYTES);

	kernel_slots = memory(2 * EYE_BUFFER_SLOTS * sizeof *kernel_slots);
	kernel_taken = memory(2 * EYE_BUFFER_SLOTS * sizeof *kernel_taken);
	eye.state = memory(sizeof *eye.state);
	eye.given_back = memory(sizeof *eye.given_back);
	for (int i = 0; i < DRAINS; i++) {
		const struct eye_drain *head = to;
		uint64_t packets = 0;

		count_something(&eye, &packets, i % 2);
		must(eye_drain(&eye, to, EYE_DRAIN_BYTES - 1) == EINVAL, "a buffer that is too small is refused");
		must(eye_drain(&eye, to, EYE_DRAIN_BYTES) == 0, "drain");
		must(head->packets == packets, "what is handed over is what was counted");
		must(head->slots <= EYE_BUFFER_SLOTS, "slots have room");
		for (uint32_t k = 0; k < head->slots; k++) {
			const struct eye_slot *slot = (const struct eye_slot *)(head + 1) + k;

			must(slot->last >= slot->first, "the last packet is not before the first");
		}
	}
	for (uint32_t i = 0; i < 2 * EYE_BUFFER_SLOTS; i++)
		must(kernel_slots[i].tag == 0, "every slot is free again");
	free(kernel_slots);
	free(kernel_taken);
	free(eye.state);
	free(eye.given_back);
	free(to);
}

static void try_times(void)
{
	must(time_of(10, 1000, 4, 1030, 2000) == 1040, "a tick has its time");
	must(time_of(10, 1000, 4, 1041, 2000) == 1041, "not before the first packet");
	must(time_of(10, 1000, 4, 1030, 1035) == 1035, "not after now");
	must(eye_tick_nanos() > 0 && eye_tick_nanos() <= 10000000, "the tick of the kernel is 10 ms at most");
}

static size_t put_attribute(char *to, size_t at, unsigned short type, const void *value, unsigned short size)
{
	struct rtattr attribute = { .rta_len = (unsigned short)RTA_LENGTH(size), .rta_type = type };

	memcpy(to + at, &attribute, sizeof attribute);
	memcpy(to + at + RTA_LENGTH(0), value, size);
	return at + RTA_SPACE(size);
}

static size_t put_device(char *to, size_t at)
{
	struct nlmsghdr head = { .nlmsg_type = below(50) ? RTM_NEWLINK : NLMSG_DONE };
	struct ifinfomsg info = { .ifi_index = (int)below(100), .ifi_flags = below(9) ? 0 : IFF_LOOPBACK };
	uint32_t number = below(100);
	char nested[64] = { 0 };
	size_t end = at + NLMSG_LENGTH(sizeof info);

	memcpy(to + at + NLMSG_HDRLEN, &info, sizeof info);
	end = put_attribute(to, end, IFLA_MASTER, &number, sizeof number);
	end = put_attribute(to, end, IFLA_LINK, &number, sizeof number);
	if (below(2))
		end = put_attribute(to, end, IFLA_LINKINFO, nested, (unsigned short)put_attribute(nested, 0, IFLA_INFO_KIND, "veth", 5));
	head.nlmsg_len = (uint32_t)(end - at);
	memcpy(to + at, &head, sizeof head);
	return end;
}

static void try_answers(void)
{
	static struct job job;
	char whole[2048];

	for (int i = 0; i < ANSWERS; i++) {
		size_t length = 0;
		char *block;

		memset(whole, 0, sizeof whole);
		for (uint32_t devices = below(8) + 1; devices > 0; devices--)
			length = put_device(whole, length);
		for (uint32_t damage = below(6); damage > 0; damage--)
			whole[below((uint32_t)length)] = (char)draw();
		length = below(4) ? length : below((uint32_t)length) + 1;
		block = memory(length);
		memcpy(block, whole, length);
		if (i % 1000 == 0)
			job.count = MAX_DEVICES - 3;
		else if (i % 10 == 0)
			job.count = 0;
		take_block(&job, (const struct nlmsghdr *)block, (ssize_t)length);
		must(job.count <= MAX_DEVICES, "devices have room");
		free(block);
	}
}

static void try_lines(void)
{
	static const char good[] = "36 35 0:31 / /sys/fs/cg\\040roup rw,nosuid shared:9 - cgroup2 cgroup2 rw";
	char path[4096];

	must(cgroup2_mount(good, path) && !strcmp(path, "/sys/fs/cg roup"), "a mount is read");
	must(!cgroup2_mount("36 35 0:31 /a /sys/fs/cgroup rw - cgroup2 none rw", path), "a part of it is none");
	for (int i = 0; i < LINES; i++) {
		size_t length = below(sizeof good - 1) + 1;
		char *line = memory(length + 1);

		memcpy(line, good, length);
		for (uint32_t damage = below(4); damage > 0; damage--)
			line[below((uint32_t)length)] = "\\ -/0cgroup2"[below(12)];
		cgroup2_mount(line, path);
		free(line);
	}
}

/* Words of processes that speak to netfilter where no queue is, cut short and of namespaces that are not there. */
static void try_queuers(void)
{
	struct eye eye = { .leave_program = -1, .queuers = -1, .hooked = -1, .processes = -1 };
	uint64_t given_back = 1;

	eye.given_back = &given_back;
	for (int i = 0; i < QUEUERS; i++) {
		size_t size = below(3) ? sizeof(struct eye_queuer) : below(sizeof(struct eye_queuer));
		struct eye_queuer *word = memory(size);
		uint64_t before = forgotten;

		for (size_t at = 0; at < size; at++)
			((uint8_t *)word)[at] = (uint8_t)draw();
		must(eye_take_queuer(&eye, word, size) == 0, "a word is taken");
		must(forgotten - before == (size == sizeof *word), "who has no queue is forgotten");
		free(word);
	}
	eye_tend_queues(&eye);
	must(eye.queues_count == 0 && given_back == 0, "nobody gives packets back");
	for (uint32_t i = 0; i < EYE_QUEUES; i++)
		eye.queues[i] = (struct queues){ .netns = (uint32_t)draw() | 1, .heard = i % 2 ? monotonic() : 0, .link = { -1, -1 } };
	eye.queues_count = EYE_QUEUES;
	eye.queues_looked = 0;
	given_back = 1;
	eye_tend_queues(&eye);
	must(eye.queues_count == EYE_QUEUES / 2 && given_back == 1, "a place is kept as long as somebody is heard of there");
	eye_unhook_queues(&eye);
	must(eye.queues_count == 0, "all are left");
}

int main(int count, char **arguments)
{
	begin_check("eye_check", count, arguments);
	try_drains();
	try_times();
	try_answers();
	try_lines();
	try_queuers();
	return 0;
}
