/*
 * What this kernel has, learned before anything is loaded: from the names in its BTF, which are there where the code is, and
 * from programs of a few instructions. No version is asked for, since distributions bring parts of newer kernels into theirs.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel_features.h"
#include "parts.h"

#define BTF_FILE "/sys/kernel/btf/vmlinux"
#define MOST_BTF (256L << 20)

/* linux/bpf.h since Linux 5.11 */
#define FUNC_CURRENT_TASK_BTF 158

#define MOVE(to, value) { .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = (to), .imm = (value) }
#define FRAME(to) { .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = (to), .src_reg = BPF_REG_10 }
#define ADD(to, value) { .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = (to), .imm = (value) }
#define CALL(helper) { .code = BPF_JMP | BPF_CALL, .imm = (helper) }
#define ZERO_AT(offset) { .code = BPF_ST | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_10, .off = (offset) }
#define EXIT { .code = BPF_JMP | BPF_EXIT }

static const struct bpf_insn nothing[] = { MOVE(BPF_REG_0, 1), EXIT };

static const struct bpf_insn passes[] = { MOVE(BPF_REG_0, -1), EXIT };

static const struct bpf_insn copies[] = {
	CALL(BPF_FUNC_get_current_task), ZERO_AT(-8), FRAME(BPF_REG_1), ADD(BPF_REG_1, -8), MOVE(BPF_REG_2, 8),
	FRAME(BPF_REG_3), ADD(BPF_REG_3, -8), CALL(BPF_FUNC_probe_read_kernel), MOVE(BPF_REG_0, 1), EXIT,
};

static const struct bpf_insn copies_older[] = {
	ZERO_AT(-8), FRAME(BPF_REG_1), ADD(BPF_REG_1, -8), MOVE(BPF_REG_2, 8),
	FRAME(BPF_REG_3), ADD(BPF_REG_3, -8), CALL(BPF_FUNC_probe_read), MOVE(BPF_REG_0, 1), EXIT,
};

static const struct bpf_insn follows[] = { CALL(FUNC_CURRENT_TASK_BTF), MOVE(BPF_REG_0, 1), EXIT };

/* BPF_ADD | BPF_FETCH */
static const struct bpf_insn fetches[] = {
	ZERO_AT(-8), MOVE(BPF_REG_1, 1),
	{ .code = BPF_STX | BPF_DW | 0xc0, .dst_reg = BPF_REG_10, .src_reg = BPF_REG_1, .off = -8, .imm = BPF_ADD | 1 },
	MOVE(BPF_REG_0, 1), EXIT,
};

/* 0 where the kernel takes a program, else a negative errno. */
static int try(enum bpf_prog_type type, enum bpf_attach_type attach, const struct bpf_insn *program, size_t count)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = attach);
	int fd = bpf_prog_load(type, "og_probe", "GPL", program, count, &options);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/* Whether a device takes a hook that goes with its opener; the loopback device is the first of every namespace. */
static bool try_device(void)
{
	int fd = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "og_probe", "GPL", passes, sizeof passes / sizeof *passes, NULL);
	int hooked = fd < 0 ? -1 : eye_device_program(fd);

	if (fd >= 0)
		close(fd);
	return hooked >= 0;
}

#define TRY_NET(program) \
	try(BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS, program, sizeof(program) / sizeof *(program))
#define TRY_TRACE(program) try(BPF_PROG_TYPE_RAW_TRACEPOINT, 0, program, sizeof(program) / sizeof *(program))

size_t eye_read_line(const char *path, char *to, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, to, size - 1);

	if (fd >= 0)
		close(fd);
	if (length < 0)
		length = 0;
	to[length] = 0;
	return strcspn(to, "\n");
}

bool eye_locked_down(void)
{
	char line[128];

	eye_read_line("/sys/kernel/security/lockdown", line, sizeof line);
	return strstr(line, "[confidentiality]") != NULL;
}

bool eye_has_jit(void)
{
	char line[16];

	/* Not in every network namespace: then what is usual. */
	return !eye_read_line("/proc/sys/net/core/bpf_jit_enable", line, sizeof line) || line[0] != '0';
}

