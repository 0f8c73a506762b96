/*
 * Twin of org.outguard.kernel.PidFd: a process held by a descriptor, pidfd_open(2), so that a signal cannot reach a
 * later process with the same number.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Another process has the number; no errno is so low. The same number stands in PidFd.java. */
#define ANOTHER (-100000)

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif

/* Field 22 of /proc/PID/stat, which comes after a name that may hold blanks and brackets (proc(5)); 0 or errno. */
static int start_ticks(int pid, long long *ticks)
{
	char path[64], text[4096];
	char *at;
	ssize_t length;
	int fd, field;

	if (snprintf(path, sizeof path, "/proc/%d/stat", pid) >= (int)sizeof path)
		return EINVAL;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? ESRCH : errno;
	length = read(fd, text, sizeof text - 1);
	if (length < 0) {
		int error = errno;

		close(fd);
		return error;
	}
	close(fd);
	text[length] = 0;
	at = strrchr(text, ')');
	for (field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (!at)
		return EPROTO;
	errno = 0;
	*ticks = strtoll(at, NULL, 10);
	return errno;
}

/*
 * A descriptor of the process with this number and start time, ANOTHER, or a negated errno.
 *
 * The descriptor comes first and the look at the start time second. Who had the number when the descriptor was made is
 * the one in question, or died before and the look finds nobody or another: the one in question had been seen before, so
 * it cannot be the one that came in between.
 */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_PidFd_openProcess(JNIEnv *env, jclass cls, jint pid, jlong start)
{
	long long ticks = 0;
	int fd = (int)syscall(SYS_pidfd_open, (pid_t)pid, 0U);
	int error;

	(void)env;
	(void)cls;
	if (fd < 0)
		return -errno;
	error = start_ticks(pid, &ticks);
	if (error || ticks != start) {
		close(fd);
		return error ? -error : ANOTHER;
	}
	return fd;
}

/* Sends a signal; 0 or errno. */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_PidFd_sendSignal(JNIEnv *env, jclass cls, jint fd, jint number)
{
	(void)env;
	(void)cls;
	return syscall(SYS_pidfd_send_signal, fd, number, NULL, 0U) ? errno : 0;
}

/* Waits so long for the end of the process: 1 if it has ended, 0 if not, or a negated errno. */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_PidFd_awaitEnd(JNIEnv *env, jclass cls, jint fd, jint millis)
{
	struct pollfd end = { .fd = fd, .events = POLLIN };
	int result;

	(void)env;
	(void)cls;
	do
		result = poll(&end, 1, millis);
	while (result < 0 && errno == EINTR);
	return result < 0 ? -errno : result;
}

JNIEXPORT void JNICALL Java_org_outguard_kernel_PidFd_closeDescriptor(JNIEnv *env, jclass cls, jint fd)
{
	(void)env;
	(void)cls;
	close(fd);
}
