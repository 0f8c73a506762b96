/*
 * Queues by which a program of user space takes packets from the kernel and gives them back (NFQUEUE). The programs tell
 * who speaks to netfilter, and /proc whether there is a queue where that process is; as long as there is, who sends is
 * noted where packets set out, by hooks in that network namespace.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "parts.h"

/* linux/bpf.h and linux/netfilter.h since Linux 6.4 */
#define NETFILTER_LINK 45 /* BPF_NETFILTER */
#define LINK_CREATE 28    /* BPF_LINK_CREATE */
#define PF_V4 2           /* NFPROTO_IPV4 */
#define PF_V6 10
#define LOCAL_OUT 3
#define FIRST (-2147483647) /* of all that there can be: one less is refused */
#define MOST_BEFORE 16      /* other instances that hook there: the kernel has one program at a priority */

#define LOOK_NANOS 1000000000ULL
#define SILENT_NANOS 5000000000ULL /* whoever gives packets back is heard once a second */

static uint64_t monotonic(void)
{
	struct timespec now = { 0 };

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

enum answer { NONE, SOME, NOT_SEEN };

/* Whether the table of queues of a process's namespace has any, where that is the namespace in question. */
static enum answer ask(const char *process, uint32_t netns)
{
	char path[96], byte;
	struct stat status;
	ssize_t length;
	int fd;

	snprintf(path, sizeof path, "%s/ns/net", process);
	if (stat(path, &status) || (uint32_t)status.st_ino != netns)
		return NOT_SEEN;
	snprintf(path, sizeof path, "%s/net/netfilter/nfnetlink_queue", process);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? NONE : NOT_SEEN;
	length = read(fd, &byte, 1);
	close(fd);
	return length > 0 ? SOME : NONE;
}

static enum answer queues_of(uint32_t tgid, uint32_t netns)
{
	enum answer own = ask("/proc/thread-self", netns);
	char process[32];

	if (own != NOT_SEEN || !tgid)
		return own;
	snprintf(process, sizeof process, "/proc/%u", tgid);
	return ask(process, netns);
}

/* libbpf knows this link since 1.3 only. */
static int link_first(int program, uint32_t family)
{
	struct {
		uint32_t program, target, type, flags, family, hook;
		int32_t priority;
		uint32_t more;
	} link = { .program = (uint32_t)program, .type = NETFILTER_LINK, .family = family, .hook = LOCAL_OUT };
	int made = -1;

	for (int before = 0; before < MOST_BEFORE; before++) {
		link.priority = FIRST + before;
		made = (int)syscall(__NR_bpf, LINK_CREATE, &link, sizeof link);
		if (made >= 0 || errno != EBUSY)
			break;
	}
	return made;
}

struct hooking {
	const struct eye *eye;
	struct queues *queues;
};

static void hook_both(void *argument)
{
	struct hooking *hooking = argument;

	hooking->queues->link[0] = link_first(hooking->eye->leave_program, PF_V4);
	hooking->queues->link[1] = link_first(hooking->eye->leave_program, PF_V6);
}

static void unhook(const struct eye *eye, struct queues *queues)
{
	bpf_map_delete_elem(eye->hooked, &queues->netns);
	for (int i = 0; i < 2; i++)
		if (queues->link[i] >= 0)
			close(queues->link[i]);
}

static struct queues *queues_in(struct eye *eye, uint32_t netns)
{
	for (size_t i = 0; i < eye->queues_count; i++)
		if (eye->queues[i].netns == netns)
			return &eye->queues[i];
	return NULL;
}

static void begin(struct eye *eye, uint32_t tgid, uint32_t netns)
{
	struct queues *queues = &eye->queues[eye->queues_count];
	struct hooking hooking = { eye, queues };

	*queues = (struct queues){ .netns = netns, .tgid = tgid, .heard = monotonic(), .link = { -1, -1 } };
	/* Without the hooks, too, it is known that packets are given back there, and then they are nobody's. */
	if (eye->leave_program >= 0)
		eye_in_namespace(tgid, netns, hook_both, &hooking);
	if (queues->link[0] >= 0 && queues->link[1] >= 0) {
		const uint8_t all = 1;

		bpf_map_update_elem(eye->hooked, &netns, &all, BPF_ANY);
	}
	eye->queues_count++;
}

int eye_take_queuer(void *context, void *data, size_t size)
{
	struct eye *eye = context;
	const struct eye_queuer *word = data;
	struct queues *known;
	uint32_t tgid;

	if (size < sizeof *word)
		return 0;
	known = queues_in(eye, word->netns);
	tgid = eye_number_here(eye, &word->id);
	if (known) {
		known->tgid = tgid;
		known->heard = monotonic();
	} else if (queues_of(tgid, word->netns) == SOME) {
		if (eye->queues_count < EYE_QUEUES)
			begin(eye, tgid, word->netns);
	} else {
		/* It speaks of other things: rules, connections. */
		bpf_map_delete_elem(eye->queuers, &word->id);
	}
	return 0;
}

/* A hook keeps its namespace alive, so it is taken away as soon as nobody has a queue there. */
static void forget_ended(struct eye *eye, uint64_t now)
{
	size_t kept = 0;

	for (size_t i = 0; i < eye->queues_count; i++) {
		enum answer answer = queues_of(eye->queues[i].tgid, eye->queues[i].netns);

		if (answer == SOME || (answer == NOT_SEEN && now - eye->queues[i].heard < SILENT_NANOS))
			eye->queues[kept++] = eye->queues[i];
		else
			unhook(eye, &eye->queues[i]);
	}
	eye->queues_count = kept;
}

/* Before Linux 6.3 nobody is told of, but our own namespace can be looked at: then the sockets of all are gone through. */
static void look_here(struct eye *eye)
{
	struct stat own;

	if (stat("/proc/thread-self/ns/net", &own) || queues_in(eye, (uint32_t)own.st_ino))
		return;
	if (queues_of(0, (uint32_t)own.st_ino) == SOME)
		eye_run_once(eye->sockets_program);
}

void eye_tend_queues(struct eye *eye)
{
	_Atomic uint64_t *given_back = (_Atomic uint64_t *)eye->given_back; /* not there where the programs are the plain ones */
	uint64_t now = monotonic(), before;
	bool look = now - eye->queues_looked >= LOOK_NANOS;

	if (look) {
		eye->queues_looked = now;
		forget_ended(eye, now);
	}
	if (look && !eye->hears && eye->sockets_program)
		look_here(eye);
	if (eye->plain) {
		if (look)
			plain_take_queuers(eye);
		if (!eye->queues_count)
			plain_forget_queuers(eye);
		return;
	}
	before = atomic_load(given_back);
	ring_buffer__consume(eye->queue_words);
	/* Of who came since then a word is still to be taken: then it stays as it is. */
	if (!eye->queues_count)
		atomic_compare_exchange_strong(given_back, &before, 0);
}

void eye_unhook_queues(struct eye *eye)
{
	while (eye->queues_count)
		unhook(eye, &eye->queues[--eye->queues_count]);
}
