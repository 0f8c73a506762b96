/* Loads and attaches the programs; each of them is tried, and what cannot be is said in words. */
#define _GNU_SOURCE
#include <bpf/btf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parts.h"

extern const char eye_object[], eye_object_end[];

/* What is lost where a program cannot be loaded; without the first one there is no eye. */
static const struct {
	const char *name;
	const char *loss;
} programs[] = {
	{ "og_packet", NULL },
	{ "og_queued", "frames of AF_PACKET sockets are not seen where the kernel is older than 6.6" },
	{ "og_frame", "frames of AF_PACKET sockets are counted by owner, without their destination" },
	{ "og_sent", "frames of AF_PACKET sockets that bypass the queueing discipline are not seen" },
	{ "og_listens", "what the kernel sends for a listening socket has no owner" },
	{ "og_sockets", "connections that were there before have no owner until they send" },
	{ "og_present", "what processes were there before is not known once they have ended" },
	{ "og_fork", "a child is not traced to the program that forked it" },
	{ "og_exec", "the program of a process that has ended is not known" },
	{ "og_exit", "the last name of a process that has ended is not known" },
	{ "og_mail", "who hands mail in over loopback is known by looks alone, which miss short connections" },
	{ "og_leaves", "packets that a program takes from a queue and gives back (NFQUEUE) have no owner" },
};

enum { PROGRAMS = sizeof programs / sizeof programs[0], ALL = (1u << PROGRAMS) - 1 };

#define SEND_CALLS (1u << 3) /* og_sent */

/* linux/bpf.h since Linux 6.4; libbpf knows neither before 1.3 */
#define PROG_NETFILTER ((enum bpf_prog_type)32)
#define ATTACH_NETFILTER ((enum bpf_attach_type)45)

/* The last warning of libbpf, for whoever asks why. */
static _Thread_local char last_warning[EYE_REASON];

static int remember(enum libbpf_print_level level, const char *format, va_list arguments)
{
	if (level == LIBBPF_WARN)
		vsnprintf(last_warning, sizeof last_warning, format, arguments);
	return 0;
}

static void say(char reason[EYE_REASON], const char *what, int error)
{
	snprintf(reason, EYE_REASON, "%s: %s", what, strerror(error < 0 ? -error : error));
}

static void add_limit(char limits[EYE_LIMITS], const char *loss, int error)
{
	size_t length = strlen(limits);

	snprintf(limits + length, EYE_LIMITS - length, "%s (%s)\n", loss, strerror(error < 0 ? -error : error));
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

static int settle(struct bpf_object *object, bool direct, bool send_calls)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, ".rodata.settings");
	struct eye_settings settings = {
		.direct_reads = direct,
		.send_calls = send_calls,
		.tick_nanos = eye_tick_nanos(),
		.pidns = eye_own_pidns(),
		.netns = namespace_inode("/proc/thread-self/ns/net"),
		.own = (uint32_t)getpid(),
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

/* The programs of `wanted`, loaded; NULL with errno set where the kernel takes not all of them. */
static struct bpf_object *load(unsigned int wanted, bool direct)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "outguard");
	struct bpf_object *object =
		bpf_object__open_mem(eye_object, (size_t)(eye_object_end - eye_object), &options);
	int error = object ? settle(object, direct, wanted & SEND_CALLS) : -errno;

	for (unsigned int i = 0; i < PROGRAMS && !error; i++) {
		struct bpf_program *program = bpf_object__find_program_by_name(object, programs[i].name);

		error = program ? bpf_program__set_autoload(program, wanted >> i & 1) : -ENOENT;
		if (!error && !strcmp(programs[i].name, "og_leaves"))
			error = as_netfilter(program);
	}
	if (!error)
		error = bpf_object__load(object);
	if (!error)
		return object;
	bpf_object__close(object);
	errno = -error;
	return NULL;
}

/* All programs where that works, else those that work, each tried alone. */
static struct bpf_object *load_what_works(bool direct, char limits[EYE_LIMITS])
{
	struct bpf_object *object = load(ALL, direct);
	unsigned int works = 0;

