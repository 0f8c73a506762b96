/* The packet path of the wire eye in C: what org.outguard.capture.decode.FrameDecoder and org.outguard.flow.FlowTable do. */
#ifndef OUTGUARD_WIRE_H
#define OUTGUARD_WIRE_H

#include <stdbool.h>

#include "wire_state.h"

/* Bytes that a state with so many slots needs; 0 where slots is not a power of two from 16 to 2^26. */
uint64_t wire_state_bytes(uint32_t slots);

/* Begins an empty state in `bytes` bytes of zeroed memory. Returns whether they are as many as it needs. */
bool wire_state_begin(struct wire_state *state, uint64_t bytes, uint32_t slots);

/* Forgets all flows and samples. */
void wire_table_clear(struct wire_state *state);

/* A frame as it was read; the fields are those of FrameDecoder. */
struct wire_packet {
	struct wire_flow flow; /* addresses, and the length of the IP datagram; then all of it, of this one packet */
	uint32_t protocol;
	uint32_t source_port;
	uint32_t remote_port;
	uint32_t connects; /* 1 for TCP with SYN and without ACK */
	bool v6;
	bool transport_known;
};

/* A packet on its way into the table, and the head of its frame as long as it may become evidence. */
struct wire_arrival {
	struct wire_packet packet;
	uint32_t hash;
	uint32_t slot;     /* where the search for it begins, in the index */
	uint32_t captured; /* bytes of the frame below; 0 where it is not kept */
	uint32_t original;
	uint8_t frame[WIRE_SAMPLE_BYTES];
};

/*
 * A datagram in an Ethernet frame, as far as the next one of its flow is like it. A flood of one flow is told by comparing
 * some words, without reading each header.
 */
#define WIRE_ALIKE_WORDS 6

struct wire_alike {
	const struct wire_header *header; /* which words; NULL where there is no such datagram */
	uint32_t place;                   /* of its flow, until the next drain */
	uint64_t words[WIRE_ALIKE_WORDS];
};

/*
 * Packets that were read and are counted together: of many flows each is a wait for memory, and so they wait at the same
 * time. What was handed over may be gone by then.
 */
#define WIRE_BATCH 32

struct wire_batch {
	uint32_t waiting;
	struct wire_alike alike;
	struct wire_arrival arrivals[WIRE_BATCH];
};

/* Begins a batch, anew after each drain. */
void wire_batch_begin(struct wire_batch *batch);

/* Decodes, counts what is watched, and keeps the first packets of each flow; now, or by wire_settle at the latest. */
void wire_count(struct wire_state *state, struct wire_batch *batch, const uint8_t *frame, uint32_t captured,
		uint32_t original, int link_type, int64_t at_nanos);

/* Counts what waits. */
void wire_settle(struct wire_state *state, struct wire_batch *batch);

#endif
