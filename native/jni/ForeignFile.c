/*
 * Twin of org.outguard.kernel.ForeignFile: opens files and folders that an attacker may own. It never waits for the other
 * end of a pipe, never opens a device, never leaves the root that is given, and reads nothing that the user on whose behalf
 * it is opened may not read.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capability_sets.h"

#ifndef SYS_openat2
#define SYS_openat2 437
#endif

/* linux/openat2.h, which older systems lack. */
struct how {
	uint64_t flags, mode, resolve;
};
#define NO_MAGICLINKS 0x02
#define IN_ROOT 0x10

#define CAPS_OF_FILES (1u << 1 | 1u << 2) /* CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH */

#define MOST_GROUPS 1024

/* No errno is so high. The same number stands in ForeignFile.java. */
#define NOT_REGULAR 100000

/* What a thread was before it took somebody's rights on. */
struct rights {
	struct cap_data caps[2];
	gid_t groups[MOST_GROUPS];
	int group_count;
	uid_t user;
	gid_t group;
	int changed;
};

/*
 * The C library changes the credentials of all threads; the system calls those of this one alone. The user is changed for
 * files only (setfsuid(2)), so nobody else may send this thread a signal meanwhile.
 */
static int take_rights(struct rights *before, uid_t user, const jint *groups, int count)
{
	struct cap_header header = { .version = CAP_VERSION_3 };
	struct cap_data less[2];

	before->changed = 0;
	if (syscall(SYS_capget, &header, before->caps))
		return errno;
	before->group_count = (int)syscall(SYS_getgroups, MOST_GROUPS, before->groups);
	if (before->group_count < 0)
		return errno;
	before->user = geteuid();
	before->group = getegid();
	before->changed = 1;
	if (count > 0 && (syscall(SYS_setgroups, count, groups) || syscall(SYS_setfsgid, groups[0]) < 0))
		return errno;
	syscall(SYS_setfsuid, user);
	/* It answers with the user before, also where it was refused. */
	if ((uid_t)syscall(SYS_setfsuid, (uid_t)-1) != user || (count > 0 && (gid_t)syscall(SYS_setfsgid, (gid_t)-1) != (gid_t)groups[0]))
		return EPERM;
	memcpy(less, before->caps, sizeof less);
	/* Changing the user takes these only from user 0. */
	less[0].effective &= ~CAPS_OF_FILES;
	return syscall(SYS_capset, &header, less) ? errno : 0;
}

static int give_back(const struct rights *before)
{
	struct cap_header header = { .version = CAP_VERSION_3 };

	if (!before->changed)
		return 0;
	syscall(SYS_setfsuid, before->user);
	syscall(SYS_setfsgid, before->group);
	return syscall(SYS_capset, &header, before->caps) || syscall(SYS_setgroups, before->group_count, before->groups) ||
	       (uid_t)syscall(SYS_setfsuid, (uid_t)-1) != before->user;
}

/* Before Linux 5.6: a component at a time, and no symbolic links at all. */
static int walk(int top, const char *below)
{
	char name[256];
	int fd = fcntl(top, F_DUPFD_CLOEXEC, 0);

	while (fd >= 0 && *below) {
		size_t length = strcspn(below, "/");
		int next;

		if (length >= sizeof name) {
			close(fd);
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(name, below, length);
		name[length] = 0;
		below += length;
		below += strspn(below, "/");
		if (!length || !strcmp(name, "."))
			continue;
		if (!strcmp(name, "..")) {
			close(fd);
			errno = EXDEV;
			return -1;
		}
		next = openat(fd, name, O_PATH | O_NOFOLLOW | O_CLOEXEC | (*below ? O_DIRECTORY : 0));
		close(fd);
		fd = next;
	}
	return fd;
}

/* The thing itself, without opening it, so that a device or a pipe is only looked at. */
static int locate(int top, const char *below)
{
	struct how how = { .flags = O_PATH | O_CLOEXEC, .resolve = IN_ROOT | NO_MAGICLINKS };
	int fd = (int)syscall(SYS_openat2, top, *below ? below : ".", &how, sizeof how);

	return fd < 0 && (errno == ENOSYS || errno == EPERM) ? walk(top, below) : fd;
}

static int open_within(int top, const char *below, int folder)
{
	char self[32];
	struct stat found;
	int at = locate(top, below), fd = -1, error;

	if (at < 0)
		return -errno;
	if (fstat(at, &found)) {
		error = errno;
	} else if (folder ? !S_ISDIR(found.st_mode) : !S_ISREG(found.st_mode)) {
		error = folder ? ENOTDIR : NOT_REGULAR;
	} else {
		/* The same inode again, for reading: what may have taken the place of its name meanwhile is not touched. */
		snprintf(self, sizeof self, "/proc/self/fd/%d", at);
		fd = open(self, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY | (folder ? O_DIRECTORY : 0));
		error = fd < 0 ? errno : 0;
	}
	close(at);
	return error ? -error : fd;
}

static char *text_of(JNIEnv *env, jbyteArray bytes)
{
	jsize length = (*env)->GetArrayLength(env, bytes);
	char *text = malloc((size_t)length + 1);

	if (!text)
		return NULL;
	(*env)->GetByteArrayRegion(env, bytes, 0, length, (jbyte *)text);
	text[length] = 0;
	/* A name that ends early is another name. */
	if (strlen(text) != (size_t)length) {
		free(text);
		return NULL;
	}
	return text;
}

/* A descriptor, or a negated errno. With user -1 it is opened with the rights that this program has. */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_ForeignFile_openWithin(JNIEnv *env, jclass cls, jbyteArray top_name,
	jbyteArray below_name, jint user, jintArray groups, jboolean folder)
{
	char *top_path = text_of(env, top_name), *below = text_of(env, below_name);
	jint *wanted = (*env)->GetIntArrayElements(env, groups, NULL);
	jsize count = (*env)->GetArrayLength(env, groups);
	struct rights before = { .changed = 0 };
	int result, top;

	(void)cls;
	if (!top_path || !below || !wanted || count > MOST_GROUPS) {
		result = -EINVAL;
	} else if ((top = open(top_path, O_PATH | O_DIRECTORY | O_CLOEXEC)) < 0) {
		result = -errno;
	} else {
		int error = user == -1 ? 0 : take_rights(&before, (uid_t)user, wanted, count);

		result = error ? -error : open_within(top, below, folder);
		if (give_back(&before))
			(*env)->FatalError(env, "a thread could not take its own rights back");
		close(top);
	}
	if (wanted)
		(*env)->ReleaseIntArrayElements(env, groups, wanted, JNI_ABORT);
	free(top_path);
	free(below);
	return result;
}

/* Bytes read, 0 at the end, or a negated errno. */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_ForeignFile_read(JNIEnv *env, jclass cls, jint fd, jbyteArray into, jint from,
	jint length)
{
	jbyte block[65536];
	size_t most = (size_t)length < sizeof block ? (size_t)length : sizeof block;
	ssize_t got;

	(void)cls;
	do
		got = read(fd, block, most);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	(*env)->SetByteArrayRegion(env, into, from, (jsize)got, block);
	return (jint)got;
}

JNIEXPORT void JNICALL Java_org_outguard_kernel_ForeignFile_closeDescriptor(JNIEnv *env, jclass cls, jint fd)
{
	(void)env;
	(void)cls;
	close(fd);
}
