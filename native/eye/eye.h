/*
 * Opens the kernel eye, drains and closes it. For one thread at a time. Nothing is pinned: whatever is attached hangs on
 * file descriptors of this process and goes with it, however it ends.
 */
#ifndef OUTGUARD_EYE_H
#define OUTGUARD_EYE_H

#include <linux/types.h>
#include <stdbool.h>
#include <stddef.h>

#include "kernel_eye.h"

#define EYE_REASON 512
#define EYE_LIMITS 4096

struct eye;

/* As on which kernels to open it, to try that on newer ones. */
enum eye_age {
	EYE_AS_IT_IS,
	EYE_BEFORE_6_6,  /* without direct reads and device hooks */
	EYE_BEFORE_5_12, /* also without atomic operations that have a result, socket storage, ring buffers */
	EYE_BEFORE_5_8,  /* also without network programs that learn who runs, and iterators */
};

/* How to open it; zeros for the usual way. */
struct eye_options {
	enum eye_age age;
	const char *btf; /* a file that describes the types of this very kernel, for one that does not itself; NULL for none */
};

/*
 * Returns NULL with a reason in words where it cannot count. `limits` takes a sentence a line for whatever this kernel
 * does not let it see.
 */
struct eye *eye_open(const struct eye_options *options, char reason[EYE_REASON], char limits[EYE_LIMITS]);

/*
 * What was counted since the last call: a struct eye_drain and the slots, in `size` bytes; EYE_DRAIN_BYTES are enough.
 * Returns 0 or an errno. It waits until no program writes into what it reads, some milliseconds.
 */
int eye_drain(struct eye *eye, void *to, size_t size);

#define EYE_DRAIN_BYTES (sizeof(struct eye_drain) + EYE_BUFFER_SLOTS * sizeof(struct eye_slot))

/* Takes facts that were told, as many as there is room for; returns how many. Comes behind a drain, before the next. */
size_t eye_facts(struct eye *eye, struct eye_facts *to, size_t room);

/* Takes what was told of mail sessions, as many words as there is room for; returns how many. Comes behind a drain. */
size_t eye_sessions(struct eye *eye, struct eye_session *to, size_t room);

/* Where a process comes from; false where it is not known (any more). */
bool eye_lineage(struct eye *eye, const struct eye_id *id, struct eye_lineage *to);

void eye_close(struct eye *eye);

#endif
