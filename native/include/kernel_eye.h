/*
 * What the programs of bpf/kernel_eye.bpf.c write, eye/ hands over and org.outguard.kernel.KernelRecords reads, in the
 * byte order of the machine. jni/KernelEye.c tells Java the offsets that the compiler gave, and a test compares them.
 */
#ifndef OUTGUARD_KERNEL_EYE_H
#define OUTGUARD_KERNEL_EYE_H

#ifdef __bpf__
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
typedef long long int64_t;
#else
#include <stddef.h>
#include <stdint.h>
#endif

/* Fixed when the programs are loaded; the verifier leaves out what is not meant. */
struct eye_settings {
	/* Random odd numbers: who does not know them cannot choose destinations that fall onto one slot. */
	uint64_t factor[8];
	/*
	 * Whether network programs may follow the kernel's pointers (bpf_get_current_task_btf for every program since
	 * Linux 6.10, bpf_cast_to_kern_ctx since 6.2). Else each member is copied by a helper call.
	 */
	uint32_t direct_reads;
	uint32_t send_calls; /* whether the end of each send call is seen (sock_send_length, since Linux 6.3) */
	uint64_t tick_nanos; /* between two ticks of the kernel */
	uint32_t pidns;      /* inode of the opener's pid namespace; 0 where it is the initial one */
	uint32_t netns;      /* inode of the opener's network namespace */
	uint32_t own;        /* number of the opener's process in its pid namespace */
	uint32_t at_queue;   /* whether IP packets are counted where they are queued on a device, not by control group */
};

enum eye_kind {
	EYE_IP = 1,            /* packet of a socket, with its remote */
	EYE_PACKET_SOCKET = 2, /* frame of an AF_PACKET socket, with its remote */
	EYE_BYPASS = 3,        /* sent by an AF_PACKET socket and seen by no device hook: no remote, bytes of frames */
	EYE_KERNEL = 4,        /* of the kernel's own sockets */
	EYE_OTHER = 5,         /* the sender's packets for which there was no room by remote */
	EYE_QUEUED = 6,        /* left in the call of a process that gives packets of others back (NFQUEUE): no sender */
};

/*
 * Slots of one buffer: first those of flows, then those of senders, each a power of two. There are two buffers: one is
 * written by the programs while the other is read and emptied.
 */
enum {
	EYE_FLOW_SLOTS = 16384,
	EYE_OTHER_SLOTS = 4096,
	EYE_BUFFER_SLOTS = EYE_FLOW_SLOTS + EYE_OTHER_SLOTS,
	/* Places at which a key may lie: while a quarter of the table is free, one of so many is. */
	EYE_PROBES = 32,
};

/* What is counted together. Compared and hashed as a whole, so there is no padding. */
struct eye_key {
	uint8_t remote[16];    /*  0: network order; IPv4 as ::ffff:0:0/96; zeros where unknown */
	uint64_t start;        /* 16: of the sender's process: nanoseconds after boot; 0 where there is no sender */
	uint32_t tgid;         /* 24: process number in the initial pid namespace, as in every eye_id */
	uint32_t uid;          /* 28: effective, when it sent */
	uint32_t netns;        /* 32: inode of the socket's network namespace */
	uint32_t ifindex;      /* 36: device in that namespace, 0 where unknown */
	uint32_t second_tgid;  /* 40: who else may have sent it; 0 where the sender is certain */
	uint16_t port;         /* 44: of the remote, a number; 0 where there is none */
	uint8_t protocol;      /* 46: of IP; 0 where unknown */
	uint8_t kind;          /* 47: of eye_kind */
};

/* One sum; a cache line that identifies and one that counts. */
struct eye_slot {
	uint64_t tag;          /*  0: 0 free, 1 being filled, else the key's hash */
	struct eye_key key;    /*  8 */
	uint16_t local_port;   /* 56: of the first packet */
	uint16_t reserved[3];  /* 58 */
	uint64_t packets;      /* 64 */
	uint64_t bytes;        /* 72: of IP packets, headers included */
	uint64_t first;        /* 80: CLOCK_MONOTONIC, nanoseconds */
	uint64_t last;         /* 88: the programs write the kernel's tick, a drain makes of it what `first` is */
	uint32_t connects;     /* 96: TCP packets with SYN and without ACK */
	uint32_t second_uid;   /* 100 */
	uint64_t second_start; /* 104 */
	uint8_t local[16];     /* 112: source of the first packet */
};

/* What has room in no slot, and how many slots of each part are in use. */
struct eye_buffer {
	uint64_t unowned_packets;
	uint64_t unowned_bytes;
	uint64_t flows; /* 64 bits: clang 14 miscompiles a fetch-and-add of 32 for BPF */
	uint64_t others;
	uint64_t tick_zero; /* CLOCK_MONOTONIC at which the kernel's tick was 0, some milliseconds coarse */
	uint64_t reserved[3];
};

struct eye_state {
	uint32_t active;       /* the buffer that is written: 0 or 1 */
	uint32_t reserved[15];
	struct eye_buffer buffer[2];
	uint64_t lost_facts;   /* found no room in the ring buffer */
	uint64_t lost_sessions; /* the same */
};

