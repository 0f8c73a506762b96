/*
 * Twin of org.outguard.kernel.Confinement: takes from the whole process what it does not need, for good. Capabilities,
 * no_new_privs and Landlock are things of a thread (capabilities(7), landlock(7)), and a JVM has threads long before it runs
 * a line of ours, so each of them is sent a signal in whose handler it gives up its own; threads that are made later inherit
 * from the one that makes them. The filter for system calls is put on all threads by the kernel (SECCOMP_FILTER_FLAG_TSYNC).
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "capability_sets.h"
#include "confined_calls.h"

#define MOST_CAPABILITIES 64
#define CAP_SETPCAP 8

/* linux/landlock.h, which older systems lack; the same numbers on all machines. */
#define LANDLOCK_CREATE 444
#define LANDLOCK_ADD 445
#define LANDLOCK_RESTRICT 446
#define LANDLOCK_VERSION 1u
#define LANDLOCK_PATH_BENEATH 1
struct landlock_rules {
	uint64_t fs, net, scoped;
};
struct __attribute__((packed)) landlock_path {
	uint64_t allowed;
	int32_t parent;
};
#define FS_EXECUTE 1ull
#define FS_WRITE_FILE (1ull << 1)
#define FS_CHANGES_1 (0x1ff0ull | FS_WRITE_FILE) /* everything but reading and executing */
#define FS_REFER (1ull << 13)
#define FS_TRUNCATE (1ull << 14)
#define FS_IOCTL_DEV (1ull << 15)
#define NET_TCP 3ull /* bind and connect */
#define SCOPE_ABSTRACT_SOCKET 1ull

/* What is asked for; the same numbers stand in Confinement.java. */
enum { READS_ONLY = 1, STARTS_NOTHING = 2 };

/* What the threads do in the handler. */
static uint64_t kept;
static int ruleset = -1;
static atomic_int answers, refusals;

static int beyond_kept(int capability)
{
	return !(kept >> capability & 1);
}

/* System calls only: this runs in a signal handler. Returns an errno. */
static int give_up(void)
{
	struct cap_header header = { .version = CAP_VERSION_3 };
	struct cap_data set[2];
	int i;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return errno;
	if (ruleset >= 0 && syscall(LANDLOCK_RESTRICT, ruleset, 0))
		return errno;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capget, &header, set))
		return errno;
	/* The bound of what programs can get that are started from here. Without the right to lower it there is nothing to get. */
	for (i = 0; i < MOST_CAPABILITIES && set[0].effective >> CAP_SETPCAP & 1; i++)
		if (beyond_kept(i) && prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1 && prctl(PR_CAPBSET_DROP, i, 0, 0, 0))
			return errno;
	for (i = 0; i < 2; i++) {
		uint32_t mask = (uint32_t)(kept >> (32 * i));

		set[i].effective &= mask;
		set[i].permitted &= mask;
		set[i].inheritable &= set[i].permitted;
	}
	if (syscall(SYS_capset, &header, set))
		return errno;
	/* What is kept reaches the programs that are started here also where this is not root. */
	for (i = 0; i < MOST_CAPABILITIES; i++)
		if (set[i / 32].inheritable >> i % 32 & 1)
			prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0);
	return 0;
}

static void on_signal(int number)
{
	int before = errno, error = give_up();

	(void)number;
	if (error)
		atomic_store(&refusals, error);
	atomic_fetch_add(&answers, 1);
	errno = before;
}

#define MOST_THREADS 4096
#define ANSWER_MILLIS 2000

static int knows(const pid_t *told, int count, pid_t thread)
{
	int i;

	for (i = 0; i < count && told[i] != thread; i++)
		;
	return i < count;
}

static int await_answers(int wanted)
{
	const struct timespec pause = { .tv_nsec = 200000 };
	int i;

	for (i = 0; i < ANSWER_MILLIS * 5 && atomic_load(&answers) < wanted; i++)
		nanosleep(&pause, NULL);
	return atomic_load(&answers) < wanted ? ETIMEDOUT : atomic_load(&refusals);
}

