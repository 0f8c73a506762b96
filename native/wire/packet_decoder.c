/*
 * Reads an IP packet and the ports of what it carries: org.outguard.capture.decode.PacketDecoder, line by line, and a test
 * holds the two against each other. Nothing is read beyond `captured`.
 */
#include <endian.h>
#include <string.h>

#include "path.h"

#define MOST_EXTENSION_HEADERS 64

/* Extension headers of IPv6 (RFC 8200, RFC 4302, RFC 6275). */
enum extension_header {
	HOP_BY_HOP = 0,
	ROUTING = 43,
	FRAGMENT = 44,
	AUTHENTICATION = 51,
	DESTINATION = 60,
	MOBILITY = 135,
};

enum { SYN = 0x02, ACK = 0x10 };

struct reader {
	struct wire_state *state;
	struct wire_packet *packet;
	const uint8_t *data;
	int32_t captured;
	int32_t original;
	int64_t at_nanos;
};

static uint32_t u8(const struct reader *r, int32_t at)
{
	return r->data[at];
}

static uint32_t u16(const struct reader *r, int32_t at)
{
	uint16_t value;

	memcpy(&value, r->data + at, sizeof value);
	return be16toh(value);
}

static uint64_t u32(const struct reader *r, int32_t at)
{
	uint32_t value;

	memcpy(&value, r->data + at, sizeof value);
	return be32toh(value);
}

static uint64_t u64(const struct reader *r, int32_t at)
{
	uint64_t value;

	memcpy(&value, r->data + at, sizeof value);
	return be64toh(value);
}

static uint32_t known(uint32_t protocol)
{
	switch (protocol) {
	case WIRE_ICMP:
	case WIRE_TCP:
	case WIRE_UDP:
	case WIRE_ICMPV6:
	case WIRE_UDPLITE:
	/* As in Protocol: IGMP, IPIP, DCCP, IPv6, GRE, ESP, AH, OSPF, EtherIP, PIM, IPComp, VRRP, L2TP, SCTP. */
	case 2:
	case 4:
	case 33:
	case 41:
	case 47:
	case 50:
	case 51:
	case 89:
	case 97:
	case 103:
	case 108:
	case 112:
	case 115:
	case 132:
		return protocol;
	default:
		return WIRE_OTHER;
	}
}

static bool has_ports(uint32_t protocol)
{
	return protocol == WIRE_TCP || protocol == WIRE_UDP || protocol == WIRE_UDPLITE;
}

/* Addresses are set behind it, all of IPv6 and the lower halves of IPv4. */
static void begin(const struct reader *r, bool v6, int32_t total)
{
	struct wire_packet *packet = r->packet;

	packet->flow.source_high = 0;
	packet->flow.remote_high = 0;
	packet->flow.bytes = (uint64_t)total;
	packet->protocol = WIRE_OTHER;
	packet->source_port = 0;
	packet->remote_port = 0;
	packet->connects = 0;
	packet->v6 = v6;
	packet->transport_known = false;
}

static void transport(const struct reader *r, uint32_t protocol, int32_t at, int32_t end)
{
	int32_t readable = r->captured < end ? r->captured : end;
	struct wire_packet *packet = r->packet;

	packet->protocol = known(protocol);
	packet->transport_known = true;
	if (has_ports(protocol) && readable - 4 >= at) {
		packet->source_port = u16(r, at);
		packet->remote_port = u16(r, at + 2);
		if (protocol == WIRE_TCP && readable - 14 >= at)
			packet->connects = (u8(r, at + 13) & (SYN | ACK)) == SYN;
	}
}

static void remember(const struct reader *r, uint32_t protocol, uint32_t id)
{
	if (has_ports(protocol))
		wire_fragments_put(r->state, r->packet, id, protocol, r->at_nanos);
}

static void later_fragment(const struct reader *r, uint32_t protocol, uint32_t id)
{
	r->packet->protocol = known(protocol);
	r->packet->transport_known = true;
	if (has_ports(protocol))
		wire_fragments_find(r->state, r->packet, id, protocol, r->at_nanos);
}

/* RFC 791, 3.1. */
static enum wire_reading ipv4(const struct reader *r, int32_t at)
{
	int32_t header, on_wire, total;
	uint32_t protocol, fragment;