	if (object)
		return object;
	for (unsigned int i = 0; i < PROGRAMS; i++) {
		object = load(1u << i, direct);
		if (object)
			works |= 1u << i;
		else if (!programs[i].loss)
			return NULL;
		else
			add_limit(limits, programs[i].loss, errno);
		bpf_object__close(object);
	}
	return load(works, direct);
}

static int keep(struct eye *eye, struct bpf_link *link)
{
	if (!link)
		return -errno;
	if (eye->link_count == MAX_ATTACHED) {
		bpf_link__destroy(link);
		return -E2BIG;
	}
	eye->links[eye->link_count++] = link;
	return 0;
}

static int attach_packet(struct eye *eye, struct bpf_program *program)
{
	int cgroup = eye_open_root_cgroup(), error;

	if (cgroup < 0)
		return -errno;
	error = keep(eye, bpf_program__attach_cgroup(program, cgroup));
	close(cgroup);
	return error;
}

static int attach(struct eye *eye, const char *name, bool older)
{
	struct bpf_program *program = bpf_object__find_program_by_name(eye->object, name);

	if (!program || !bpf_program__autoload(program))
		return 0; /* said when it was loaded */
	if (!strcmp(name, "og_packet")) {
		eye_tend_queues(eye); /* of those that are there already, before the first packet is counted */
		return attach_packet(eye, program);
	}
	if (!strcmp(name, "og_leaves")) {
		eye->leave_program = older ? -1 : bpf_program__fd(program);
		return 0; /* its hooks are where queues are */
	}
	if (!strcmp(name, "og_sockets")) {
		eye->sockets_program = program;
		return eye_run_once(program);
	}
	if (!strcmp(name, "og_present"))
		return eye_read_present(eye, program);
	if (!strcmp(name, "og_frame")) {
		eye->frame_program = older ? -1 : eye_device_program(bpf_program__fd(program));
		return 0;
	}
	/* It stands in for the other, which comes before it. */
	if (!strcmp(name, "og_queued") && eye->frame_program >= 0)
		return 0;
	if (!strcmp(name, "og_sent"))
		eye->hears = true;
	return keep(eye, bpf_program__attach_trace(program));
}

static int attach_all(struct eye *eye, bool older, char limits[EYE_LIMITS])
{
	/* Lineage before packets: the first sender is to be known already. */
	for (int i = PROGRAMS - 1; i >= 0; i--) {
		int error = attach(eye, programs[i].name, older);

		if (error && !programs[i].loss)
			return error;
		if (error)
			add_limit(limits, programs[i].loss, error);
	}
	return 0;
}

void *eye_map_memory(const struct bpf_map *map, size_t *length)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *memory;

	*length = ((size_t)bpf_map__value_size(map) * bpf_map__max_entries(map) + page - 1) & ~(page - 1);
	memory = mmap(NULL, *length, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	return memory == MAP_FAILED ? NULL : memory;
}

static void *memory_of(struct eye *eye, const char *name)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(eye->object, name);
	size_t length;

	return map ? eye_map_memory(map, &length) : NULL;
}

static void forget_memory(struct eye *eye, const char *name, void *memory)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(eye->object, name);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (map && memory)
		munmap(memory, ((size_t)bpf_map__value_size(map) * bpf_map__max_entries(map) + page - 1) & ~(page - 1));
}

int eye_map_counts(struct eye *eye)
{
	if (!eye->slots)
		eye->slots = memory_of(eye, "og_slots");
	if (!eye->taken)
		eye->taken = memory_of(eye, "og_taken");
	return eye->slots && eye->taken ? 0 : errno ? errno : ENOMEM;
}

void eye_unmap_counts(struct eye *eye)
{
	forget_memory(eye, "og_slots", eye->slots);
	forget_memory(eye, "og_taken", eye->taken);
	eye->slots = NULL;
	eye->taken = NULL;
}

static int make_barrier(struct eye *eye)
{
	LIBBPF_OPTS(bpf_map_create_opts, options);

	eye->barrier_inner = bpf_map_create(BPF_MAP_TYPE_ARRAY, "og_inner", sizeof(int), sizeof(int), 1, NULL);
	if (eye->barrier_inner < 0)
		return -errno;
	options.inner_map_fd = (uint32_t)eye->barrier_inner;
	eye->barrier = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "og_barrier", sizeof(int), sizeof(int), 1, &options);
	return eye->barrier < 0 ? -errno : 0;
}

