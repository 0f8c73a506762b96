/*
 * Reads a frame at named offsets: org.outguard.capture.decode.FrameDecoder, line by line, and a test holds the two against
 * each other. Nothing is read beyond `captured`.
 */
#include "path.h"

#define MOST_TAGS 8
#define MOST_LABELS 16

/* tcpdump.org/linktypes.html, and DLT_ twins of RAW. */
enum link_type {
	LINK_NULL = 0,
	LINK_ETHERNET = 1,
	LINK_PPP = 9,
	LINK_DLT_RAW = 12,
	LINK_DLT_RAW_OPENBSD = 14,
	LINK_PPP_HDLC = 50,
	LINK_PPP_ETHER = 51,
	LINK_RAW = 101,
	LINK_LOOP = 108,
	LINK_SLL = 113,
	LINK_IPV4 = 228,
	LINK_IPV6 = 229,
	LINK_SLL2 = 276,
};

/* IANA registry "IEEE 802 Numbers". */
enum ether_type {
	ETHER_IPV4 = 0x0800,
	ETHER_IPV6 = 0x86dd,
	ETHER_PPPOE_SESSION = 0x8864,
	ETHER_8021Q = 0x8100,
	ETHER_8021AD = 0x88a8,
	ETHER_QINQ_OLD = 0x9100,
	ETHER_QINQ_OLDER = 0x9200,
	ETHER_MPLS = 0x8847,
	ETHER_MPLS_MULTICAST = 0x8848,
	/* What is less is a length, and a header of IEEE 802.2 follows. */
	ETHER_FIRST = 0x0600,
};

/* PPP protocol numbers (RFC 1332, RFC 5072). */
enum { PPP_IPV4 = 0x0021, PPP_IPV6 = 0x0057 };

/* linux/if_packet.h */
enum { OUTGOING = 4 };

/* RFC 1661, 2 and 6.5: a compressed protocol field is one odd byte. */
static enum wire_reading ppp_protocol(const struct reader *r, int32_t at)
{
	uint32_t number;
	bool compressed;

	if (r->captured < at + 2)
		return WIRE_MALFORMED;
	compressed = u8(r, at) & 1;
	number = compressed ? u8(r, at) : u16(r, at);
	at += compressed ? 1 : 2;
	switch (number) {
	case PPP_IPV4:
		return ipv4(r, at);
	case PPP_IPV6:
		return ipv6(r, at);
	default:
		return WIRE_NOT_IP;
	}
}

static enum wire_reading payload(const struct reader *r, uint32_t ether_type, int32_t at);

/* RFC 1662: address 0xff and control 0x03 may have been left out. */
static enum wire_reading ppp(const struct reader *r)
{
	if (r->captured < 2)
		return WIRE_MALFORMED;
	/* Cisco's framing, RFC 1547. */
	if ((u8(r, 0) == 0x0f || u8(r, 0) == 0x8f) && u8(r, 1) == 0 && r->captured >= 4)
		return payload(r, u16(r, 2), 4);
	return ppp_protocol(r, u8(r, 0) == 0xff && u8(r, 1) == 0x03 ? 2 : 0);
}

/* RFC 2516: version and type 1, code 0 in the session stage, then session, length, PPP protocol. */
static enum wire_reading pppoe(const struct reader *r, int32_t at)
{
	if (r->captured < at + 8 || u8(r, at) != 0x11)
		return WIRE_MALFORMED;
	return u8(r, at + 1) != 0 ? WIRE_NOT_IP : ppp_protocol(r, at + 6);
}

/* RFC 1042: SNAP with the organisation 0, then an ethertype. 6 is what IP itself has. */
static enum wire_reading llc(const struct reader *r, int32_t at)
{
	if (r->captured < at + 3)
		return WIRE_MALFORMED;
	if (u8(r, at) == 6 && u8(r, at + 1) == 6)
		return ip(r, at + 3);
	if (r->captured < at + 8 || u16(r, at) != 0xaaaa || u8(r, at + 2) != 3 || u16(r, at + 3) || u8(r, at + 5))
		return WIRE_NOT_IP;
	/* Nothing that could lead here again. */
	switch (u16(r, at + 6)) {
	case ETHER_IPV4:
		return ipv4(r, at + 8);
	case ETHER_IPV6:
		return ipv6(r, at + 8);
	default:
		return WIRE_NOT_IP;
	}
}