bool eye_describes_itself(void)
{
	return !access(BTF_FILE, R_OK);
}


/* The file has no length before it is read. */
static char *read_btf(size_t *size)
{
	int fd = open(BTF_FILE, O_RDONLY | O_CLOEXEC);
	struct stat status;
	ssize_t length = 0;
	char *btf;

	*size = 0;
	if (fd < 0)
		return NULL;
	btf = !fstat(fd, &status) && status.st_size > 0 && status.st_size < MOST_BTF ? malloc((size_t)status.st_size) : NULL;
	while (btf && *size < (size_t)status.st_size) {
		length = read(fd, btf + *size, (size_t)status.st_size - *size);
		if (length <= 0)
			break;
		*size += (size_t)length;
	}
	close(fd);
	return btf;
}

/* A name stands between two zeros in the section of strings, once. */
static const struct {
	const char *name; /* with a zero in front */
	size_t length; /* of both zeros, too */
	uint32_t feature;
} names[] = {
#define NAME(text, feature) { "\0" text, sizeof "\0" text, feature }
	NAME("bpf_cast_to_kern_ctx", EYE_KERN_CTX),
	NAME("btf_trace_sock_send_length", EYE_SEND_LENGTH),
	NAME("bpf_iter_task_file", EYE_ITERATORS),
};

static uint32_t names_of(void)
{
	size_t size;
	char *btf = read_btf(&size);
	uint32_t features = btf ? EYE_TYPES : 0;

	for (size_t i = 0; btf && i < sizeof names / sizeof *names; i++)
		if (memmem(btf, size, names[i].name, names[i].length))
			features |= names[i].feature;
	free(btf);
	return features;
}

int eye_may_load(void)
{
	int error = TRY_NET(nothing);

	if (!error && !eye_may_attach())
		return -EPERM;
	/* Where there are no programs at control groups, there may be others. */
	return error == -EPERM || error == -ENOSYS ? error : TRY_TRACE(copies_older);
}

void eye_find_features(uint32_t *features)
{
	*features = names_of() | (eye_has_jit() ? EYE_JIT : 0);
	if (!TRY_NET(nothing))
		*features |= EYE_CGROUP;
	if (!TRY_NET(copies))
		*features |= EYE_NET_TASK;
	if (!TRY_NET(fetches))
		*features |= EYE_FETCH;
	if (!TRY_NET(follows))
		*features |= EYE_NET_FOLLOWS;
	if (!try(PROG_NETFILTER, ATTACH_NETFILTER, nothing, sizeof nothing / sizeof *nothing))
		*features |= EYE_NETFILTER;
	if (try_device())
		*features |= EYE_TCX;
	/* A function of the kernel is called by compiled programs alone. */
	if (!(*features & EYE_JIT) || !(*features & EYE_NET_FOLLOWS))
		*features &= ~EYE_KERN_CTX;
}

static const struct {
	uint32_t feature;
	const char *words;
} missing[] = {
	{ EYE_TYPES, "needs the kernel's own BTF (CONFIG_DEBUG_INFO_BTF)" },
	{ EYE_SEND_LENGTH, "needs the tracepoint sock_send_length, since Linux 6.3" },
	{ EYE_NETFILTER, "needs programs of type netfilter, since Linux 6.4" },
	{ EYE_TCX, "needs tcx, since Linux 6.6" },
	{ EYE_ITERATORS, "needs iterators over processes, since Linux 5.8, and the kernel's own BTF" },
	{ EYE_FETCH, "needs atomic operations with a result, since Linux 5.12" },
	{ EYE_NET_TASK, "needs bpf_get_current_task in network programs, since Linux 5.8" },
	{ EYE_CGROUP, "needs programs at control groups (CONFIG_CGROUP_BPF) and their hierarchy, version 2" },
};

const char *eye_feature_words(uint32_t features)
{
	for (size_t i = 0; i < sizeof missing / sizeof *missing; i++)
		if (features & missing[i].feature)
			return missing[i].words;
	return "this kernel has not what it needs";
}
