/* What the programs share with user space and with each other, and the settings that are fixed when they are loaded. */
#ifndef OUTGUARD_MAPS_H
#define OUTGUARD_MAPS_H

const volatile struct eye_settings settings SEC(".rodata.settings") = {};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 2 * EYE_BUFFER_SLOTS);
	__type(key, uint32_t);
	__type(value, struct eye_slot);
} og_slots SEC(".maps");

/* Numbers of the slots in use, in the order in which they were taken, so that only those are read. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 2 * EYE_BUFFER_SLOTS);
	__type(key, uint32_t);
	__type(value, uint64_t); /* an array's elements lie eight bytes apart at least */
} og_taken SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct eye_state);
} og_state SEC(".maps");

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
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct stamp);
} og_stamps SEC(".maps");

/* An AF_PACKET socket that sends. */
struct packet_sender {
	uint64_t seen;     /* frames that a device hook saw since the last send call ended */
	uint64_t told;     /* when user space was asked for a hook, CLOCK_MONOTONIC */
	uint32_t position; /* in the socket's ring */
	uint32_t reserved;
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct packet_sender);
} og_senders SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} og_words SEC(".maps");

/* Room for the facts that a stack has not; of one iterator at a time. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, uint32_t);
	__type(value, struct eye_facts);
} og_scratch SEC(".maps");

#endif
