/* Whether a datagram is one more of the flow before, by some words of its headers. */
#include <string.h>

#include "path.h"

/* Ethernet without tags, IP without options or extension headers and not in fragments, then ports. */
#define AT_IP 14

struct wire_header {
	uint32_t least;      /* bytes that are read */
	uint32_t length_at;   /* of the length of the datagram */
	uint32_t length_more; /* what that leaves out */
	uint32_t words;
	uint8_t at[WIRE_ALIKE_WORDS];
	uint8_t mask[WIRE_ALIKE_WORDS][8];
};

#define WHOLE { 255, 255, 255, 255, 255, 255, 255, 255 }

/* RFC 791, 3.1: all but type of service, length, number, "do not fragment", time to live and checksum. */
static const struct wire_header ipv4_header = {
	.least = AT_IP + 24,
	.length_at = AT_IP + 2,
	.words = 4,
	.at = { 12, 20, 28, 30 },
	.mask = { { 255, 255, 255 }, { 0x3f, 255, 0, 255, 0, 0, 255, 255 }, WHOLE, WHOLE },
};

/* RFC 8200, 3: all but traffic class, flow label, length and hop limit. */
static const struct wire_header ipv6_header = {
	.least = AT_IP + 44,
	.length_at = AT_IP + 4,
	.length_more = 40,
	.words = 6,
	.at = { 12, 20, 28, 36, 44, 50 },
	.mask = { { 255, 255, 0xf0 }, { 255, 0, 255, 255, 255, 255, 255, 255 }, WHOLE, WHOLE, WHOLE, WHOLE },
};

static uint64_t word(const void *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof value);
	return value;
}

static bool has_only_ports(uint32_t protocol)
{
	return protocol == WIRE_UDP || protocol == WIRE_UDPLITE;
}

static const struct wire_header *header_of(const uint8_t *frame, uint32_t captured)
{
	if (captured >= ipv4_header.least && frame[12] == 0x08 && frame[13] == 0x00 && frame[AT_IP] == 0x45 &&
	    (frame[AT_IP + 6] & 0x3f) == 0 && frame[AT_IP + 7] == 0 && has_only_ports(frame[AT_IP + 9]))
		return &ipv4_header;
	if (captured >= ipv6_header.least && frame[12] == 0x86 && frame[13] == 0xdd && frame[AT_IP] >> 4 == 6 &&
	    has_only_ports(frame[AT_IP + 6]))
		return &ipv6_header;
	return NULL;
}

static uint32_t wire_alike_bytes(const struct wire_alike *alike, const uint8_t *frame, uint32_t captured,
				 uint32_t original)
{
	const struct wire_header *header = alike->header;
	uint64_t differs = 0;
	uint32_t bytes;

	if (!header || captured < header->least || original < captured || original > INT32_MAX)
		return 0;
	for (uint32_t i = 0; i < header->words; i++)
		differs |= (word(frame + header->at[i]) ^ alike->words[i]) & word(header->mask[i]);
	bytes = ((uint32_t)frame[header->length_at] << 8 | frame[header->length_at + 1]) + header->length_more;
	/* What is cut short, is longer than the frame or has no room for ports is looked at more closely. */
	if (differs || bytes < header->least - AT_IP || bytes > original - AT_IP)
		return 0;
	return bytes;
}

static void wire_alike_learn(struct wire_alike *alike, uint32_t place, const uint8_t *frame, uint32_t captured,
			     uint32_t original)
{
	const struct wire_header *header = header_of(frame, captured);

	alike->header = header;
	alike->place = place;
	for (uint32_t i = 0; header && i < header->words; i++)
		alike->words[i] = word(frame + header->at[i]) & word(header->mask[i]);
	/* A datagram that ends before its ports is of a flow without; what looks the same and has them is not. */
	if (!wire_alike_bytes(alike, frame, captured, original))
		alike->header = NULL;
}