/* Tells those threads that have not been told; how many there were, or a negative errno. */
static int tell_new_ones(int number, pid_t *told, int *count, int *wanted)
{
	DIR *tasks = opendir("/proc/self/task");
	struct dirent *entry;
	pid_t self = getpid(), own = (pid_t)syscall(SYS_gettid);
	int found = 0;

	if (!tasks)
		return -errno;
	while ((entry = readdir(tasks))) {
		pid_t thread = (pid_t)strtol(entry->d_name, NULL, 10);

		if (thread <= 0 || thread == own || knows(told, *count, thread))
			continue;
		if (*count == MOST_THREADS) {
			closedir(tasks);
			return -E2BIG;
		}
		told[(*count)++] = thread;
		found++;
		/* One that has ended meanwhile gives no answer. */
		if (!syscall(SYS_tgkill, self, thread, number))
			(*wanted)++;
	}
	closedir(tasks);
	return found;
}

/* Returns an errno. Threads that come up while this goes on may have been made by one that had not been told: look again. */
static int all_give_up(void)
{
	static pid_t told[MOST_THREADS];
	struct sigaction action, before;
	int number = SIGRTMAX - 3, count = 0, wanted = 0, error = give_up(), found = 1;

	if (error)
		return error;
	memset(&action, 0, sizeof action);
	action.sa_handler = on_signal;
	action.sa_flags = SA_RESTART | SA_ONSTACK;
	atomic_store(&answers, 0);
	atomic_store(&refusals, 0);
	if (sigaction(number, &action, &before))
		return errno;
	while (found > 0 && !error) {
		found = tell_new_ones(number, told, &count, &wanted);
		error = found < 0 ? -found : await_answers(wanted);
	}
	/* A late one must still find the handler. */
	if (error != ETIMEDOUT)
		sigaction(number, &before, NULL);
	return error;
}

static int allow(const char *path, uint64_t access)
{
	struct landlock_path rule = { .allowed = access, .parent = open(path, O_PATH | O_CLOEXEC) };
	int failed;

	if (rule.parent < 0)
		return errno;
	failed = syscall(LANDLOCK_ADD, ruleset, LANDLOCK_PATH_BENEATH, &rule, 0) ? errno : 0;
	close(rule.parent);
	return failed;
}

/* Makes the rules that the threads put on; returns an errno, EOPNOTSUPP and ENOSYS where the kernel has none. */
static int make_rules(int what, char *const *writable, int count)
{
	long version = syscall(LANDLOCK_CREATE, NULL, 0, LANDLOCK_VERSION);
	struct landlock_rules rules = { .fs = FS_CHANGES_1 };
	int i, error;

	if (version < 1)
		return version < 0 ? errno : EOPNOTSUPP;
	if (what & STARTS_NOTHING)
		rules.fs |= FS_EXECUTE;
	if (version >= 2)
		rules.fs |= FS_REFER;
	if (version >= 3)
		rules.fs |= FS_TRUNCATE;
	if (version >= 5)
		rules.fs |= FS_IOCTL_DEV;
	if (version >= 4)
		rules.net = NET_TCP;
	/* Not the scope of signals: each thread has a domain of its own, and they signal each other. The filter forbids that. */
	if (version >= 6)
		rules.scoped = SCOPE_ABSTRACT_SOCKET;
	ruleset = (int)syscall(LANDLOCK_CREATE, &rules, version >= 6 ? sizeof rules : version >= 4 ? 16 : 8, 0);
	if (ruleset < 0)
		return errno;
	error = allow("/dev/null", FS_WRITE_FILE | (rules.fs & FS_TRUNCATE));
	for (i = 0; i < count && !error; i++)
		error = allow(writable[i], rules.fs & ~FS_EXECUTE & ~FS_IOCTL_DEV);
	if (error) {
		close(ruleset);
		ruleset = -1;
	}
	return error;
}

struct program {
	struct sock_filter code[1024];
	unsigned short length;
};

static void put(struct program *to, struct sock_filter instruction)
{
	to->code[to->length++] = instruction;
}

static void refuse(struct program *to, int number, int error)
{
	put(to, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1));
	put(to, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (uint32_t)error));
}

static uint32_t argument(int index)
{
	/* The lower half: both machines are little-endian. */
	return (uint32_t)offsetof(struct seccomp_data, args) + (uint32_t)index * 8;
}

