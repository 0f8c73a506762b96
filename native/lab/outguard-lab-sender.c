/*
 * Sends UDP for the demonstration and the tests: a flood, or the DNS queries of a bystander.
 *
 *   outguard-lab-sender flood ADDRESS PORT PPS SECONDS PAYLOAD [UID]
 *   outguard-lab-sender dns   ADDRESS PORT PPS SECONDS [UID]
 *
 * A flood of 0 packets a second is one as fast as one core can send.
 *
 * It is bounded in everything, and it refuses any destination but the loopback and the networks that are set aside for
 * documentation (RFC 5737, RFC 3849), so that it is of no use outside of a lab.
 *
 * One line of JSON is printed when it begins to send, one when it ends: at its time, on SIGTERM or SIGINT, or when the
 * process that started it is gone.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <grp.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	MOST_PPS = 2000000,
	MOST_SECONDS = 600,
	MOST_PAYLOAD = 1400,
	BATCH = 256,
	EXIT_USAGE = 2,
};

static const int64_t SECOND = 1000000000;
static const int64_t MILLISECOND = 1000000;

/* The longest sleep, and so the longest time by which it outlives its parent. */
static const int64_t LONGEST_SLEEP = 50000000;

/* After a stall it catches up this much and forgets the rest: a burst of a second would be another kind of flood. */
static const int64_t LONGEST_BACKLOG = 100000000;

struct job {
	bool dns;
	const char *address;
	int port;
	int64_t pps;
	int64_t seconds;
	size_t payload;
	long uid;
};

struct tally {
	int64_t started_nanos;
	uint64_t sent;
	uint64_t errors;
	double seconds;
};

static volatile sig_atomic_t stopped;

static void on_stop(int signal_number)
{
	(void)signal_number;
	stopped = 1;
}

static int64_t nanos(clockid_t clock)
{
	struct timespec now;
	clock_gettime(clock, &now);
	return now.tv_sec * SECOND + now.tv_nsec;
}

static void usage(const char *problem)
{
	fprintf(stderr,
		"outguard-lab-sender: %s\n"
		"usage: outguard-lab-sender flood ADDRESS PORT PPS SECONDS PAYLOAD [UID]\n"
		"       outguard-lab-sender dns ADDRESS PORT PPS SECONDS [UID]\n",
		problem);
	exit(EXIT_USAGE);
}

static void die(const char *what)
{
	fprintf(stderr, "outguard-lab-sender: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static int64_t number(const char *text, int64_t least, int64_t most, const char *problem)
{
	char *end;
	errno = 0;
	long long value = strtoll(text, &end, 10);
	if (errno != 0 || end == text || *end != '\0' || value < least || value > most)
		usage(problem);
	return value;
}

static struct job parse(int argc, char **argv)
{
	struct job job = { .uid = -1 };
	if (argc < 2)
		usage("flood or dns?");
	job.dns = strcmp(argv[1], "dns") == 0;
	if (!job.dns && strcmp(argv[1], "flood") != 0)
		usage("flood or dns?");
	int fixed = job.dns ? 6 : 7;
	if (argc != fixed && argc != fixed + 1)
		usage("wrong number of arguments");
	job.address = argv[2];
	job.port = (int)number(argv[3], 1, 65535, "PORT is 1 to 65535");
	job.pps = number(argv[4], job.dns ? 1 : 0, MOST_PPS, "PPS is 1 to 2000000, or 0 for a flood as fast as it can");
	job.seconds = number(argv[5], 1, MOST_SECONDS, "SECONDS is 1 to 600");
	if (!job.dns)
		job.payload = (size_t)number(argv[6], 1, MOST_PAYLOAD, "PAYLOAD is 1 to 1400");
	if (argc > fixed)
		job.uid = (long)number(argv[fixed], 1, INT32_MAX, "UID is a number above 0");
	return job;
}

static bool is_lab_v4(uint32_t address)
{
	return address >> 24 == 127         /* loopback */
	       || address >> 8 == 0xc00002  /* 192.0.2.0/24 */
	       || address >> 8 == 0xc63364  /* 198.51.100.0/24 */
	       || address >> 8 == 0xcb0071; /* 203.0.113.0/24 */
}

static bool is_lab_v6(const struct in6_addr *address)
{
	static const uint8_t documentation[4] = { 0x20, 0x01, 0x0d, 0xb8 };
	return IN6_IS_ADDR_LOOPBACK(address) || memcmp(address->s6_addr, documentation, sizeof documentation) == 0;
}

static socklen_t destination(const struct job *job, struct sockaddr_storage *to)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)to;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)to;
	memset(to, 0, sizeof *to);
	if (inet_pton(AF_INET, job->address, &v4->sin_addr) == 1) {
		if (!is_lab_v4(ntohl(v4->sin_addr.s_addr)))
			usage("ADDRESS is neither loopback nor set aside for documentation");
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)job->port);
		return sizeof *v4;
	}
	if (inet_pton(AF_INET6, job->address, &v6->sin6_addr) == 1) {
		if (!is_lab_v6(&v6->sin6_addr))
			usage("ADDRESS is neither loopback nor set aside for documentation");
		v6->sin6_family = AF_INET6;
		v6->sin6_port = htons((uint16_t)job->port);
		return sizeof *v6;
	}
	usage("ADDRESS is not an address");
	return 0;
}

