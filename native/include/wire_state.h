/*
 * The memory in which the C twin of org.outguard.capture.NativeLoop counts packets. Java owns it, as one direct buffer,
 * and reads it at these offsets, in the byte order of the machine: nothing has to be freed, and a drain copies nothing.
 * Both sides change together.
 *
 *   struct wire_state, then at the offsets that it names:
 *   uint32_t[2 * slots]        the index, by open addressing: which flow has which hash
 *   struct wire_flow[room]     the flows one behind the other, in the order in which they came
 *   struct wire_seldom[room]   what is not written for each packet
 *   struct wire_fragment[]     ports of first fragments
 *   struct wire_sample[]       packets kept as evidence
 */
#ifndef OUTGUARD_WIRE_STATE_H
#define OUTGUARD_WIRE_STATE_H

#include <stddef.h>
#include <stdint.h>

/* As in EvidenceRing and WireEye. */
#define WIRE_SAMPLE_BYTES 128
#define WIRE_SAMPLES_OF_A_FLOW 16
#define WIRE_SAMPLES 1024
/* As in FrameDecoder. */
#define WIRE_FRAGMENTS 4096

struct wire_state {
	/* Since the state was begun. */
	uint64_t packets;   /* 0: all that were handed over */
	uint64_t counted;   /* 8 */
	uint64_t inbound;   /* 16: the link header says that it was received */
	uint64_t not_ip;    /* 24 */
	uint64_t malformed; /* 32: too short or inconsistent */
	uint64_t unwatched; /* 40: the kernel's filter takes a little more than is watched */
	/* Since the last drain. */
	uint64_t other_packets; /* 48: of flows for which there was no room */
	uint64_t other_bytes;   /* 56 */
	uint32_t used;          /* 64: flows in use */
	uint32_t samples;       /* 68: packets kept as evidence */
	/* Fixed. */
	uint32_t slots;        /* 72: a power of two */
	uint32_t room;         /* 76: flows that there may be */
	uint64_t index_at;     /* 80: offsets from the start of the state */
	uint64_t flows_at;     /* 88 */
	uint64_t fragments_at; /* 96 */
	uint64_t samples_at;   /* 104 */
	uint64_t bytes;        /* 112: size of all of it */
	uint64_t seldom_at;    /* 120 */
	/* Of the packet before; often the next one is of the same flow. */
	uint32_t last;         /* 128: its place among the flows, and 1; 0 for none */
	uint32_t reserved[15]; /* 132 */
};

/* One cache line: with many flows it is what a packet waits for. */
struct wire_flow {
	uint64_t source_high; /* 0: as in IpAddress */
	uint64_t source_low;  /* 8 */
	uint64_t remote_high; /* 16 */
	uint64_t remote_low;  /* 24 */
	uint64_t rest;        /* 32: bit 41 IPv6, bits 32 to 39 protocol, 16 to 31 source port, 0 to 15 remote port */
	uint64_t packets;     /* 40 */
	uint64_t bytes;       /* 48 */
	int64_t last_nanos;   /* 56: since the epoch */
};

struct wire_seldom {
	int64_t first_nanos; /* 0: since the epoch */
	uint64_t connects;   /* 8 */
};

struct wire_fragment {
	uint64_t source_high;
	uint64_t source_low;
	uint64_t remote_high;
	uint64_t remote_low;
	uint64_t id_and_protocol;
	uint64_t ports; /* bit 40: in use; bits 16 to 31 source port, 0 to 15 remote port */
	int64_t at_nanos;
	uint64_t reserved;
};

struct wire_sample {
	int64_t at_nanos;               /* 0 */
	uint64_t remote_high;           /* 8 */
	uint64_t remote_low;            /* 16 */
	uint32_t captured;              /* 24: bytes of data */
	uint32_t original;              /* 28: length on the wire */
	uint16_t remote_port;           /* 32 */
	uint8_t v6;                     /* 34 */
	uint8_t reserved[5];            /* 35 */
	uint8_t data[WIRE_SAMPLE_BYTES]; /* 40: from the link header on */
};

_Static_assert(sizeof(struct wire_state) == 192, "three cache lines");
_Static_assert(sizeof(struct wire_flow) == 64, "one cache line");
_Static_assert(sizeof(struct wire_seldom) == 16, "the Java twin reads 16 bytes");
_Static_assert(sizeof(struct wire_fragment) == 64, "one cache line");
_Static_assert(sizeof(struct wire_sample) == 168, "the Java twin reads 168 bytes a sample");

#endif
