/* What a kernel has that the programs want, and why there is no eye where it has too little. */
#ifndef OUTGUARD_EYE_FEATURES_H
#define OUTGUARD_EYE_FEATURES_H

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "eye.h"

enum {
	EYE_TYPES = 1 << 0,          /* the kernel describes its own types (BTF), so programs may follow its pointers */
	EYE_JIT = 1 << 1,            /* programs are compiled */
	EYE_CGROUP = 1 << 2,         /* programs at control groups */
	EYE_NET_TASK = 1 << 3,       /* network programs learn who runs, by copies: since Linux 5.8 */
	EYE_FETCH = 1 << 4,          /* atomic operations with a result: since Linux 5.12 */
	EYE_NET_FOLLOWS = 1 << 5,    /* network programs follow pointers to who runs: since Linux 6.10 */
	EYE_KERN_CTX = 1 << 6,       /* and to their packet, and so to its socket: both, and JIT */
	EYE_SEND_LENGTH = 1 << 7,    /* the tracepoint sock_send_length: since Linux 6.3 */
	EYE_NETFILTER = 1 << 8,      /* programs of type netfilter: since Linux 6.4 */
	EYE_TCX = 1 << 9,            /* device hooks that go with their opener: since Linux 6.6 */
	EYE_ITERATORS = 1 << 10,     /* over processes and their files: since Linux 5.8 */
	EYE_ALL = (1 << 11) - 1,
};

/* The ways to count, the best first. */
enum eye_way {
	EYE_NEWER,     /* kernel_eye.bpf.c */
	EYE_PLAIN,     /* plain_eye.bpf.c, by control group */
	EYE_AT_QUEUES, /* the same, by device */
	EYE_WAYS,
};

/* What was found out about a kernel; kept for this boot. */
struct eye_decision {
	uint32_t features;
	uint32_t way; /* that worked, of eye_way */
	/* Of each way a bit for each of its programs that the kernel did not take, though it has what they need. */
	uint32_t refused[EYE_WAYS];
};

/* Whether this process may load programs that read the kernel's memory: 0 or a negative errno. */
int eye_may_load(void);

/* What this process may do, a bit for each capability (proc(5), CapEff). */
unsigned long long eye_capabilities(void);

/* Whether it may attach programs to control groups and devices. */
bool eye_may_attach(void);

/* Finds out what the kernel has. */
void eye_find_features(uint32_t *features);

/* What one of the missing features is, in words, and since when kernels have it. */
const char *eye_feature_words(uint32_t missing);

/* The first line of a small file, with a zero behind all that was read; returns its length, 0 where it cannot be read. */
size_t eye_read_line(const char *path, char *to, size_t size);

bool eye_locked_down(void);

bool eye_has_jit(void);

bool eye_describes_itself(void);

/* Why no program may be loaded, and what to do. */
void eye_refusal(char reason[EYE_REASON], int error);

/* An errno of loading or attaching, in words. */
const char *eye_error_words(int error);

/* What was found out since this machine started, by these programs; false where nothing was. `key` names them. */
bool eye_recall(uint64_t key, struct eye_decision *decision);

/* Keeps it, where that can be. */
void eye_keep_decision(uint64_t key, const struct eye_decision *decision);

#endif
