/*
 * Loads the programs of one way to count, those for which this kernel has what they need, at once. What it refuses all the
 * same is left out by its name, which libbpf tells, and remembered.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load.h"

extern const char eye_object[], eye_object_end[], plain_object[], plain_object_end[];

#define LISTENS "what the kernel sends for a listening socket has no owner"
#define SOCKETS "connections that were there before have no owner until they send"
#define PRESENT "what processes were there before is not known once they have ended"
#define FORK "a child is not traced to the program that forked it"
#define EXEC "the program of a process that has ended is not known"
#define LAST_NAME "the last name of a process that has ended is not known"
#define MAIL "who hands mail in over loopback is known by looks alone, which miss short connections"
#define QUEUES "packets that a program takes from a queue and gives back (NFQUEUE) have no owner"
#define FRAMES "frames of AF_PACKET sockets are not seen"

/* Lineage is attached before packets, from the last one on: the first sender is to be known already. */
static const struct eye_program newer[] = {
	{ "og_packet", EYE_KERN_CTX, 0, NULL },
	{ "og_packet_copy", 0, EYE_KERN_CTX, NULL },
	{ "og_queued", 0, EYE_TCX, FRAMES },
	{ "og_frame", EYE_TCX | EYE_KERN_CTX, 0, FRAMES },
	{ "og_frame_copy", EYE_TCX, EYE_KERN_CTX, FRAMES },
	{ "og_sent", EYE_SEND_LENGTH, 0, BYPASS },
	{ "og_listens", 0, 0, LISTENS },
	{ "og_sockets", EYE_ITERATORS, 0, SOCKETS },
	{ "og_present", EYE_ITERATORS, 0, PRESENT },
	{ "og_fork", 0, 0, FORK },
	{ "og_exec", 0, 0, EXEC },
	{ "og_exit", 0, 0, LAST_NAME },
	{ "og_mail", 0, 0, MAIL },
	{ "og_leaves", EYE_NETFILTER, 0, QUEUES },
};

static const struct eye_program plain[] = {
	{ "og_packet", 0, 0, NULL },
	{ "og_queued", 0, 0, FRAMES },
	{ "og_listens", 0, 0, LISTENS },
	{ "og_sockets", EYE_ITERATORS | EYE_TYPES, 0, SOCKETS },
	{ "og_present", EYE_ITERATORS | EYE_TYPES, 0, PRESENT },
	{ "og_fork", 0, 0, FORK },
	{ "og_exec", 0, 0, EXEC },
	{ "og_exit", 0, 0, LAST_NAME },
	{ "og_mail", 0, 0, MAIL },
};

static const struct eye_program at_queues[] = {
	{ "og_queued", 0, 0, NULL },
	{ "og_listens", 0, 0, LISTENS },
	{ "og_sockets", EYE_ITERATORS | EYE_TYPES, 0, SOCKETS },
	{ "og_present", EYE_ITERATORS | EYE_TYPES, 0, PRESENT },
	{ "og_fork", 0, 0, FORK },
	{ "og_exec", 0, 0, EXEC },
	{ "og_exit", 0, 0, LAST_NAME },
	{ "og_mail", 0, 0, MAIL },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

const struct eye_way_to_count eye_ways[EYE_WAYS] = {
	[EYE_NEWER] = { newer, COUNT(newer), EYE_TYPES | EYE_CGROUP | EYE_NET_TASK | EYE_FETCH },
	[EYE_PLAIN] = { plain, COUNT(plain), EYE_CGROUP | EYE_NET_TASK },
	[EYE_AT_QUEUES] = { at_queues, COUNT(at_queues), 0 },
};

/* What libbpf warned of last, and of which program it warned first since a load began. */
static _Thread_local char last_warning[EYE_REASON], refused_program[64];

static int remember(enum libbpf_print_level level, const char *format, va_list arguments)
{
	char name[sizeof refused_program];

	if (level != LIBBPF_WARN)
		return 0;
	vsnprintf(last_warning, sizeof last_warning, format, arguments);
	if (!refused_program[0] && sscanf(last_warning, "libbpf: prog '%63[^']'", name) == 1)
		snprintf(refused_program, sizeof refused_program, "%s", name);
	return 0;
}

void eye_listen_to_libbpf(void)
{
	last_warning[0] = 0;
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	libbpf_set_print(remember);
}

/* Of the namespace that this thread is in; 0 where it cannot be read. */
static uint32_t namespace_inode(const char *path)
{
	struct stat status;

	return stat(path, &status) ? 0 : (uint32_t)status.st_ino;
}

uint32_t eye_own_pidns(void)
{
	uint32_t inode = namespace_inode("/proc/self/ns/pid");

	if (!inode)
		return NO_PIDNS;
	return inode == INITIAL_PIDNS ? 0 : inode;
}

uint64_t eye_programs_key(void)
{
	uint64_t hash = 0xcbf29ce484222325ULL; /* FNV-1a: it only tells one build from another */

	for (const char *at = eye_object; at < eye_object_end; at++)
		hash = (hash ^ (unsigned char)*at) * 0x100000001b3ULL;
	for (const char *at = plain_object; at < plain_object_end; at++)
		hash = (hash ^ (unsigned char)*at) * 0x100000001b3ULL;
	return hash;
}

static int settle(struct bpf_object *object, enum eye_way way, uint32_t features)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, ".rodata.settings");
	struct eye_settings settings = {
		.direct_reads = !!(features & EYE_NET_FOLLOWS),
		.send_calls = way == EYE_NEWER && features & EYE_SEND_LENGTH,
		.tick_nanos = eye_tick_nanos(),
		.pidns = eye_own_pidns(),
		.netns = namespace_inode("/proc/thread-self/ns/net"),
		.own = (uint32_t)getpid(),
		.at_queue = way == EYE_AT_QUEUES,
	};

	if (!map)
		return -ENOENT;
	if (getrandom(settings.factor, sizeof settings.factor, 0) != sizeof settings.factor)
		return -errno;
	for (size_t i = 0; i < sizeof settings.factor / sizeof *settings.factor; i++)
		settings.factor[i] |= 1;
	return bpf_map__set_initial_value(map, &settings, sizeof settings);
}

