/*
 * Drops what single processes send. Nothing is pinned: the program hangs on a file descriptor of this process and goes
 * with it, however it ends. For one thread at a time.
 */
#ifndef OUTGUARD_EYE_PID_DROP_H
#define OUTGUARD_EYE_PID_DROP_H

#include <stddef.h>

#include "../include/pid_drop.h"

struct pid_drop;

/* Loads and attaches the program; NULL with a reason in words where that cannot be. */
struct pid_drop *pid_drop_open(char *reason, size_t size);

/* Begins to drop, or goes on for another time with a new counter; 0 or an errno, ENOSPC where too many are. */
int pid_drop_begin(struct pid_drop *drop, const struct pid_drop_id *id, __u64 nanos);

/* Ends it; 0 or an errno, ENOENT where nothing was dropped of it. */
int pid_drop_end(struct pid_drop *drop, const struct pid_drop_id *id);

/* What was dropped; 0 or an errno, ENOENT where nothing is dropped of it. */
int pid_drop_look(struct pid_drop *drop, const struct pid_drop_id *id, struct pid_drop_state *to);

void pid_drop_close(struct pid_drop *drop);

#endif
