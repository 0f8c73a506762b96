/*
 * Twin of org.outguard.kernel.SocketScan: which processes have which of some sockets open, by the links socket:[N] in
 * /proc/PID/fd (proc(5)).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A process may be allowed a million files (fs.nr_open); what lies behind these is not looked at. */
#define MOST_FILES_OF_ONE 65536

#define SOCKET "socket:["

struct scan {
	const jlong *wanted; /* ascending */
	size_t wanted_count;
	jint *pids;
	jlong *inodes;
	size_t room;
	size_t count; /* may be larger than the room; what lies behind that is not written */
};

static int compare(const void *one, const void *other)
{
	jlong a = *(const jlong *)one, b = *(const jlong *)other;

	return a < b ? -1 : a > b;
}

/* The whole of the text as a number above 0; 0 where it is anything else. */
static jlong number(const char *text)
{
	char *after;
	long long value;

	if (*text < '0' || *text > '9')
		return 0;
	errno = 0;
	value = strtoll(text, &after, 10);
	return errno || *after ? 0 : (jlong)value;
}

static int is_known(const struct scan *scan, size_t first, jlong inode)
{
	size_t i;

	for (i = first; i < scan->count && i < scan->room; i++)
		if (scan->inodes[i] == inode)
			return 1;
	return 0;
}

static void add(struct scan *scan, size_t first, jint pid, jlong inode)
{
	if (!inode || !bsearch(&inode, scan->wanted, scan->wanted_count, sizeof inode, compare) || is_known(scan, first, inode))
		return;
	if (scan->count < scan->room) {
		scan->pids[scan->count] = pid;
		scan->inodes[scan->count] = inode;
	}
	scan->count++;
}

/* What ended, or may not be looked at, holds nothing. */
static void scan_process(struct scan *scan, int proc, jint pid)
{
	char path[32], link[48];
	const size_t first = scan->count;
	struct dirent *entry;
	DIR *files;
	int fd, left;

	if (snprintf(path, sizeof path, "%d/fd", (int)pid) >= (int)sizeof path)
		return;
	fd = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	files = fdopendir(fd);
	if (!files) {
		close(fd);
		return;
	}
	for (left = MOST_FILES_OF_ONE; left > 0 && (entry = readdir(files)); left--) {
		ssize_t length = readlinkat(fd, entry->d_name, link, sizeof link - 1);

		if (length <= (ssize_t)strlen(SOCKET) || memcmp(link, SOCKET, strlen(SOCKET)))
			continue;
		/* A longer link than there is room for has no bracket at its end. */
		if (link[length - 1] != ']')
			continue;
		link[length - 1] = 0;
		add(scan, first, pid, number(link + strlen(SOCKET)));
	}
	closedir(files);
}

static void scan_all(struct scan *scan, const char *folder)
{
	struct dirent *entry;
	DIR *processes = opendir(folder);

	if (!processes)
		return;
	while ((entry = readdir(processes))) {
		jlong pid = number(entry->d_name);

		if (pid > 0 && pid <= INT32_MAX)
			scan_process(scan, dirfd(processes), (jint)pid);
	}
	closedir(processes);
}

/*
 * Fills pids and inodes, which are of one length, with pairs, each pair once. Returns how many pairs there are, or -ENOMEM;
 * where that is more than there is room for, some may have been met twice.
 */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_SocketScan_scan(JNIEnv *env, jclass cls, jbyteArray folder,
								jlongArray wanted, jintArray pids, jlongArray inodes)
{
	const jsize name = (*env)->GetArrayLength(env, folder), count = (*env)->GetArrayLength(env, wanted),
		    room = (*env)->GetArrayLength(env, pids);
	char *path = malloc((size_t)name + 1);
	jlong *sorted = malloc(((size_t)count + 1) * sizeof *sorted);
	struct scan scan = { sorted, (size_t)count, malloc(((size_t)room + 1) * sizeof(jint)),
			     malloc(((size_t)room + 1) * sizeof(jlong)), (size_t)room, 0 };
	jint result = -ENOMEM;

	(void)cls;
	if (path && sorted && scan.pids && scan.inodes) {
		jsize written;

		(*env)->GetByteArrayRegion(env, folder, 0, name, (jbyte *)path);
		path[name] = 0;
		(*env)->GetLongArrayRegion(env, wanted, 0, count, sorted);
		qsort(sorted, (size_t)count, sizeof *sorted, compare);
		scan_all(&scan, path);
		written = (jsize)(scan.count < scan.room ? scan.count : scan.room);
		(*env)->SetIntArrayRegion(env, pids, 0, written, scan.pids);
		(*env)->SetLongArrayRegion(env, inodes, 0, written, scan.inodes);
		result = scan.count > INT32_MAX ? INT32_MAX : (jint)scan.count;
	}
	free(path);
	free(sorted);
	free(scan.pids);
	free(scan.inodes);
	return result;
}
