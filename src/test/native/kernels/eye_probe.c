/*
 * eye_probe SECONDS [AGE [BTF]]
 *
 * Opens the kernel eye without Java and says what it counted, so that a machine of a kernel and little else can try it
 * (packaging/verify-kernels). AGE is a number of enum eye_age, 0 for all that the kernel has; BTF a file with the types of a
 * kernel that does not describe them itself. Ends sooner where the file that STOP names appears. Lines:
 *
 *   EYE open SECONDS | EYE refused SECONDS REASON
 *   EYE limit SENTENCE
 *   EYE count KIND PORT PACKETS CONNECTS PID SECOND_TGID UID   for each sender, port and kind, by its number here
 *   EYE all PACKETS UNOWNED LOST_FACTS
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "eye.h"
#include "parts.h"

#define FACTS 64
#define SUMS 4096
#define DRAIN_NANOS 250000000L

struct sum {
	struct eye_key key;
	uint64_t packets;
	uint64_t connects;
};

static const char *const kinds[] = { "?", "ip", "packet", "bypass", "kernel", "other", "queued" };

static struct sum sums[SUMS];
static size_t used;
static uint64_t all, unowned, lost_facts;

static double seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* By sender, port and kind: wherever it went, by whichever device. */
static void add(const struct eye_slot *slot)
{
	struct eye_key key = slot->key;
	size_t i = 0;

	memset(key.remote, 0, sizeof key.remote);
	key.ifindex = 0;
	key.netns = 0;
	if (!key.tgid)
		key.port = 0; /* answers of the kernel to ports that come and go */
	while (i < used && memcmp(&sums[i].key, &key, sizeof key))
		i++;
	if (i == SUMS) {
		puts("EYE refused 0 more senders than the probe has room for");
		exit(1);
	}
	if (i == used)
		sums[used++].key = key;
	sums[i].packets += slot->packets;
	sums[i].connects += slot->connects;
}

static int drain(struct eye *eye, char *buffer)
{
	static struct eye_facts facts[FACTS];
	static struct eye_session sessions[FACTS];
	int error = eye_drain(eye, buffer, EYE_DRAIN_BYTES);
	const struct eye_drain *head = (const struct eye_drain *)buffer;
	const struct eye_slot *slot = (const struct eye_slot *)(head + 1);

	if (error)
		return error;
	all += head->packets;
	unowned += head->unowned_packets;
	lost_facts = head->lost_facts;
	for (uint32_t i = 0; i < head->slots; i++)
		add(&slot[i]);
	/* What is told is not looked at, but a ring that nobody reads would fill. */
	while (eye_facts(eye, facts, FACTS) == FACTS)
		;
	while (eye_sessions(eye, sessions, FACTS) == FACTS)
		;
	return 0;
}

static int watch(struct eye *eye, double until)
{
	const struct timespec pause = { .tv_nsec = DRAIN_NANOS };
	const char *stop = getenv("STOP");
	char *buffer = malloc(EYE_DRAIN_BYTES);
	bool last = false;
	int error = 0;

	while (!error && !last) {
		/* Once more behind the word to stop: what was counted until then. */
		last = seconds() >= until || (stop && !access(stop, F_OK));
		nanosleep(&pause, NULL);
		error = buffer ? drain(eye, buffer) : ENOMEM;
	}
	free(buffer);
	if (error)
		printf("EYE refused 0 a drain failed: %s\n", strerror(error));
	return error;
}

/* As whoever started the sender here knows it. */
static unsigned number(struct eye *eye, uint32_t tgid, uint64_t start)
{
	const struct eye_id id = { .tgid = tgid, .start = start };

	return tgid ? eye_number_here(eye, &id) : 0;
}

int main(int argc, char **argv)
{
	struct eye_options options = { .age = argc > 2 ? (enum eye_age)atoi(argv[2]) : EYE_AS_IT_IS, .btf = argc > 3 ? argv[3] : NULL };
	static char reason[EYE_REASON], limits[EYE_LIMITS];
	double begun = seconds(), took;
	struct eye *eye;
	int error;

	if (argc < 2) {
		fprintf(stderr, "eye_probe SECONDS [AGE [BTF]]\n");
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	eye = eye_open(&options, reason, limits);
	took = seconds() - begun;
	if (!eye) {
		printf("EYE refused %.1f %s\n", took, reason);
		return 1;
	}
	printf("EYE open %.1f\n", took);
	for (char *limit = strtok(limits, "\n"); limit; limit = strtok(NULL, "\n"))
		printf("EYE limit %s\n", limit);
	error = watch(eye, seconds() + strtod(argv[1], NULL));
	for (size_t i = 0; i < used && !error; i++) {
		const struct eye_key *key = &sums[i].key;

		printf("EYE count %s %u %lu %lu %u %u %d\n", kinds[key->kind % 7], key->port, (unsigned long)sums[i].packets,
		       (unsigned long)sums[i].connects, number(eye, key->tgid, key->start), key->second_tgid, (int)key->uid);
	}
	printf("EYE all %lu %lu %lu\n", (unsigned long)all, (unsigned long)unowned, (unsigned long)lost_facts);
	eye_close(eye);
	return error != 0;
}
