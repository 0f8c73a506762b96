/* What the parts of path.c use of each other. */
#ifndef OUTGUARD_WIRE_PATH_H
#define OUTGUARD_WIRE_PATH_H

#include "wire.h"

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

/*
 * Reads a frame of `captured` bytes, of which `original` went over the wire. Only the first `captured` bytes are
 * touched, whatever they are.
 */
static enum wire_reading wire_decode(struct wire_state *state, struct wire_packet *packet, const uint8_t *frame,
				     int32_t captured, int32_t original, int link_type, int64_t at_nanos);

static void wire_alike_learn(struct wire_alike *alike, uint32_t place, const uint8_t *frame, uint32_t captured,
			     uint32_t original);

/* Length of the datagram in an Ethernet frame where it is like that one; 0 where that is not certain. */
static uint32_t wire_alike_bytes(const struct wire_alike *alike, const uint8_t *frame, uint32_t captured,
				 uint32_t original);

/* Makes a flow of a packet that was read. */
static void wire_table_arrive(struct wire_packet *packet, int64_t at_nanos);

/* Counts a packet if it is of the flow that was counted last. Returns as wire_table_add, 0 where it is not. */
static uint64_t wire_table_add_again(struct wire_state *state, const struct wire_packet *packet);

/* Counts one more packet of the flow at this place, at which there is one. Returns as wire_table_add. */
static uint64_t wire_table_add_at(struct wire_state *state, uint32_t place, uint64_t bytes, int64_t at_nanos);

/* Makes the hash, and asks for the memory in which a flow is looked up; then, a while later, for that of the flow. */
static void wire_table_fetch_index(struct wire_state *state, struct wire_arrival *arrival);
static void wire_table_fetch_flow(struct wire_state *state, struct wire_arrival *arrival);

/* Counts a packet with its hash; returns how many its flow has since the last drain, 0 where it went into the one sum. */
static uint64_t wire_table_add(struct wire_state *state, const struct wire_arrival *arrival);

static void wire_fragments_put(struct wire_state *state, const struct wire_packet *packet, uint32_t id,
			       uint32_t ip_protocol, int64_t at_nanos);

/* Sets the ports of the packet to those of its first fragment, where that one is remembered. */
static void wire_fragments_find(const struct wire_state *state, struct wire_packet *packet, uint32_t id,
				uint32_t ip_protocol, int64_t at_nanos);

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
