/*
 * What SockDiag.c writes and org.outguard.kernel.SockDiag reads: one header, then records, all in the byte order of the
 * machine and at these offsets. Both sides change together.
 */
#ifndef OUTGUARD_SOCK_DIAG_RECORDS_H
#define OUTGUARD_SOCK_DIAG_RECORDS_H

#include <stddef.h>
#include <stdint.h>

enum sock_record_kind {
	SOCK_RECORD_INET = 1,   /* TCP, UDP, UDP-Lite */
	SOCK_RECORD_RAW = 2,    /* SOCK_RAW of AF_INET or AF_INET6 */
	SOCK_RECORD_PACKET = 3, /* AF_PACKET */
};

enum sock_record_flag {
	SOCK_RECORD_V6ONLY = 1,   /* IPV6_V6ONLY is set; else an unconnected IPv6 socket sends IPv4 as well */
	SOCK_RECORD_CAPTURES = 2, /* a packet socket that is set up to receive, not to send, and has nothing on its way */
};

enum sock_dump_flag {
	SOCK_DUMP_INTERRUPTED = 1, /* NLM_F_DUMP_INTR: the kernel's table changed meanwhile, some may be missing */
	SOCK_DUMP_FULL = 2,        /* the buffer ended before the sockets did */
};

struct sock_dump_header {
	uint32_t count; /* records that follow */
	uint32_t flags; /* of sock_dump_flag */
};

struct sock_record {
	uint8_t kind;         /* 0: of sock_record_kind */
	uint8_t family;       /* 1: AF_INET, AF_INET6 or AF_PACKET */
	uint8_t protocol;     /* 2: IP protocol; of a raw socket the one it was opened for; 0 of a packet socket */
	uint8_t state;        /* 3: as in net/tcp_states.h; of a packet socket its type, SOCK_RAW or SOCK_DGRAM */
	uint8_t flags;        /* 4: of sock_record_flag */
	uint8_t reserved[3];  /* 5 */
	uint16_t local_port;  /* 8: a number, not network order; of a packet socket its EtherType, 0 where it only sends */
	uint16_t remote_port; /* 10 */
	uint32_t ifindex;     /* 12: device that the socket is bound to, 0 where none */
	uint64_t inode;       /* 16: as in /proc/PID/fd, 0 where no file holds the socket any more */
	uint32_t uid;         /* 24: user that owns the socket */
	uint32_t reserved2;   /* 28 */
	uint8_t local[16];    /* 32: network order; of AF_INET the first four bytes */
	uint8_t remote[16];   /* 48 */
};

_Static_assert(sizeof(struct sock_dump_header) == 8, "the Java twin reads 8 bytes");
_Static_assert(sizeof(struct sock_record) == 64, "the Java twin reads 64 bytes a record");
_Static_assert(offsetof(struct sock_record, inode) == 16, "the Java twin reads it there");
_Static_assert(offsetof(struct sock_record, local) == 32, "the Java twin reads it there");

#endif