static void become(long uid)
{
	if (uid < 0)
		return;
	if (setgroups(0, NULL) != 0)
		die("setgroups");
	if (setgid((gid_t)uid) != 0)
		die("setgid");
	if (setuid((uid_t)uid) != 0)
		die("setuid");
}

/* Field 22 of /proc/self/stat, counted after the last bracket, since the name before it may hold anything (proc(5)). */
static unsigned long long start_ticks(void)
{
	char text[1024];
	FILE *stat = fopen("/proc/self/stat", "re");
	if (stat == NULL)
		die("/proc/self/stat");
	size_t length = fread(text, 1, sizeof text - 1, stat);
	fclose(stat);
	text[length] = '\0';
	char *field = strrchr(text, ')');
	for (int at = 2; field != NULL && at < 22; at++)
		field = strchr(field + 1, ' ');
	return field == NULL ? 0 : strtoull(field + 1, NULL, 10);
}

/* A query for the A record of example.com (RFC 1035, section 4.1). */
static size_t write_query(uint8_t *packet, uint16_t id)
{
	static const uint8_t rest[] = {
		0x01, 0x00,                                                                /* recursion desired */
		0,    1,    0,   0,   0,   0,   0,   0,                                    /* one question */
		7,    'e',  'x', 'a', 'm', 'p', 'l', 'e', 3, 'c', 'o', 'm', 0, 0, 1, 0, 1, /* A, IN */
	};
	packet[0] = (uint8_t)(id >> 8);
	packet[1] = (uint8_t)id;
	memcpy(packet + 2, rest, sizeof rest);
	return 2 + sizeof rest;
}

struct outbox {
	int socket;
	struct mmsghdr messages[BATCH];
	struct iovec part;
	uint8_t packet[MOST_PAYLOAD];
};

/* Tries `due` packets. What the kernel refuses, because of a firewall for instance, is an error and was tried. */
static void send_packets(struct outbox *outbox, const struct job *job, int64_t due, struct tally *tally)
{
	while (due > 0 && !stopped) {
		int64_t most = job->dns ? 1 : BATCH;
		if (job->dns)
			outbox->part.iov_len = write_query(outbox->packet, (uint16_t)(tally->sent + tally->errors));
		int sent = sendmmsg(outbox->socket, outbox->messages, (unsigned)(due < most ? due : most), 0);
		if (sent > 0) {
			tally->sent += (uint64_t)sent;
			due -= sent;
		} else if (errno != EINTR) {
			tally->errors++;
			due--;
		}
	}
}

