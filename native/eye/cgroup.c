/* Finds the root of the cgroup2 hierarchy. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "parts.h"

/* mountinfo writes a blank in a path as \040 and the like (proc(5)). */
static void unescape(char *path)
{
	char *to = path;

	while (*path) {
		if (path[0] == '\\' && path[1] && path[2] && path[3]) {
			*to++ = (char)((path[1] - '0') * 64 + (path[2] - '0') * 8 + (path[3] - '0'));
			path += 4;
		} else {
			*to++ = *path++;
		}
	}
	*to = 0;
}

/* Its directory where a line of mountinfo is about the root of a cgroup2 hierarchy; empty where not. */
static bool cgroup2_mount(const char *line, char path[4096])
{
	const char *type = strstr(line, " - ");
	char root[4096];

	if (!type || strncmp(type + 3, "cgroup2 ", 8))
		return false;
	/* 36 35 98:0 ROOT PATH ...; a bind mount of a group has another root. */
	if (sscanf(line, "%*s %*s %*s %4095s %4095s", root, path) != 2 || strcmp(root, "/"))
		return false;
	unescape(path);
	return true;
}

static int open_mounted(void)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	char *line = NULL, path[4096];
	size_t size = 0;
	int fd = -1;

	if (!mounts)
		return -1;
	while (fd < 0 && getline(&line, &size, mounts) > 0)
		if (cgroup2_mount(line, path))
			fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(line);
	fclose(mounts);
	return fd;
}

/*
 * A mount that is in no namespace: nobody else sees it, and it goes with its descriptor (fsopen(2)). By syscall(2), as
 * glibc has these only since 2.36.
 */
static int open_detached(void)
{
	int context = (int)syscall(SYS_fsopen, "cgroup2", FSOPEN_CLOEXEC);
	int fd = -1;

	if (context < 0)
		return -1;
	if (!syscall(SYS_fsconfig, context, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		fd = (int)syscall(SYS_fsmount, context, FSMOUNT_CLOEXEC, 0);
	close(context);
	return fd;
}

int eye_open_root_cgroup(void)
{
	int fd = open_mounted();

	return fd >= 0 ? fd : open_detached();
}
