/* What is there when the eye opens: processes and sockets. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parts.h"

/* The iterator cannot read another process's memory: its arguments come from /proc. */
static void read_arguments(struct eye_facts *facts)
{
	char path[64];
	ssize_t length;
	int fd;

	snprintf(path, sizeof path, "/proc/%u/cmdline", facts->lineage.number);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return;
	length = read(fd, facts->arguments, sizeof facts->arguments - 1);
	if (length > 0)
		facts->arguments_length = (uint32_t)length;
	close(fd);
}

int eye_grow_present(struct eye *eye)
{
	size_t wanted = eye->present_room ? eye->present_room * 2 : 256;
	struct eye_facts *larger;

	if (eye->present_count < eye->present_room)
		return 0;
	larger = realloc(eye->present, wanted * sizeof *larger);
	if (!larger)
		return -ENOMEM;
	eye->present = larger;
	eye->present_room = wanted;
	return 0;
}

/* Reads whole records, however the kernel cuts them; whatever comes behind MAX_PRESENT is left out. */
static int read_all(struct eye *eye, int fd)
{
	size_t have = 0;

	while (eye->present_count < MAX_PRESENT) {
		ssize_t length;

		if (eye_grow_present(eye))
			return -ENOMEM;
		length = read(fd, (char *)&eye->present[eye->present_count] + have, sizeof *eye->present - have);
		if (length < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (length < 0)
			return -errno;
		if (length == 0)
			return 0;
		have += (size_t)length;
		if (have == sizeof *eye->present) {
			read_arguments(&eye->present[eye->present_count++]);
			have = 0;
		}
	}
	return 0;
}

int eye_read_present(struct eye *eye, struct bpf_program *program)
{
	struct bpf_link *link = bpf_program__attach_iter(program, NULL);
	int fd, error;

	if (!link)
		return -errno;
	fd = bpf_iter_create(bpf_link__fd(link));
	error = fd < 0 ? -errno : read_all(eye, fd);
	if (fd >= 0)
		close(fd);
	bpf_link__destroy(link);
	return error;
}

int eye_run_once(struct bpf_program *program)
{
	struct bpf_link *link = bpf_program__attach_iter(program, NULL);
	char nothing[64];
	ssize_t length = -1;
	int fd, error = 0;

	if (!link)
		return -errno;
	fd = bpf_iter_create(bpf_link__fd(link));
	if (fd < 0)
		error = -errno;
	else
		while ((length = read(fd, nothing, sizeof nothing)) > 0 || (length < 0 && errno == EINTR))
			continue;
	if (fd >= 0 && length < 0)
		error = -errno;
	if (fd >= 0)
		close(fd);
	bpf_link__destroy(link);
	return error;
}
