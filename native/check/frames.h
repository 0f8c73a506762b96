/*
 * Makes frames as they stand on a wire, of each link type that is read live, out of chance: sound ones, and some that are noise, cut
 * short or damaged.
 */
#ifndef OUTGUARD_FRAMES_H
#define OUTGUARD_FRAMES_H

#include <string.h>

#include "check/chance.h"
#include "wire/path.c"

#define LONGEST 200

static const int link_types[] = { LINK_NULL,     LINK_ETHERNET,  LINK_PPP, LINK_DLT_RAW, LINK_DLT_RAW_OPENBSD,
				  LINK_PPP_HDLC, LINK_PPP_ETHER, LINK_RAW, LINK_LOOP,    LINK_SLL,
				  LINK_IPV4,     LINK_IPV6,      LINK_SLL2 };

static uint32_t put(uint8_t *frame, uint32_t at, const void *bytes, uint32_t count)
{
	memcpy(frame + at, bytes, count);
	return at + count;
}

static uint32_t link_layer(uint8_t *frame, int link_type, bool v6)
{
	static const uint8_t ether[2][2] = { { 0x08, 0x00 }, { 0x86, 0xdd } };
	uint32_t at = 0;

	switch (link_type) {
	case LINK_ETHERNET:
		at = 12;
		for (uint32_t tags = below(4) == 0 ? below(11) : 0; tags > 0; tags--)
			at = put(frame, at, (uint8_t[]){ 0x81, 0, 0, 7 }, 4);
		if (below(8) == 0)
			return put(frame, at, (uint8_t[]){ 0x88, 0x64, 0x11, 0, 0, 1, 0, 40, 0, v6 ? 0x57 : 0x21 }, 10);
		return put(frame, at, ether[v6], 2);
	case LINK_SLL:
		frame[1] = below(4) ? 4 : 0;
		return put(frame, 14, ether[v6], 2);
	case LINK_SLL2:
		frame[10] = below(4) ? 4 : 0;
		put(frame, 0, ether[v6], 2);
		return 20;
	case LINK_NULL:
	case LINK_LOOP:
		frame[below(2) ? 0 : 3] = v6 ? 10 : 2;
		return 4;
	case LINK_PPP:
	case LINK_PPP_HDLC:
		return put(frame, 0, (uint8_t[]){ 0xff, 3, 0, v6 ? 0x57 : 0x21 }, 4);
	case LINK_PPP_ETHER:
		return put(frame, 0, (uint8_t[]){ 0x11, 0, 0, 1, 0, 40, 0, v6 ? 0x57 : 0x21 }, 8);
	default:
		return 0;
	}
}

static uint8_t protocol(void)
{
	static const uint8_t some[] = { WIRE_UDP, WIRE_TCP, WIRE_ICMP, WIRE_ICMPV6, WIRE_UDPLITE, 47 };

	return some[below(sizeof some)];
}

/* Addresses out of few, so that flows and fragments meet again, or out of many, so that the table fills. */
static void address(uint8_t *at, uint32_t bytes)
{
	memset(at, 0, bytes);
	at[bytes - 1] = (uint8_t)below(4);
	if (below(2)) {
		at[bytes - 2] = (uint8_t)draw();
		at[bytes - 3] = (uint8_t)draw();
	}
	if (bytes == 16 && below(4) == 0)
		at[10] = at[11] = 0xff;
}

static uint32_t network_layer(uint8_t *frame, uint32_t at, bool v6)
{
	static const uint8_t headers[] = { HOP_BY_HOP, ROUTING, FRAGMENT, AUTHENTICATION, DESTINATION, MOBILITY };
	uint8_t *packet = frame + at;
	uint32_t payload = 8 + below(60);

	if (!v6) {
		packet[0] = 0x45 + (below(8) == 0 ? (uint8_t)below(3) : 0);
		packet[3] = (uint8_t)(20 + payload);
		packet[5] = (uint8_t)below(4);
		packet[6] = below(4) == 0 ? 0x20 : 0;
		packet[7] = below(4) == 0 ? 2 : 0;
		packet[9] = protocol();
		address(packet + 12, 4);
		address(packet + 16, 4);
		return at + 20 + payload;
	}
	packet[0] = 0x60;
	packet[5] = (uint8_t)payload;
	packet[6] = below(2) ? protocol() : headers[below(sizeof headers)];
	address(packet + 8, 16);
	address(packet + 24, 16);
	for (uint32_t next = 40; next + 8 < 40 + payload; next += 8) {
		packet[next] = below(2) ? protocol() : headers[below(sizeof headers)];
		packet[next + 3] = (uint8_t)below(18);
	}
	return at + 40 + payload;
}

static uint32_t make(uint8_t *frame, int link_type)
{
	uint32_t length = below(LONGEST);
	bool v6 = below(2);

	memset(frame, 0, LONGEST);
	if (below(4) == 0) {
		for (uint32_t i = 0; i < length; i++)
			frame[i] = (uint8_t)draw();
		return length;
	}
	length = network_layer(frame, link_layer(frame, link_type, v6 || link_type == LINK_IPV6),
			       link_type == LINK_IPV6 || (link_type != LINK_IPV4 && v6));
	for (uint32_t flips = below(4) == 0 ? below(6) : 0; flips > 0; flips--)
		frame[below(length)] ^= (uint8_t)(1 << below(8));
	return below(4) == 0 ? below(length + 1) : length;
}

#endif
