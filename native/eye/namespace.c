/* Work in another network namespace. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "parts.h"

struct visit {
	uint32_t tgid;
	uint32_t netns;
	void (*work)(void *argument);
	void *argument;
};

/* Whether a file is the namespace in question, and this thread is in it now. */
static bool enter(const char *path, uint32_t netns, bool inside)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat status;
	bool there;

	if (fd < 0)
		return false;
	there = !fstat(fd, &status) && (uint32_t)status.st_ino == netns && (inside || !setns(fd, CLONE_NEWNET));
	close(fd);
	return there;
}

static void *visit(void *argument)
{
	struct visit *visit = argument;
	char path[64];

	snprintf(path, sizeof path, "/proc/%u/ns/net", visit->tgid);
	/* Our own namespace needs no process that is in it; the one that was named may have ended. */
	if (enter("/proc/thread-self/ns/net", visit->netns, true) || enter(path, visit->netns, false))
		visit->work(visit->argument);
	return NULL;
}

void eye_in_namespace(uint32_t tgid, uint32_t netns, void (*work)(void *argument), void *argument)
{
	struct visit job = { .tgid = tgid, .netns = netns, .work = work, .argument = argument };
	pthread_t thread;

	if (!pthread_create(&thread, NULL, visit, &job))
		pthread_join(thread, NULL);
}
