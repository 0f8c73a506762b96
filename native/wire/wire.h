/* The packet path of the wire eye in C: what org.outguard.capture.FrameDecoder and org.outguard.flow.FlowTable do. */
#ifndef OUTGUARD_WIRE_H
#define OUTGUARD_WIRE_H

#include <stdbool.h>

#include "wire_state.h"

enum wire_reading {
	WIRE_PACKET,
	WIRE_NOT_IP,
	WIRE_MALFORMED,
	WIRE_INBOUND,
	WIRE_UNKNOWN_LINK, /* the caller asks LinkTypes first, so this is its fault */
};

/* IANA registry "Assigned Internet Protocol Numbers": those of Protocol. */
enum wire_protocol {
	WIRE_ICMP = 1,
	WIRE_TCP = 6,
	WIRE_UDP = 17,
	WIRE_ICMPV6 = 58,
	WIRE_UDPLITE = 136,
	WIRE_OTHER = 255,
};

/* A frame as it was read; the fields are those of FrameDecoder. */
struct wire_packet {
	uint64_t source_high;
	uint64_t source_low;
	uint64_t remote_high;
	uint64_t remote_low;
	int64_t bytes; /* length of the IP datagram */
	uint32_t protocol;
	uint32_t source_port;
	uint32_t remote_port;
	uint32_t connects; /* 1 for TCP with SYN and without ACK */
	bool v6;
	bool transport_known;
};

/* Bytes that a state with so many slots needs; 0 where slots is not a power of two from 16 to 2^26. */
uint64_t wire_state_bytes(uint32_t slots);

/* Begins an empty state in `bytes` bytes of zeroed memory. Returns whether they are as many as it needs. */
bool wire_state_begin(struct wire_state *state, uint64_t bytes, uint32_t slots);

/*
 * Reads a frame of `captured` bytes, of which `original` went over the wire. Only the first `captured` bytes are
 * touched, whatever they are.
 */
enum wire_reading wire_decode(struct wire_state *state, struct wire_packet *packet, const uint8_t *frame,
			      int32_t captured, int32_t original, int link_type, int64_t at_nanos);

/* A packet on its way into the table, and the head of its frame as long as it may become evidence. */
struct wire_arrival {
	struct wire_flow flow; /* of this one packet */
	uint32_t hash;
	uint32_t connects;
	uint32_t captured; /* bytes of the frame below; 0 where it is not kept */
	uint32_t original;
	uint8_t frame[WIRE_SAMPLE_BYTES];
};

/*
 * Packets that were read and are counted together: of many flows each is a wait for memory, and so they wait at the same
 * time. What was handed over may be gone by then. It starts with `waiting` 0.
 */
#define WIRE_BATCH 32

struct wire_batch {
	uint32_t waiting;
	struct wire_arrival arrivals[WIRE_BATCH];
};

/* Everything of an arrival but the hash and the frame. */
void wire_table_arrive(struct wire_arrival *arrival, const struct wire_packet *packet, int64_t at_nanos);

/* Counts a packet if it is of the flow that was counted last. Returns as wire_table_add, 0 where it is not. */
uint64_t wire_table_add_again(struct wire_state *state, const struct wire_arrival *arrival);

/* Makes the hash, and asks for the memory in which a flow is looked up; then, a while later, for that of the flow. */
void wire_table_fetch_index(struct wire_state *state, struct wire_arrival *arrival);
void wire_table_fetch_flow(struct wire_state *state, const struct wire_arrival *arrival);

/* Counts a packet with its hash; returns how many its flow has since the last drain, 0 where it went into the one sum. */
uint64_t wire_table_add(struct wire_state *state, const struct wire_arrival *arrival);

/* Forgets all flows and samples. */
void wire_table_clear(struct wire_state *state);

void wire_fragments_put(struct wire_state *state, const struct wire_packet *packet, uint32_t id, uint32_t ip_protocol,
			int64_t at_nanos);

/* Sets the ports of the packet to those of its first fragment, where that one is remembered. */
void wire_fragments_find(const struct wire_state *state, struct wire_packet *packet, uint32_t id, uint32_t ip_protocol,
			 int64_t at_nanos);

/* Decodes, counts what is watched, and keeps the first packets of each flow; now, or by wire_settle at the latest. */
void wire_count(struct wire_state *state, struct wire_batch *batch, const uint8_t *frame, uint32_t captured,
		uint32_t original, int link_type, int64_t at_nanos);

/* Counts what waits. */
void wire_settle(struct wire_state *state, struct wire_batch *batch);

#define WIRE_V6 (UINT64_C(1) << 41)

static inline bool wire_is_v6(const struct wire_flow *flow)
{
	return (flow->rest & WIRE_V6) != 0;
}

static inline uint64_t wire_rotate(uint64_t value, int bits)
{
	return value << bits | value >> (64 - bits);
}

#endif