static void sleep_until(int64_t at)
{
	struct timespec until = { .tv_sec = at / SECOND, .tv_nsec = at % SECOND };
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

static bool goes_on(int64_t now, int64_t end, pid_t parent)
{
	/* Not PR_SET_PDEATHSIG: that is sent when the parent's thread ends, which is not yet the end of the parent. */
	return !stopped && now < end && getppid() == parent;
}

/* As fast as one core can. */
static void run_unpaced(struct outbox *outbox, const struct job *job, pid_t parent, struct tally *tally)
{
	int64_t start = nanos(CLOCK_MONOTONIC);
	int64_t now = start;

	while (goes_on(now, start + job->seconds * SECOND, parent)) {
		send_packets(outbox, job, BATCH, tally);
		now = nanos(CLOCK_MONOTONIC);
	}
	tally->seconds = (double)(now - start) / (double)SECOND;
}

/*
 * Each millisecond the packets that have become due. The pace is kept against the clock and not from one sleep to the
 * next, so that late wake-ups do not add up.
 */
static void run(struct outbox *outbox, const struct job *job, pid_t parent, struct tally *tally)
{
	int64_t interval = SECOND / job->pps;
	int64_t pause = interval < MILLISECOND ? MILLISECOND : interval > LONGEST_SLEEP ? LONGEST_SLEEP : interval;
	int64_t backlog = job->pps * (LONGEST_BACKLOG / MILLISECOND) / 1000 + 1;
	int64_t start = nanos(CLOCK_MONOTONIC);
	int64_t end = start + job->seconds * SECOND;
	int64_t now = start;
	int64_t tried = 0;
	while (goes_on(now, end, parent)) {
		int64_t elapsed = now - start;
		int64_t target = elapsed / SECOND * job->pps + elapsed % SECOND * job->pps / SECOND + 1;
		int64_t due = target - tried;
		tried = target;
		send_packets(outbox, job, due > backlog ? backlog : due, tally);
		int64_t next = now + pause;
		sleep_until(next < end ? next : end);
		now = nanos(CLOCK_MONOTONIC);
	}
	tally->seconds = (double)(now - start) / (double)SECOND;
}

int main(int argc, char **argv)
{
	pid_t parent = getppid();
	struct job job = parse(argc, argv);
	struct sockaddr_storage to;
	socklen_t to_length = destination(&job, &to);
	become(job.uid);

	/* Opened by the user that it became: a firewall goes by who opened the socket. Not connected, as floods are. */
	static struct outbox outbox;
	outbox.socket = socket(to.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (outbox.socket < 0)
		die("socket");
	outbox.part = (struct iovec){ .iov_base = outbox.packet, .iov_len = job.payload };
	for (int i = 0; i < BATCH; i++)
		outbox.messages[i].msg_hdr = (struct msghdr){
			.msg_name = &to, .msg_namelen = to_length, .msg_iov = &outbox.part, .msg_iovlen = 1
		};

	struct sigaction on = { .sa_handler = on_stop };
	sigaction(SIGTERM, &on, NULL);
	sigaction(SIGINT, &on, NULL);

	unsigned long long ticks = start_ticks();
	struct tally tally = { .started_nanos = nanos(CLOCK_REALTIME) };
	printf("{\"pid\":%d,\"startTicks\":%llu,\"startedNanos\":%lld}\n", (int)getpid(), ticks,
	       (long long)tally.started_nanos);
	fflush(stdout);
	if (job.pps == 0)
		run_unpaced(&outbox, &job, parent, &tally);
	else
		run(&outbox, &job, parent, &tally);
	printf("{\"pid\":%d,\"startTicks\":%llu,\"uid\":%u,\"address\":\"%s\",\"port\":%d,\"sent\":%llu,\"errors\":%"
	       "llu,"
	       "\"seconds\":%.3f,\"startedNanos\":%lld}\n",
	       (int)getpid(), ticks, (unsigned)geteuid(), job.address, job.port, (unsigned long long)tally.sent,
	       (unsigned long long)tally.errors, tally.seconds, (long long)tally.started_nanos);
	return 0;
}
