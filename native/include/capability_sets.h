#ifndef OUTGUARD_CAPABILITY_SETS_H
#define OUTGUARD_CAPABILITY_SETS_H

#include <stdint.h>

/* capget(2) and capset(2) by linux/capability.h, version 3, for which the C library has no calls. */
struct cap_header {
	uint32_t version;
	int pid;
};
struct cap_data {
	uint32_t effective, permitted, inheritable;
};
#define CAP_VERSION_3 0x20080522

#endif
