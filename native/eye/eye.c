/*
 * Opens and closes the eye: what this kernel takes is decided, loaded at once and attached, and what it cannot do is said in
 * words.
 */
#define _GNU_SOURCE
#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "load.h"

static void add_limit(char limits[EYE_LIMITS], const char *loss, const char *why)
{
	size_t length = strlen(limits);

	snprintf(limits + length, EYE_LIMITS - length, "%s (%s)\n", loss, why);
}

static int keep(struct eye *eye, struct bpf_link *link)
{
	if (!link)
		return -errno;
	if (eye->link_count == MAX_ATTACHED) {
		bpf_link__destroy(link);
		return -E2BIG;
	}
	eye->links[eye->link_count++] = link;
	return 0;
}

static int attach_packet(struct eye *eye, struct bpf_program *program)
{
	int cgroup = eye_open_root_cgroup(), error;

	if (cgroup < 0)
		return -errno;
	error = keep(eye, bpf_program__attach_cgroup(program, cgroup));
	close(cgroup);
	return error;
}

static int attach_frames(struct eye *eye, struct bpf_program *program)
{
	eye->frame_program = eye_device_program(bpf_program__fd(program));
	return eye->frame_program < 0 ? -errno : 0;
}

static int attach(struct eye *eye, const char *name)
{
	struct bpf_program *program = bpf_object__find_program_by_name(eye->object, name);

	if (!strncmp(name, "og_packet", 9)) {
		eye_tend_queues(eye); /* of those that are there already, before the first packet is counted */
		return attach_packet(eye, program);
	}
	if (!strcmp(name, "og_leaves")) {
		eye->leave_program = bpf_program__fd(program);
		return 0; /* its hooks are where queues are */
	}
	if (!strcmp(name, "og_sockets")) {
		eye->sockets_program = program;
		return eye_run_once(program);
	}
	if (!strcmp(name, "og_present"))
		return eye_read_present(eye, program);
	if (!strncmp(name, "og_frame", 8))
		return attach_frames(eye, program);
	if (!strcmp(name, "og_sent"))
		eye->hears = true;
	return keep(eye, bpf_program__attach(program));
}

static int attach_all(struct eye *eye, enum eye_way number, const struct eye_decision *decision, char limits[EYE_LIMITS])
{
	const struct eye_way_to_count *way = &eye_ways[number];

	/* Lineage before packets: the first sender is to be known already. */
	for (size_t i = way->count; i-- > 0;) {
		const struct eye_program *one = &way->programs[i];
		uint32_t lacks = one->needs & ~decision->features;
		int error;

		if (one->unless & decision->features)
			continue;
		if (lacks) {
			/* Of two for the same, one lacks what the other is there for. */
			if (one->loss && lacks != EYE_KERN_CTX && !(lacks & EYE_TCX))
				add_limit(limits, one->loss, eye_feature_words(lacks));
			continue;
		}
		if (decision->refused[number] >> i & 1) {
			add_limit(limits, one->loss, "this kernel does not take the program for it");
			continue;
		}
		error = attach(eye, one->name);
		if (error && !one->loss)
			return error;
		if (error)
			add_limit(limits, one->loss, eye_error_words(error));
	}
	return 0;
}

/* Why something is not there: the kernel lacks the feature, or does not take the way to count that would use it. */
static const char *why_not(uint32_t feature, enum eye_way better, uint32_t features)
{
	uint32_t lacks = (feature | eye_ways[better].needs) & ~features;

	/* Without its types it is not known what else a kernel has. */
	if (feature & lacks && !(lacks & EYE_TYPES))
		return eye_feature_words(feature);
	return lacks ? eye_feature_words(lacks) : "this kernel does not take the programs for it";
}

/* What is lost by the way itself. */
static void add_limits_of(enum eye_way way, uint32_t features, char limits[EYE_LIMITS])
{
	if (way != EYE_NEWER || !(features & EYE_TCX))
		add_limit(limits, "frames of packet rings (PACKET_TX_RING) have no destination", why_not(EYE_TCX, EYE_NEWER, features));
	if (way == EYE_NEWER)
		return;
	add_limit(limits, BYPASS, why_not(EYE_SEND_LENGTH, EYE_NEWER, features));
	add_limit(limits, "of more than 32,768 connections at once some have no owner between two writes",
		  why_not(EYE_FETCH, EYE_NEWER, features));
	if (way == EYE_PLAIN)
		return;
	add_limit(limits, "a packet that waited for a link address (ARP) counts for whoever runs when it leaves",
		  why_not(EYE_NET_TASK, EYE_PLAIN, features));
	add_limit(limits, "packets that a program takes from a queue and gives back (NFQUEUE) count for that program",
		  why_not(EYE_NET_TASK, EYE_PLAIN, features));
}

