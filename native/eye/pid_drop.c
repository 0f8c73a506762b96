/* Loads and attaches the program that drops what single processes send, while there are such. */
#define _GNU_SOURCE
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "parts.h"
#include "pid_drop.h"

extern const char pid_drop_object[], pid_drop_object_end[];

struct pid_drop {
	struct bpf_object *object;
	struct bpf_link *link;
	int dropped; /* descriptor of the map */
};

static int silent(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

static struct pid_drop *fail(struct pid_drop *drop, char *reason, size_t size, const char *what, int error)
{
	snprintf(reason, size, "%s: %s", what, strerror(error < 0 ? -error : error));
	pid_drop_close(drop);
	return NULL;
}

static int settle(struct bpf_object *object)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, ".rodata.pidns");
	__u32 pidns = eye_own_pidns();

	return map ? bpf_map__set_initial_value(map, &pidns, sizeof pidns) : -ENOENT;
}

static int attach(struct pid_drop *drop)
{
	struct bpf_program *program = bpf_object__find_program_by_name(drop->object, "og_pid_drop");
	int cgroup, error;

	if (!program)
		return -ENOENT;
	cgroup = eye_open_root_cgroup();
	if (cgroup < 0)
		return -errno;
	drop->link = bpf_program__attach_cgroup(program, cgroup);
	error = drop->link ? 0 : -errno;
	close(cgroup);
	return error;
}

struct pid_drop *pid_drop_open(char *reason, size_t size)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "outguard_drop");
	struct pid_drop *drop = calloc(1, sizeof *drop);
	int error;

	if (!drop)
		return fail(NULL, reason, size, "no memory", ENOMEM);
	libbpf_set_strict_mode(LIBBPF_STRICT_ALL);
	libbpf_set_print(silent);
	drop->object =
		bpf_object__open_mem(pid_drop_object, (size_t)(pid_drop_object_end - pid_drop_object), &options);
	error = drop->object ? settle(drop->object) : -errno;
	if (!error)
		error = bpf_object__load(drop->object);
	if (error)
		return fail(drop, reason, size, "this kernel does not take the program that drops by process", error);
	drop->dropped = bpf_object__find_map_fd_by_name(drop->object, "og_dropped");
	if (drop->dropped < 0)
		return fail(drop, reason, size, "the table of processes cannot be had", drop->dropped);
	error = attach(drop);
	if (error)
		return fail(drop, reason, size, "nothing can be dropped at the root of the control groups", error);
	return drop;
}

int pid_drop_begin(struct pid_drop *drop, const struct pid_drop_id *id, __u64 nanos)
{
	struct pid_drop_state state = { 0 };
	struct timespec now;

	if (clock_gettime(CLOCK_BOOTTIME, &now))
		return errno;
	state.until = (__u64)now.tv_sec * 1000000000ULL + (__u64)now.tv_nsec;
	if (__builtin_add_overflow(state.until, nanos, &state.until))
		return EINVAL;
	return bpf_map_update_elem(drop->dropped, id, &state, BPF_ANY) ? (errno == E2BIG ? ENOSPC : errno) : 0;
}

int pid_drop_end(struct pid_drop *drop, const struct pid_drop_id *id)
{
	return bpf_map_delete_elem(drop->dropped, id) ? errno : 0;
}

int pid_drop_look(struct pid_drop *drop, const struct pid_drop_id *id, struct pid_drop_state *to)
{
	return bpf_map_lookup_elem(drop->dropped, id, to) ? errno : 0;
}

void pid_drop_close(struct pid_drop *drop)
{
	if (!drop)
		return;
	bpf_link__destroy(drop->link);
	bpf_object__close(drop->object);
	free(drop);
}
