/*
 * LD_PRELOADed where the archive of classes is dumped: the monotonic clock of that Java stands still, and who waits for a time waits
 * as long as it meant to. An archive holds soft references with the time of their last use; the clock counts from the boot of the
 * machine, so no two archives would be the same.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static const long long second = 1000000000;
static const struct timespec always = {.tv_sec = 1};

int clock_gettime(clockid_t clock, struct timespec *time)
{
    if (clock != CLOCK_MONOTONIC)
        return (int)syscall(SYS_clock_gettime, clock, time);
    *time = always;
    return 0;
}

int pthread_cond_timedwait(pthread_cond_t *condition, pthread_mutex_t *mutex, const struct timespec *until)
{
    static int (*wait)(pthread_cond_t *, pthread_mutex_t *, const struct timespec *);
    struct timespec now, later;
    long long nanoseconds;

    if (!wait)
        *(void **)&wait = dlsym(RTLD_NEXT, "pthread_cond_timedwait");
    /* A time of the wall clock, which goes on as ever. */
    if (until->tv_sec > second)
        return wait(condition, mutex, until);
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    nanoseconds = (now.tv_sec + until->tv_sec - always.tv_sec) * second + now.tv_nsec + until->tv_nsec;
    later.tv_sec = nanoseconds / second;
    later.tv_nsec = nanoseconds % second;
    return wait(condition, mutex, &later);
}
