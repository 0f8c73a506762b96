/*
 * What was found out about the kernel, kept in /run for as long as this boot lasts: a kernel does not change under its
 * programs. The file is only believed where nobody but root can have written it, in this boot, for the same programs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel_features.h"

#define FOLDER "/run/outguard"
#define FILE_NAME "kernel-eye"
#define MOST_BYTES 512

/* What must not have changed: boot, programs, what an admin may set while the machine runs, what this process may do. */
static bool write_identity(uint64_t key, char *to, size_t size)
{
	char boot[64];
	size_t length = eye_read_line("/proc/sys/kernel/random/boot_id", boot, sizeof boot);

	if (length != 36)
		return false;
	boot[length] = 0;
	return (size_t)snprintf(to, size, "outguard kernel eye\nboot %s\nprograms %016llx\nset %d %d %d\ncapabilities %llx\n",
				boot, (unsigned long long)key, eye_has_jit(), eye_locked_down(), eye_describes_itself(),
				eye_capabilities()) < size;
}

/* Whether nobody but root may have written it. */
static bool is_ours(int fd, mode_t kind)
{
	struct stat status;

	return !fstat(fd, &status) && (status.st_mode & S_IFMT) == kind && status.st_uid == 0 &&
	       !(status.st_mode & 0022);
}

static int open_folder(bool make)
{
	int fd;

	if (geteuid())
		return -1;
	if (make && mkdir(FOLDER, 0700) && errno != EEXIST)
		return -1;
	fd = open(FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd >= 0 && !is_ours(fd, S_IFDIR)) {
		close(fd);
		return -1;
	}
	return fd;
}

static bool parse(const char *text, struct eye_decision *decision)
{
	struct eye_decision found = { 0 };
	int end = 0;

	if (sscanf(text, "found %x %x %x %x %x\n%n", &found.features, &found.refused[0], &found.refused[1], &found.refused[2],
		   &found.way, &end) != 5 || !end || text[end] || found.way >= EYE_WAYS || found.features & ~(uint32_t)EYE_ALL)
		return false;
	*decision = found;
	return true;
}

bool eye_recall(uint64_t key, struct eye_decision *decision)
{
	char identity[MOST_BYTES], text[MOST_BYTES];
	int folder = open_folder(false), fd;
	ssize_t length = -1;

	if (folder < 0)
		return false;
	fd = openat(folder, FILE_NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	close(folder);
	if (fd < 0)
		return false;
	if (is_ours(fd, S_IFREG))
		length = read(fd, text, sizeof text - 1);
	close(fd);
	if (length <= 0 || !write_identity(key, identity, sizeof identity))
		return false;
	text[length] = 0;
	return !strncmp(text, identity, strlen(identity)) && parse(text + strlen(identity), decision);
}

void eye_keep_decision(uint64_t key, const struct eye_decision *decision)
{
	char text[MOST_BYTES];
	int folder, fd;
	size_t length;
	bool whole;

	if (!write_identity(key, text, sizeof text))
		return;
	length = strlen(text);
	snprintf(text + length, sizeof text - length, "found %x %x %x %x %x\n", decision->features, decision->refused[0],
		 decision->refused[1], decision->refused[2], decision->way);
	folder = open_folder(true);
	if (folder < 0)
		return;
	unlinkat(folder, FILE_NAME ".new", 0);
	fd = openat(folder, FILE_NAME ".new", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0) {
		length = strlen(text);
		whole = write(fd, text, length) == (ssize_t)length;
		close(fd);
		if (!whole || renameat(folder, FILE_NAME ".new", folder, FILE_NAME))
			unlinkat(folder, FILE_NAME ".new", 0);
	}
	close(folder);
}