/* The same as a slot in the tables of kernels before 5.12, whose key stands apart. */
struct eye_sum {
	uint64_t packets;
	uint64_t bytes;
	uint64_t first;        /* CLOCK_MONOTONIC, nanoseconds */
	uint64_t last;         /* the same */
	uint64_t second_start;
	uint8_t local[16];
	uint32_t connects;
	uint32_t second_uid;
	uint16_t local_port;
	uint16_t reserved[3];
};

/* What was not handed over, in the tables of kernels before 5.12. */
struct eye_lost {
	uint64_t facts;
	uint64_t sessions;
};

struct eye_id {
	uint64_t start;
	uint32_t tgid;
	uint32_t reserved;
};

#define EYE_QUEUES 64 /* network namespaces with a queue that are known at a time */

/* A process that speaks to netfilter, and so may be one that takes packets from a queue and gives them back. */
struct eye_queuer {
	struct eye_id id;
	uint32_t netns; /* inode of its socket's network namespace */
	uint32_t reserved;
};

/* Where a process comes from; remembered for the latest ones, the dead among them. */
struct eye_lineage {
	struct eye_id parent;
	struct eye_id anchor; /* itself, or the nearest ancestor whose facts were told */
	char command[16];
	uint64_t cgroup;
	uint32_t uid;
	uint32_t netns;
	uint32_t flags; /* EYE_EXE_DELETED, EYE_SENT */
	uint32_t number; /* in the opener's pid namespace; 0 where it is not seen from there */
};

enum eye_word {
	EYE_FACTS = 1,         /* a process began a program, or was there before us and sends or forks */
	EYE_PACKET_SENDER = 2, /* an AF_PACKET socket sends past our device hooks; only `self` and `netns` are filled */
};

enum {
	EYE_EXE_DELETED = 1, /* in facts: when it began; in its lineage: when it first sent */
	EYE_SENT = 2,
	EYE_PARENTS = 8,
	EYE_PATH = 512,   /* bytes after which no further component of a path is taken */
	EYE_NAME = 256,   /* longest component, with its zero */
	EYE_ARGUMENTS = 1024,
};

struct eye_parent {
	struct eye_id id;
	char command[16];
};

/* Components from the file up to the root, each with a zero behind it. */
struct eye_path {
	char text[EYE_PATH + EYE_NAME];
};

struct eye_facts {
	uint32_t word;  /* of eye_word */
	uint32_t reserved;
	struct eye_id self;
	struct eye_lineage lineage;
	uint32_t login_uid;  /* ~0 where nobody logged in */
	uint32_t exe_device; /* as the kernel has it: major << 20 | minor */
	uint64_t exe_inode;
	uint32_t exe_length;
	uint32_t cwd_length;
	uint32_t cgroup_length;
	uint32_t arguments_length;
	uint32_t parents;
	uint32_t reserved2;
	uint64_t at; /* bpf_ktime_get_ns(): when it was so. Perf buffers hand the words of several CPUs over in no order */
	struct eye_parent parent[EYE_PARENTS];
	struct eye_path exe;
	struct eye_path cwd;
	struct eye_path cgroup;
	char arguments[EYE_ARGUMENTS];
};

enum eye_session_word {
	EYE_SERVED = 1, /* a process of the mail system serves it: the first one, or another one from here on */
	EYE_OVER = 2,   /* the mail system's end is closed: nothing is handed in by it any more */
	EYE_MIXED = 3,  /* a process of another user has written at the client's end */
};

/* An SMTP session of which both ends are sockets of this machine: who is at the client's end, and who serves it. */
struct eye_session {
	uint8_t client[16];    /*  0: address of the client, IPv4 as ::ffff:0:0/96 */
	uint8_t server[16];    /* 16 */
	struct eye_id user;    /* 32: the process that connected */
	uint64_t begun;        /* 48: when it connected: CLOCK_MONOTONIC, nanoseconds */
	uint64_t at;           /* 56: when this was so: the same */
	uint32_t uid;          /* 64: effective, when it connected */
	uint32_t server_pid;   /* 68: of the process that serves, as it is called in its own pid namespace; 0 where unknown */
	uint16_t client_port;  /* 72 */
	uint16_t server_port;  /* 74 */
	uint8_t word;          /* 76: of eye_session_word */
	uint8_t mixed;         /* 77: whether that was told */
	uint8_t reserved[2];   /* 78 */
};

/* Begins what a drain hands over; the slots come behind it. */
struct eye_drain {
	uint32_t slots;          /* how many follow */
	uint32_t nested;         /* whether process numbers of the opener's pid namespace differ from the kernel's */
	uint64_t packets;        /* all of them, unowned included */
	uint64_t bytes;
	uint64_t unowned_packets;
	uint64_t unowned_bytes;
	uint64_t lost_facts;     /* since it was opened */
	int64_t wall_offset;     /* what makes CLOCK_MONOTONIC nanoseconds since the epoch */
	uint64_t hertz;          /* clock ticks of /proc/PID/stat in a second */
	uint64_t lost_sessions;  /* since it was opened */
	uint64_t begun;          /* CLOCK_MONOTONIC: all that happened before is in it, or was handed over */
};

_Static_assert(sizeof(struct eye_key) == 48, "six words, without padding");
_Static_assert(sizeof(struct eye_slot) == 128, "two cache lines");
_Static_assert(sizeof(struct eye_session) == 80, "without padding");

#endif