	if (r->captured < at + 20 || u8(r, at) >> 4 != 4)
		return WIRE_MALFORMED;
	header = (int32_t)(u8(r, at) & 15) * 4;
	on_wire = r->original - at;
	total = (int32_t)u16(r, at + 2);
	/* Segmentation offload with more than 65,535 bytes (BIG TCP) leaves the length to the device. */
	if (total == 0)
		total = on_wire;
	if (header < 20 || total < header || on_wire < header)
		return WIRE_MALFORMED;
	/* A sender may say more than there is. */
	if (total > on_wire)
		total = on_wire;
	begin(r, false, total);
	r->packet->flow.source_low = u32(r, at + 12);
	r->packet->flow.remote_low = u32(r, at + 16);
	protocol = u8(r, at + 9);
	fragment = u16(r, at + 6);
	if (fragment & 0x1fff) {
		later_fragment(r, protocol, u16(r, at + 4));
		return WIRE_PACKET;
	}
	transport(r, protocol, at + header, at + total);
	if (fragment & 0x2000)
		remember(r, protocol, u16(r, at + 4));
	return WIRE_PACKET;
}

static bool extension(uint32_t next)
{
	return next == HOP_BY_HOP || next == ROUTING || next == FRAGMENT || next == AUTHENTICATION ||
	       next == DESTINATION || next == MOBILITY;
}

/* In bytes; the field counts in units that differ, and does not count the first ones. */
static int32_t extension_length(uint32_t header, uint32_t field)
{
	if (header == FRAGMENT)
		return 8;
	return header == AUTHENTICATION ? ((int32_t)field + 2) * 4 : ((int32_t)field + 1) * 8;
}

static void extensions(const struct reader *r, uint32_t next, int32_t at, int32_t end)
{
	int32_t readable = r->captured < end ? r->captured : end;
	bool fragment = false;
	uint32_t id = 0;

	for (int headers = 0; headers < MOST_EXTENSION_HEADERS; headers++) {
		int32_t length;

		if (!extension(next)) {
			transport(r, next, at, end);
			if (fragment)
				remember(r, next, id);
			return;
		}
		if (readable - 8 < at)
			return;
		if (next == FRAGMENT) {
			id = (uint32_t)u32(r, at + 4);
			if (u16(r, at + 2) >> 3) {
				later_fragment(r, u8(r, at), id);
				return;
			}
			fragment = u16(r, at + 2) & 1;
		}
		length = extension_length(next, u8(r, at + 1));
		next = u8(r, at);
		at += length;
	}
}

static bool mapped(uint64_t high, uint64_t low)
{
	return high == 0 && low >> 32 == 0xffff;
}

/* RFC 8200, 3. */
static enum wire_reading ipv6(const struct reader *r, int32_t at)
{
	struct wire_packet *packet = r->packet;
	int32_t on_wire, total;
	uint32_t next;

	if (r->captured < at + 40 || u8(r, at) >> 4 != 6)
		return WIRE_MALFORMED;
	next = u8(r, at + 6);
	on_wire = r->original - at;
	/* A jumbogram (RFC 2675), as BIG TCP makes them, has its length in a hop-by-hop option. */
	total = u16(r, at + 4) == 0 && next == HOP_BY_HOP ? on_wire : 40 + (int32_t)u16(r, at + 4);
	if (total > on_wire)
		total = on_wire;
	begin(r, true, total);
	packet->flow.source_high = u64(r, at + 8);
	packet->flow.source_low = u64(r, at + 16);
	packet->flow.remote_high = u64(r, at + 24);
	packet->flow.remote_low = u64(r, at + 32);
	if (mapped(packet->flow.source_high, packet->flow.source_low) && mapped(packet->flow.remote_high, packet->flow.remote_low)) {
		packet->v6 = false;
		packet->flow.source_low &= 0xffffffff;
		packet->flow.remote_low &= 0xffffffff;
	}
	extensions(r, next, at + 40, at + total);
	return WIRE_PACKET;
}

static enum wire_reading ip(const struct reader *r, int32_t at)
{
	if (r->captured <= at)
		return WIRE_MALFORMED;
	switch (u8(r, at) >> 4) {
	case 4:
		return ipv4(r, at);
	case 6:
		return ipv6(r, at);
	default:
		return WIRE_MALFORMED;
	}
}