static int as_netfilter(struct bpf_program *program)
{
	int error = bpf_program__set_type(program, PROG_NETFILTER);

	return error ? error : bpf_program__set_expected_attach_type(program, ATTACH_NETFILTER);
}

/* Which programs of a way are wanted of a kernel with these features. */
static uint32_t wanted(const struct eye_way_to_count *way, uint32_t features)
{
	uint32_t programs = 0;

	for (size_t i = 0; i < way->count; i++)
		if ((way->programs[i].needs & ~features) == 0 && !(way->programs[i].unless & features))
			programs |= 1u << i;
	return programs;
}

/* Opens the object with these programs alone. */
static struct bpf_object *open_object(enum eye_way number, uint32_t programs, uint32_t features, const char *btf)
{
	const struct eye_way_to_count *way = &eye_ways[number];
	const char *start = number == EYE_NEWER ? eye_object : plain_object;
	const char *end = number == EYE_NEWER ? eye_object_end : plain_object_end;
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "outguard",
		    .btf_custom_path = features & EYE_TYPES ? NULL : btf);
	struct bpf_object *object = bpf_object__open_mem(start, (size_t)(end - start), &options);
	int error = object ? settle(object, number, features) : -errno;
	struct bpf_program *program;

	if (object)
		bpf_object__for_each_program(program, object)
			bpf_program__set_autoload(program, false);
	for (size_t i = 0; i < way->count && !error; i++) {
		program = bpf_object__find_program_by_name(object, way->programs[i].name);
		error = program ? bpf_program__set_autoload(program, programs >> i & 1) : -ENOENT;
		if (!error && !strcmp(way->programs[i].name, "og_leaves"))
			error = as_netfilter(program);
	}
	if (!error)
		return object;
	bpf_object__close(object);
	errno = -error;
	return NULL;
}

/* The bit of the program that was refused; 0 where it is none that can be done without. */
static uint32_t refused(const struct eye_way_to_count *way, uint32_t programs)
{
	for (size_t i = 0; i < way->count; i++)
		if (programs >> i & 1 && way->programs[i].loss && !strcmp(way->programs[i].name, refused_program))
			return 1u << i;
	return 0;
}

int eye_load(struct eye *eye, enum eye_way number, struct eye_decision *decision, const char *btf)
{
	const struct eye_way_to_count *way = &eye_ways[number];
	uint32_t programs = wanted(way, decision->features) & ~decision->refused[number];

	while (true) {
		struct bpf_object *object = open_object(number, programs, decision->features, btf);
		int error = object ? 0 : -errno;
		uint32_t one;

		refused_program[0] = 0;
		if (object)
			error = bpf_object__load(object);
		if (!error) {
			eye->object = object;
			return 0;
		}
		bpf_object__close(object);
		one = refused(way, programs);
		if (!one)
			return error;
		decision->refused[number] |= one;
		programs &= ~one;
	}
}

const char *eye_last_warning(void)
{
	char *end = strpbrk(last_warning, "\n");

	if (end)
		*end = 0;
	return last_warning[0] ? last_warning : "libbpf says nothing about it";
}