void *eye_map_memory(const struct bpf_map *map, size_t *length)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *memory;

	*length = ((size_t)bpf_map__value_size(map) * bpf_map__max_entries(map) + page - 1) & ~(page - 1);
	memory = mmap(NULL, *length, PROT_READ | PROT_WRITE, MAP_SHARED, bpf_map__fd(map), 0);
	return memory == MAP_FAILED ? NULL : memory;
}

static void *memory_of(struct eye *eye, const char *name)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(eye->object, name);
	size_t length;

	return map ? eye_map_memory(map, &length) : NULL;
}

static void forget_memory(struct eye *eye, const char *name, void *memory)
{
	const struct bpf_map *map = bpf_object__find_map_by_name(eye->object, name);
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (map && memory)
		munmap(memory, ((size_t)bpf_map__value_size(map) * bpf_map__max_entries(map) + page - 1) & ~(page - 1));
}

int eye_map_counts(struct eye *eye)
{
	if (!eye->slots)
		eye->slots = memory_of(eye, "og_slots");
	if (!eye->taken)
		eye->taken = memory_of(eye, "og_taken");
	return eye->slots && eye->taken ? 0 : errno ? errno : ENOMEM;
}

void eye_unmap_counts(struct eye *eye)
{
	forget_memory(eye, "og_slots", eye->slots);
	forget_memory(eye, "og_taken", eye->taken);
	eye->slots = NULL;
	eye->taken = NULL;
}

static int make_barrier(struct eye *eye)
{
	LIBBPF_OPTS(bpf_map_create_opts, options);

	eye->barrier_inner = bpf_map_create(BPF_MAP_TYPE_ARRAY, "og_inner", sizeof(int), sizeof(int), 1, NULL);
	if (eye->barrier_inner < 0)
		return -errno;
	options.inner_map_fd = (uint32_t)eye->barrier_inner;
	eye->barrier = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "og_barrier", sizeof(int), sizeof(int), 1, &options);
	return eye->barrier < 0 ? -errno : 0;
}

static int make_newer_tables(struct eye *eye)
{
	int words = bpf_object__find_map_fd_by_name(eye->object, "og_words");
	int sessions = bpf_object__find_map_fd_by_name(eye->object, "og_sessions");
	int queuers = bpf_object__find_map_fd_by_name(eye->object, "og_queue_words");

	eye->slots_map = bpf_object__find_map_fd_by_name(eye->object, "og_slots");
	eye->taken_map = bpf_object__find_map_fd_by_name(eye->object, "og_taken");
	eye->state = memory_of(eye, "og_state");
	eye->given_back = memory_of(eye, ".data.queues");
	if (eye_map_counts(eye) || !eye->state || !eye->given_back)
		return errno ? -errno : -ENOMEM;
	eye->words = ring_buffer__new(words, eye_take_word, eye, NULL);
	eye->sessions = ring_buffer__new(sessions, eye_take_session, eye, NULL);
	eye->queue_words = ring_buffer__new(queuers, eye_take_queuer, eye, NULL);
	return eye->words && eye->sessions && eye->queue_words ? 0 : -errno;
}

static int make_tables(struct eye *eye)
{
	int error;

	eye->processes = bpf_object__find_map_fd_by_name(eye->object, "og_processes");
	eye->queuers = bpf_object__find_map_fd_by_name(eye->object, "og_queuers");
	eye->hooked = bpf_object__find_map_fd_by_name(eye->object, "og_hooked");
	eye->nested = eye_own_pidns() != 0;
	eye->devices = calloc(MAX_DEVICES, sizeof *eye->devices);
	if (!eye->devices)
		return -ENOMEM;
	error = eye->plain ? plain_make_tables(eye) : make_newer_tables(eye);
	return error ? error : make_barrier(eye);
}

static struct eye *fail(struct eye *eye, char reason[EYE_REASON], const char *what, int error)
{
	snprintf(reason, EYE_REASON, "%s: %s", what, eye_error_words(error));
	eye_close(eye);
	return NULL;
}

