/* Why no program may be loaded, in words, and what to do about it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel_features.h"

/* linux/capability.h, and the last two since Linux 5.8 */
#define NET_ADMIN (1ULL << 12)
#define SYS_ADMIN (1ULL << 21)
#define PERFMON (1ULL << 38)
#define BPF (1ULL << 39)

#define NOT_SUPPORTED 524 /* ENOTSUPP of the kernel, which no header of user space has */

const char *eye_error_words(int error)
{
	switch (error < 0 ? -error : error) {
	case EPERM:
	case EACCES:
		return "it is not permitted, or the verifier of this kernel finds it unsafe";
	case EINVAL:
		return "the verifier of this kernel does not take it";
	case E2BIG:
		return "it is too large for the verifier of this kernel";
	case ESRCH:
	case ENOENT:
		return "this kernel has not what it hooks into";
	case NOT_SUPPORTED:
		return "this kernel cannot run it without JIT: sysctl net.core.bpf_jit_enable=1";
	case ENOMEM:
		return "there is not enough memory for it";
	default:
		return strerror(error < 0 ? -error : error);
	}
}

/* A number behind a name in /proc/self/status. */
static unsigned long long status_of(const char *name, int base)
{
	char text[8192], *at;

	eye_read_line("/proc/self/status", text, sizeof text);
	at = strstr(text, name);
	return at ? strtoull(at + strlen(name), NULL, base) : 0;
}

unsigned long long eye_capabilities(void)
{
	return status_of("CapEff:", 16);
}

bool eye_may_attach(void)
{
	return eye_capabilities() & (NET_ADMIN | SYS_ADMIN);
}

static bool in_user_namespace(void)
{
	char line[128];
	unsigned long inside, outside, count;

	if (!eye_read_line("/proc/self/uid_map", line, sizeof line))
		return false;
	return sscanf(line, "%lu %lu %lu", &inside, &outside, &count) != 3 || outside != 0 || count != 4294967295UL;
}

static void missing_capabilities(unsigned long long has, char *to, size_t size)
{
	static const struct {
		unsigned long long bit;
		const char *name;
	} wanted[] = { { BPF, "CAP_BPF" }, { PERFMON, "CAP_PERFMON" }, { NET_ADMIN, "CAP_NET_ADMIN" } };
	size_t length = 0;

	to[0] = 0;
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
		if (!(has & wanted[i].bit) && !(has & SYS_ADMIN) && length < size)
			length += (size_t)snprintf(to + length, size - length, "%s%s", length ? ", " : "", wanted[i].name);
}

void eye_refusal(char reason[EYE_REASON], int error)
{
	unsigned long long has = eye_capabilities();
	char missing[64];

	missing_capabilities(has, missing, sizeof missing);
	if (error == -ENOSYS)
		snprintf(reason, EYE_REASON, "this kernel, or a seccomp filter, has no bpf(2): a kernel with CONFIG_BPF_SYSCALL is needed");
	else if (error == -EPERM && in_user_namespace())
		snprintf(reason, EYE_REASON,
			 "the kernel loads no programs for a container with user ids of its own: run Outguard on the host, or in a container that shares the host's user ids and has CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN");
	else if (error == -EPERM && missing[0])
		snprintf(reason, EYE_REASON,
			 "programs may not be loaded without %s: run Outguard as root, or give these capabilities to its unit or container (CAP_SYS_ADMIN before Linux 5.8)",
			 missing);
	else if (error == -EPERM && status_of("Seccomp:", 10))
		snprintf(reason, EYE_REASON,
			 "a seccomp filter forbids bpf(2) to this process: run it without that filter, or on the host");
	else if (error == -EPERM)
		snprintf(reason, EYE_REASON,
			 "the kernel does not permit programs to be loaded, though the capabilities are there: a security module forbids it, see the kernel's log");
	else if (eye_locked_down())
		snprintf(reason, EYE_REASON,
			 "the kernel is locked down (lockdown=confidentiality), so that no program reads its memory: boot it with lockdown=integrity or without");
	else
		snprintf(reason, EYE_REASON, "this kernel loads no program that reads its memory: %s", eye_error_words(error));
}