static int make_tables(struct eye *eye)
{
	int words = bpf_object__find_map_fd_by_name(eye->object, "og_words");
	int sessions = bpf_object__find_map_fd_by_name(eye->object, "og_sessions");
	int queuers = bpf_object__find_map_fd_by_name(eye->object, "og_queue_words");

	eye->processes = bpf_object__find_map_fd_by_name(eye->object, "og_processes");
	eye->slots_map = bpf_object__find_map_fd_by_name(eye->object, "og_slots");
	eye->taken_map = bpf_object__find_map_fd_by_name(eye->object, "og_taken");
	eye->queuers = bpf_object__find_map_fd_by_name(eye->object, "og_queuers");
	eye->state = memory_of(eye, "og_state");
	eye->given_back = memory_of(eye, ".data.queues");
	eye->devices = calloc(MAX_DEVICES, sizeof *eye->devices);
	if (eye_map_counts(eye) || !eye->state || !eye->given_back || !eye->devices)
		return errno ? -errno : -ENOMEM;
	eye->nested = eye_own_pidns() != 0;
	eye->words = ring_buffer__new(words, eye_take_word, eye, NULL);
	eye->sessions = ring_buffer__new(sessions, eye_take_session, eye, NULL);
	eye->queue_words = ring_buffer__new(queuers, eye_take_queuer, eye, NULL);
	return eye->words && eye->sessions && eye->queue_words ? make_barrier(eye) : -errno;
}

static struct eye *fail(struct eye *eye, char reason[EYE_REASON], const char *what, int error)
{
	say(reason, what, error);
	eye_close(eye);
	return NULL;
}

static int load_either_way(struct eye *eye, bool direct, char limits[EYE_LIMITS])
{
	if (direct)
		eye->object = load_what_works(true, limits);
	if (!eye->object) {
		limits[0] = 0;
		eye->object = load_what_works(false, limits);
	}
	return eye->object ? 0 : -errno;
}

struct eye *eye_open(const struct eye_options *options, char reason[EYE_REASON], char limits[EYE_LIMITS])
{
	struct eye *eye = calloc(1, sizeof *eye);
	struct btf *kernel;
	int error;

	limits[0] = last_warning[0] = 0;
	if (!eye)
		return fail(NULL, reason, "no memory", ENOMEM);
	eye->frame_program = eye->leave_program = eye->processes = eye->barrier = eye->barrier_inner = -1;
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	libbpf_set_print(remember);
	kernel = btf__load_vmlinux_btf();
	if (!kernel)
		return fail(eye, reason, "the kernel does not describe its types (BTF, CONFIG_DEBUG_INFO_BTF)", errno);
	error = load_either_way(eye, !options->older, limits);
	btf__free(kernel);
	if (error == -EPERM)
		return fail(eye, reason, "programs may not be loaded (CAP_BPF, CAP_PERFMON, lockdown)", error);
	if (error)
		return fail(eye, reason, "this kernel does not take the program that counts packets", error);
	error = make_tables(eye);
	if (error)
		return fail(eye, reason, "the tables cannot be had", error);
	error = attach_all(eye, options->older, limits);
	if (error)
		return fail(eye, reason, "packets cannot be counted at the root of the control groups", error);
	return eye;
}

void eye_close(struct eye *eye)
{
	if (!eye)
		return;
	if (eye->devices)
		eye_unhook_devices(eye);
	eye_unhook_queues(eye);
	free(eye->devices);
	free(eye->present);
	while (eye->link_count)
		bpf_link__destroy(eye->links[--eye->link_count]);
	ring_buffer__free(eye->words);
	ring_buffer__free(eye->sessions);
	ring_buffer__free(eye->queue_words);
	if (eye->object) {
		eye_unmap_counts(eye);
		forget_memory(eye, "og_state", eye->state);
		forget_memory(eye, ".data.queues", eye->given_back);
	}
	bpf_object__close(eye->object);
	if (eye->barrier >= 0)
		close(eye->barrier);
	if (eye->barrier_inner >= 0)
		close(eye->barrier_inner);
	free(eye);
}
