/* What the parts of the eye know of each other. */
#ifndef OUTGUARD_EYE_PARTS_H
#define OUTGUARD_EYE_PARTS_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "eye.h"

#define MAX_DEVICES 1024
#define MAX_PRESENT 16384
#define MAX_ATTACHED 16
#define MAX_SESSIONS 4096

/* linux/bpf.h since Linux 6.4; libbpf knows neither before 1.3 */
#define PROG_NETFILTER ((enum bpf_prog_type)32)
#define ATTACH_NETFILTER ((enum bpf_attach_type)45)

#define INITIAL_PIDNS 0xEFFFFFFCu /* include/linux/proc_ns.h: PROC_PID_INIT_INO */
#define NO_PIDNS 1                /* of no namespace: no process has a number there */

/* A device hook; it goes with its descriptor. */
struct device {
	uint32_t netns;
	uint32_t ifindex;
	int link;
};

/* A network namespace in which a program takes packets from a queue and gives them back. */
struct queues {
	uint32_t netns;
	uint32_t tgid;  /* the latest process there that was heard of, by its number here */
	uint64_t heard; /* CLOCK_MONOTONIC */
	int link[2];    /* for IPv4 and IPv6; -1 where there is none */
};

struct eye {
	struct bpf_object *object;
	struct bpf_link *links[MAX_ATTACHED];
	size_t link_count;
	int frame_program; /* descriptor of the program for devices, -1 where there is none */
	int processes;
	int barrier;       /* an array of maps: an update of it waits until no program runs that began before */
	int barrier_inner;
	bool nested;       /* this process has another number for itself than the kernel's first one */
	struct ring_buffer *words;
	struct ring_buffer *sessions;
	struct eye_slot *slots; /* these two only while much is counted: see eye_unmap_counts() */
	uint64_t *taken;
	int slots_map;
	int taken_map;
	struct eye_state *state;
	struct device *devices;
	size_t device_count;
	struct queues queues[EYE_QUEUES];
	size_t queues_count;
	uint64_t queues_looked; /* CLOCK_MONOTONIC */
	struct ring_buffer *queue_words;
	struct bpf_program *sockets_program;
	bool hears;           /* who speaks to netfilter is told at once (sock_send_length) */
	uint64_t *given_back; /* of the programs: not 0 while anybody may give packets back */
	int leave_program;    /* descriptor of the program that notes who sends, -1 where there is none */
	int queuers;
	int hooked; /* descriptors of these maps */
	/* Processes that were there when it was opened; handed over first. */
	struct eye_facts *present;
	size_t present_room;
	size_t present_count;
	size_t present_taken;
	/* Of the plain programs: what the others have in memory of their own, and words that are not handed over yet. */
	bool plain;
	struct plain {
		int active_map, unowned_map, lost_map, given_back_map;
		int flows[2], others[2];
		uint32_t active;
		uint64_t lost_words;
		struct perf_buffer *words;
		struct eye_session *sessions;
		size_t session_count, session_taken;
	} old;
	/* Where eye_facts() stands while the ring buffer calls back. */
	struct eye_facts *facts;
	size_t facts_room;
	size_t facts_count;
	/* The same of eye_sessions(). */
	struct eye_session *told;
	size_t told_room;
	size_t told_count;
};

/* Inode of this process's pid namespace; 0 for the initial one, NO_PIDNS where it is not known. */
uint32_t eye_own_pidns(void);

/* Lists the processes that are there; 0 or a negative errno. */
int eye_read_present(struct eye *eye, struct bpf_program *program);

/* An iterator runs while it is read, and once is enough; 0 or a negative errno. */
int eye_run_once(struct bpf_program *program);

/* Takes one word of the ring buffer. */
int eye_take_word(void *context, void *data, size_t size);

/* Between two ticks of the kernel, by which the programs tell time. */
uint64_t eye_tick_nanos(void);

/* Takes one word of that of mail sessions. */
int eye_take_session(void *context, void *data, size_t size);

/* The whole memory of an array map; NULL with errno set where it cannot be had. */
void *eye_map_memory(const struct bpf_map *map, size_t *length);

/* The slots and the numbers of those in use, in memory; 0 or an errno. */
int eye_map_counts(struct eye *eye);

/* All 5 MB of them are resident as long as they are in memory, used or not: the kernel maps every page at once. */
void eye_unmap_counts(struct eye *eye);

/* The descriptor of a program for devices, or -1 where this kernel has no hooks that go with their opener. */
int eye_device_program(int program);

/* Hooks the devices of the network namespace of a process, by its number here, if it is still the one with that inode number. */
void eye_hook_devices(struct eye *eye, uint32_t tgid, uint32_t netns);

void eye_unhook_devices(struct eye *eye);

/*
 * Does something in the network namespace of a process, by its number here, if it is still the one with that inode number.
 * In a thread of its own, so that no other ever stands in a foreign namespace.
 */
void eye_in_namespace(uint32_t tgid, uint32_t netns, void (*work)(void *argument), void *argument);

/* What /proc calls a process; 0 where it does not show it. */
uint32_t eye_number_here(struct eye *eye, const struct eye_id *id);

/* Takes one word of that of queues. */
int eye_take_queuer(void *context, void *data, size_t size);

/* Looks which namespaces have queues now; to be called now and then, some times a second. */
void eye_tend_queues(struct eye *eye);

void eye_unhook_queues(struct eye *eye);

/* The same of the plain programs as of the others: tables, drain, facts, sessions; 0 or a negative errno, where there is one. */
int plain_make_tables(struct eye *eye);
int plain_drain(struct eye *eye, struct eye_drain *head);
void plain_take_words(struct eye *eye);
size_t plain_sessions(struct eye *eye, struct eye_session *to, size_t room);
void plain_take_queuers(struct eye *eye);
void plain_forget_queuers(struct eye *eye);
void plain_close(struct eye *eye);

/* Room for one more of those that were there; 0 or a negative errno. */
int eye_grow_present(struct eye *eye);

/* A directory descriptor of the root of the cgroup2 hierarchy, mounted for us alone where it is mounted nowhere. */
int eye_open_root_cgroup(void);

#endif