/* In one of the ways to count; NULL with a reason where that cannot be. */
static struct eye *open_way(enum eye_way way, struct eye_decision *decision, const char *btf, char reason[EYE_REASON],
			    char limits[EYE_LIMITS])
{
	struct eye *eye = calloc(1, sizeof *eye);
	int error;

	limits[0] = 0;
	if (!eye)
		return fail(NULL, reason, "the eye cannot be opened", ENOMEM);
	eye->frame_program = eye->leave_program = eye->processes = eye->barrier = eye->barrier_inner = -1;
	eye->plain = way != EYE_NEWER;
	error = eye_load(eye, way, decision, btf);
	if (error) {
		snprintf(reason, EYE_REASON, "this kernel does not take the program that counts packets: %s (%.300s)",
			 eye_error_words(error), eye_last_warning());
		eye_close(eye);
		return NULL;
	}
	error = make_tables(eye);
	if (error)
		return fail(eye, reason, "the tables of the kernel eye cannot be had", error);
	error = attach_all(eye, way, decision, limits);
	if (error)
		return fail(eye, reason, "packets cannot be counted at the root of the control groups", error);
	add_limits_of(way, decision->features, limits);
	return eye;
}

/* Takes away what kernels of an age have not. */
static uint32_t features_of(enum eye_age age)
{
	uint32_t none = 0;

	if (age >= EYE_BEFORE_6_6)
		none |= EYE_TCX | EYE_NET_FOLLOWS | EYE_KERN_CTX | EYE_NETFILTER;
	if (age >= EYE_BEFORE_5_12)
		none |= EYE_FETCH | EYE_SEND_LENGTH;
	if (age >= EYE_BEFORE_5_8)
		none |= EYE_NET_TASK | EYE_ITERATORS;
	return ~none;
}

/* Whether there is a description of the kernel's types; else the reason says how to get one. */
static bool described(const struct eye_decision *decision, const char *path, char reason[EYE_REASON])
{
	struct btf *btf;

	if (decision->features & EYE_TYPES)
		return true;
	btf = path ? btf__parse(path, NULL) : btf__load_vmlinux_btf();
	if (btf && btf__find_by_name_kind(btf, "task_struct", BTF_KIND_STRUCT) > 0) {
		btf__free(btf);
		return true;
	}
	if (path)
		snprintf(reason, EYE_REASON, "%s is no BTF file of a kernel: %s", path,
			 btf ? "it does not describe task_struct" : access(path, R_OK) ? strerror(errno) : "it has not the format, or no section .BTF");
	else
		snprintf(reason, EYE_REASON,
			 "the kernel does not describe its types (BTF; it was built without CONFIG_DEBUG_INFO_BTF): give the BTF file of just this kernel by --btf FILE");
	btf__free(btf);
	return false;
}

/* The first way that works, the best first. */
static struct eye *open_any(struct eye_decision *decision, const char *btf, char reason[EYE_REASON], char limits[EYE_LIMITS])
{
	char first[EYE_REASON] = "";

	for (enum eye_way way = decision->way; way < EYE_WAYS; way++) {
		struct eye *eye;

		if (eye_ways[way].needs & ~decision->features)
			continue;
		eye = open_way(way, decision, btf, reason, limits);
		if (eye) {
			decision->way = way;
			return eye;
		}
		if (!first[0])
			snprintf(first, sizeof first, "%s", reason);
	}
	snprintf(reason, EYE_REASON, "%s", first);
	return NULL;
}

struct eye *eye_open(const struct eye_options *options, char reason[EYE_REASON], char limits[EYE_LIMITS])
{
	bool usual = options->age == EYE_AS_IT_IS;
	struct eye_decision decision = { 0 };
	uint64_t key = eye_programs_key();
	struct eye *eye;
	int error;

	limits[0] = reason[0] = 0;
	eye_listen_to_libbpf();
	error = eye_may_load();
	if (error) {
		eye_refusal(reason, error);
		return NULL;
	}
	if (!usual || !eye_recall(key, &decision)) {
		eye_find_features(&decision.features);
		decision.features &= features_of(options->age);
	}
	if (!described(&decision, options->btf, reason))
		return NULL;
	eye = open_any(&decision, options->btf, reason, limits);
	if (eye && usual)
		eye_keep_decision(key, &decision);
	return eye;
}

void eye_close(struct eye *eye)
{
	if (!eye)
		return;
	if (eye->devices)
		eye_unhook_devices(eye);
	eye_unhook_queues(eye);
	free(eye->devices);
	free(eye->present);
	while (eye->link_count)
		bpf_link__destroy(eye->links[--eye->link_count]);
	ring_buffer__free(eye->words);
	ring_buffer__free(eye->sessions);
	ring_buffer__free(eye->queue_words);
	if (eye->object) {
		eye_unmap_counts(eye);
		forget_memory(eye, "og_state", eye->state);
		forget_memory(eye, ".data.queues", eye->given_back);
	}
	plain_close(eye);
	bpf_object__close(eye->object);
	if (eye->barrier >= 0)
		close(eye->barrier);
	if (eye->barrier_inner >= 0)
		close(eye->barrier_inner);
	free(eye);
}
