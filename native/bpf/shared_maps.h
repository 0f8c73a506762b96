/* What the programs of both kinds share with user space, and the settings that are fixed when they are loaded. */
#ifndef OUTGUARD_SHARED_MAPS_H
#define OUTGUARD_SHARED_MAPS_H

const volatile struct eye_settings settings SEC(".rodata.settings") = {};

/*
 * Not 0 while anybody may give packets back (queues.h). Of all others this is all that packets cost. It counts, so that user
 * space sees whether somebody came while it set it back.
 */
volatile uint64_t og_given_back SEC(".data.queues") = 0;

/* Who speaks to netfilter; user space takes out who has no queue. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1024);
	__type(key, struct eye_id);
	__type(value, uint32_t);
} og_queuers SEC(".maps");

/* Latest processes: an LRU map forgets the oldest, and a process that is met again is told anew. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 32768);
	__type(key, struct eye_id);
	__type(value, struct eye_lineage);
} og_processes SEC(".maps");

/* Who writes to a socket whose packets also leave without the writer running: TCP and its like. */
struct stamp {
	struct eye_id user;
	struct eye_id other; /* another process, of which something may still be on its way */
	uint32_t uid;
	uint32_t other_uid;
	uint64_t changed; /* when `other` was last seen, CLOCK_MONOTONIC */
	bool wrote;       /* false while the user only listens or connects */
	bool subflow;     /* see struct place */
};

/* Room for the facts that a stack has not; of one iterator at a time. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct eye_facts);
} og_scratch SEC(".maps");

#endif