/* Refuses a call whose first argument is not this. */
static void only_with(struct program *to, int number, uint32_t value)
{
	put(to, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4));
	put(to, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument(0)));
	put(to, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 1, 0));
	put(to, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
	put(to, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
}

/* Refuses a call whose first argument has one of these bits. */
static void never_with(struct program *to, int number, uint32_t bits)
{
	put(to, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 4));
	put(to, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, argument(0)));
	put(to, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, bits, 0, 1));
	put(to, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
	put(to, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
}

/* Calls of this machine only: those of another have other numbers. */
static void begin(struct program *to)
{
	put(to, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)));
	put(to, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, CONFINED_ARCH, 1, 0));
	put(to, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
	put(to, (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)));
	/* And the calls of x32, which are numbered from here on. */
	put(to, (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1));
	put(to, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM));
}

/* Returns an errno. */
static int filter_calls(int what)
{
	static struct program program;
	struct sock_fprog given = { .filter = program.code };
	size_t i;

	program.length = 0;
	begin(&program);
	for (i = 0; i < sizeof never / sizeof *never; i++)
		refuse(&program, never[i], EPERM);
	for (i = 0; what & READS_ONLY && i < sizeof not_by_readers / sizeof *not_by_readers; i++)
		refuse(&program, not_by_readers[i], EPERM);
	if (what & STARTS_NOTHING) {
		refuse(&program, SYS_execve, EPERM);
		refuse(&program, SYS_execveat, EPERM);
	}
	/* Its flags lie in memory, where no filter sees them; the C library goes on with clone(2). */
	refuse(&program, 435, ENOSYS);
	never_with(&program, SYS_clone,
		   CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET);
	if (what & READS_ONLY) {
		only_with(&program, SYS_kill, (uint32_t)getpid());
		only_with(&program, SYS_tgkill, (uint32_t)getpid());
	}
	put(&program, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
	given.len = program.length;
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &given) != 0)
		/* A positive number is a thread that has a filter which is not ours. */
		return errno ? errno : EBUSY;
	return 0;
}

static char **paths_of(JNIEnv *env, jobjectArray paths, int count)
{
	char **texts = calloc((size_t)count + 1, sizeof *texts);
	int i;

	for (i = 0; texts && i < count; i++) {
		jbyteArray bytes = (*env)->GetObjectArrayElement(env, paths, i);
		jsize length = (*env)->GetArrayLength(env, bytes);

		texts[i] = calloc(1, (size_t)length + 1);
		if (texts[i])
			(*env)->GetByteArrayRegion(env, bytes, 0, length, (jbyte *)texts[i]);
		(*env)->DeleteLocalRef(env, bytes);
	}
	return texts;
}

/*
 * What became of it, three numbers: of capabilities and no_new_privs, of Landlock, of the filter. Each is 0 where it is in
 * force, else an errno; -1 where it was not asked for.
 */
JNIEXPORT jintArray JNICALL Java_org_outguard_kernel_Confinement_confine(JNIEnv *env, jclass cls, jlong keep, jint what, jobjectArray writable)
{
	jint results[3] = { 0, -1, 0 };
	jintArray told = (*env)->NewIntArray(env, 3);
	int count = (*env)->GetArrayLength(env, writable), i;
	char **paths = paths_of(env, writable, count);

	(void)cls;
	if (!told || !paths)
		return told;
	kept = (uint64_t)keep;
	ruleset = -1;
	if (what & READS_ONLY)
		results[1] = make_rules(what, paths, count);
	results[0] = all_give_up();
	if (ruleset >= 0) {
		close(ruleset);
		/* All of it or nothing that could be relied on. */
		results[1] = results[0];
	}
	errno = 0;
	results[2] = results[0] ? results[0] : filter_calls(what);
	for (i = 0; i < count; i++)
		free(paths[i]);
	free(paths);
	(*env)->SetIntArrayRegion(env, told, 0, 3, results);
	return told;
}

/* The version of Landlock that the kernel has; 0 for none. */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_Confinement_landlockVersion(JNIEnv *env, jclass cls)
{
	long version = syscall(LANDLOCK_CREATE, NULL, 0, LANDLOCK_VERSION);

	(void)env;
	(void)cls;
	return version < 0 ? 0 : (jint)version;
}

/* Whether the kernel has filters for system calls that reach all threads. */
JNIEXPORT jboolean JNICALL Java_org_outguard_kernel_Confinement_hasFilters(JNIEnv *env, jclass cls)
{
	(void)env;
	(void)cls;
	/* A filter at no address: EFAULT where flag and mode are known. */
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, NULL) < 0 && errno == EFAULT;
}
