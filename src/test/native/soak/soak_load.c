/*
 * What packaging/soak sends, all at once and each at its rate: processes that send one datagram and end, flows (datagrams that each have
 * a socket of their own), a spray (one socket, each datagram to another address), and lines of a mail log. Sends to the addresses
 * for benchmarks alone (198.18.0.0/15, RFC 2544).
 *
 * soak_load seconds processes flows spray lines LOG
 * A log of more than 64 MB is put aside as LOG.1. At the end it prints what it did.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FIRST UINT32_C(0xc6120000) /* 198.18.0.0 */
#define ADDRESSES (UINT32_C(1) << 17)
#define FLOW_TARGETS 64
#define MOST_LOG (64L << 20)

enum { PROCESSES, FLOWS, SPRAY, LINES, KINDS };
static const char *const names[] = { "processes", "flows", "spray", "lines" };

static uint64_t chance = 88172645463325252u;
static FILE *log_file;
static const char *log_name;
static int spray_socket;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static uint32_t draw(uint32_t limit)
{
	chance ^= chance << 13;
	chance ^= chance >> 7;
	chance ^= chance << 17;
	return (uint32_t)(chance >> 32) % limit;
}

static void send_one(int s, uint32_t address, int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address) };

	(void)!sendto(s, "soak", 4, 0, (struct sockaddr *)&to, sizeof to);
}

static void process(void)
{
	pid_t child = vfork();

	if (child == 0) {
		int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

		send_one(s, FIRST + draw(FLOW_TARGETS), 53);
		_exit(0);
	}
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static void flow(void)
{
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	send_one(s, FIRST + draw(FLOW_TARGETS), 443);
	close(s);
}

/* A message of five lines. */
static void line(uint64_t number)
{
	char at[32];
	time_t t = time(NULL);
	unsigned long id = (unsigned long)(number / 5) + 0x10000000;

	strftime(at, sizeof at, "%b %e %H:%M:%S", localtime(&t));
	switch (number % 5) {
	case 0:
		fprintf(log_file, "%s soak postfix/pickup[100]: %lX: uid=33 from=<www-data>\n", at, id);
		break;
	case 1:
		fprintf(log_file, "%s soak postfix/cleanup[101]: %lX: message-id=<%lX@soak.example.org>\n", at, id, id);
		break;
	case 2:
		fprintf(log_file, "%s soak postfix/qmgr[102]: %lX: from=<www-data@soak.example.org>, size=400, nrcpt=1 (queue active)\n",
			at, id);
		break;
	case 3:
		fprintf(log_file,
			"%s soak postfix/smtp[103]: %lX: to=<u%lu@example.net>, relay=mx.example.net[198.18.0.1]:25, delay=1, "
			"delays=0/0/1/0, dsn=2.0.0, status=sent (250 ok)\n",
			at, id, id % 100000);
		break;
	default:
		fprintf(log_file, "%s soak postfix/qmgr[102]: %lX: removed\n", at, id);
	}
}

static FILE *open_log(void)
{
	FILE *file = fopen(log_name, "a");

	if (!file) {
		perror(log_name);
		exit(1);
	}
	return file;
}

static void turn_log(void)
{
	char aside[4096];

	fflush(log_file);
	if (ftell(log_file) < MOST_LOG)
		return;
	snprintf(aside, sizeof aside, "%s.1", log_name);
	fclose(log_file);
	rename(log_name, aside);
	log_file = open_log();
}

static void one(int kind, uint64_t number)
{
	switch (kind) {
	case PROCESSES:
		process();
		break;
	case FLOWS:
		flow();
		break;
	case SPRAY:
		send_one(spray_socket, FIRST + draw(ADDRESSES), 123);
		break;
	default:
		line(number);
	}
}

int main(int count, char **arguments)
{
	uint64_t done[KINDS] = { 0 };
	double begun, length;

	if (count != 7) {
		fprintf(stderr, "usage: soak_load seconds processes flows spray lines log\n");
		return 2;
	}
	length = atof(arguments[1]);
	log_name = arguments[6];
	log_file = open_log();
	spray_socket = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	begun = now();
	for (double since = 0; since < length; since = now() - begun) {
		for (int kind = 0; kind < KINDS; kind++) {
			uint64_t due = (uint64_t)(since * atof(arguments[2 + kind]));

			while (done[kind] < due)
				one(kind, done[kind]++);
		}
		turn_log();
		nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
	}
	fclose(log_file);
	printf("{\"seconds\":%.1f", now() - begun);
	for (int kind = 0; kind < KINDS; kind++)
		printf(",\"%s\":%llu", names[kind], (unsigned long long)done[kind]);
	printf("}\n");
	return 0;
}
