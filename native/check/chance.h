/* What the checks share: chance that a seed repeats, and what must hold. */
#ifndef OUTGUARD_CHANCE_H
#define OUTGUARD_CHANCE_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t random_state;

/* Takes the seed from the arguments, or else from the clock, and says it. */
static inline void begin_check(const char *name, int count, char **arguments)
{
	uint64_t seed = count > 1 ? strtoull(arguments[1], NULL, 0) : (uint64_t)time(NULL);

	printf("%s seed %" PRIu64 "\n", name, seed);
	random_state = seed * 2 + 1;
}

/* xorshift64* */
static inline uint64_t draw(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * UINT64_C(2685821657736338717);
}

static inline uint32_t below(uint32_t limit)
{
	return (uint32_t)(draw() >> 32) % limit;
}

static inline void fail(const char *what)
{
	fprintf(stderr, "does not hold: %s\n", what);
	exit(1);
}

static inline void must(bool holds, const char *what)
{
	if (!holds)
		fail(what);
}

static inline void *memory(size_t size)
{
	void *block = calloc(1, size ? size : 1);

	must(block != NULL, "memory");
	return block;
}

#endif