/* RFC 3032: labels of four bytes, the last of which has a bit that says so. What is behind is told by its first half byte. */
static enum wire_reading mpls(const struct reader *r, int32_t at)
{
	for (int labels = 0; labels < MOST_LABELS; labels++) {
		if (r->captured < at + 5)
			return WIRE_MALFORMED;
		at += 4;
		if (u8(r, at - 2) & 1) {
			uint32_t version = u8(r, at) >> 4;

			return version == 4 || version == 6 ? ip(r, at) : WIRE_NOT_IP;
		}
	}
	return WIRE_MALFORMED;
}

static enum wire_reading payload(const struct reader *r, uint32_t ether_type, int32_t at)
{
	for (int tags = 0; tags <= MOST_TAGS; tags++) {
		switch (ether_type) {
		case ETHER_IPV4:
			return ipv4(r, at);
		case ETHER_IPV6:
			return ipv6(r, at);
		case ETHER_PPPOE_SESSION:
			return pppoe(r, at);
		case ETHER_8021Q:
		case ETHER_8021AD:
		case ETHER_QINQ_OLD:
		case ETHER_QINQ_OLDER:
			if (r->captured < at + 4)
				return WIRE_MALFORMED;
			ether_type = u16(r, at + 2);
			at += 4;
			break;
		case ETHER_MPLS:
		case ETHER_MPLS_MULTICAST:
			return mpls(r, at);
		default:
			return ether_type < ETHER_FIRST ? llc(r, at) : WIRE_NOT_IP;
		}
	}
	return WIRE_MALFORMED;
}

static enum wire_reading ethernet(const struct reader *r)
{
	return r->captured < 14 ? WIRE_MALFORMED : payload(r, u16(r, 12), 14);
}

static enum wire_reading cooked(const struct reader *r)
{
	if (r->captured < 16)
		return WIRE_MALFORMED;
	return u16(r, 0) != OUTGOING ? WIRE_INBOUND : payload(r, u16(r, 14), 16);
}

static enum wire_reading cooked2(const struct reader *r)
{
	if (r->captured < 20)
		return WIRE_MALFORMED;
	return u8(r, 10) != OUTGOING ? WIRE_INBOUND : payload(r, u16(r, 0), 20);
}

/* RFC 1547, 4.3.1 for Cisco's framing, which has an ethertype. */
static enum wire_reading hdlc(const struct reader *r)
{
	if (r->captured < 4)
		return WIRE_MALFORMED;
	return u8(r, 0) == 0x0f || u8(r, 0) == 0x8f ? payload(r, u16(r, 2), 4) : ppp(r);
}

/* The address family of the machine that captured, in its byte order for NULL, in network order for LOOP. */
static enum wire_reading family(const struct reader *r)
{
	uint32_t value;

	if (r->captured < 4)
		return WIRE_MALFORMED;
	value = (uint32_t)u32(r, 0);
	switch (value >> 16 == 0 ? value : __builtin_bswap32(value)) {
	case 2:
		return ipv4(r, 4);
	case 10:
	case 24:
	case 28:
	case 30:
		return ipv6(r, 4);
	default:
		return WIRE_NOT_IP;
	}
}

static enum wire_reading link_header(const struct reader *r, int link_type)
{
	switch (link_type) {
	case LINK_ETHERNET:
		return ethernet(r);
	case LINK_SLL:
		return cooked(r);
	case LINK_SLL2:
		return cooked2(r);
	case LINK_DLT_RAW:
	case LINK_DLT_RAW_OPENBSD:
	case LINK_RAW:
		return ip(r, 0);
	case LINK_IPV4:
		return ipv4(r, 0);
	case LINK_IPV6:
		return ipv6(r, 0);
	case LINK_NULL:
	case LINK_LOOP:
		return family(r);
	case LINK_PPP:
		return ppp(r);
	case LINK_PPP_HDLC:
		return hdlc(r);
	case LINK_PPP_ETHER:
		return pppoe(r, 0);
	default:
		return WIRE_UNKNOWN_LINK;
	}
}

static enum wire_reading wire_decode(struct wire_state *state, struct wire_packet *packet, const uint8_t *frame,
				     int32_t captured, int32_t original, int link_type, int64_t at_nanos)
{
	struct reader r = { .state = state, .packet = packet, .data = frame, .at_nanos = at_nanos };

	r.captured = captured < 0 ? 0 : captured;
	r.original = original < r.captured ? r.captured : original;
	return link_header(&r, link_type);
}
