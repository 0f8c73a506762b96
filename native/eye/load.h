/* The programs of each way to count, and how they come into the kernel. */
#ifndef OUTGUARD_EYE_LOAD_H
#define OUTGUARD_EYE_LOAD_H

#include "kernel_features.h"
#include "parts.h"

#define BYPASS \
	"frames of AF_PACKET sockets that bypass the queueing discipline are not seen, and which process serves a mail session is not known"

struct eye_program {
	const char *name;
	uint32_t needs;   /* features */
	uint32_t unless;  /* it is not needed where one of these is there */
	const char *loss; /* what is lost without it, in words; NULL where there is no eye without it */
};

struct eye_way_to_count {
	const struct eye_program *programs;
	size_t count;
	uint32_t needs; /* features without which it is not tried */
};

extern const struct eye_way_to_count eye_ways[EYE_WAYS];

/* What libbpf has to say is kept from here on, and not printed. */
void eye_listen_to_libbpf(void);

/* What it said last. */
const char *eye_last_warning(void);

/* Tells this build of the programs from others. */
uint64_t eye_programs_key(void);

/* Loads what the kernel takes of one way; 0 or a negative errno. What it refuses is noted in `decision`. */
int eye_load(struct eye *eye, enum eye_way way, struct eye_decision *decision, const char *btf);

#endif
