/* What the program that drops a process's packets shares with what asks it to: records, byte order of the machine. */
#ifndef OUTGUARD_PID_DROP_H
#define OUTGUARD_PID_DROP_H

#include <linux/types.h>

#define PID_DROP_MOST 64

/* A process that cannot be mistaken for a later one with its number. */
struct pid_drop_id {
	__u64 start_ticks; /* field 22 of /proc/PID/stat, proc(5) */
	__u32 number;      /* in the pid namespace of whoever opened this */
	__u32 zero;
};

struct pid_drop_state {
	__u64 until;   /* CLOCK_BOOTTIME, nanoseconds; nothing is dropped from then on */
	__u64 packets; /* dropped so far */
	__u64 bytes;   /* of IP packets */
};

#endif
