/* Reads the headers of an IP packet into a key. */
#ifndef OUTGUARD_PACKET_H
#define OUTGUARD_PACKET_H

#define TCP 6
#define UDP 17
#define DCCP 33
#define SCTP 132
#define UDPLITE 136
#define HOP_BY_HOP 0
#define ROUTING 43
#define FRAGMENT 44
#define DESTINATION_OPTIONS 60
#define MAX_EXTENSIONS 6
#define SYN_ACK_MASK 0x12
#define SYN 0x02

/* Where the transport header is, and how long the headers are that each segment of a large send repeats. */
struct layout {
	uint32_t transport;
	uint32_t network; /* length of the IP header, extensions included */
	bool first;       /* a whole datagram or its first fragment, so ports are there */
	bool v6;
};

static __always_inline bool has_ports(uint8_t protocol)
{
	return protocol == UDP || protocol == TCP || protocol == UDPLITE || protocol == SCTP || protocol == DCCP;
}

static __always_inline void mapped(uint8_t *to, const void *four)
{
	__builtin_memset(to, 0, 10);
	to[10] = to[11] = 0xff;
	__builtin_memcpy(to + 12, four, 4);
}

/* Extension headers (RFC 8200, 4): most packets have none. */
static __noinline int skip_extensions(struct __sk_buff *skb, uint32_t base, struct layout *layout, uint8_t next)
{
	uint32_t at = base + 40;
	int i;

	for (i = 0; i < MAX_EXTENSIONS; i++) {
		uint8_t head[4];

		if (next != HOP_BY_HOP && next != ROUTING && next != FRAGMENT && next != DESTINATION_OPTIONS)
			break;
		if (bpf_skb_load_bytes(skb, at, head, sizeof head))
			break;
		if (next == FRAGMENT) {
			layout->first = !(((head[2] << 8) | head[3]) & 0xfff8);
			at += 8;
		} else {
			at += (head[1] + 1u) * 8;
		}
		next = head[0];
	}
	layout->transport = at;
	return next;
}

/*
 * Reads from `base`, where the IP header begins. False where this is no IP packet, or one that is cut short. Helper
 * calls, not direct access: headers of packet rings lie in page fragments.
 */
static __always_inline bool read_network(struct __sk_buff *skb, uint32_t base, struct eye_key *key,
					 struct amount *amount, struct layout *layout)
{
	uint8_t ip[40];

	layout->first = true;
	layout->v6 = false;
	if (bpf_skb_load_bytes(skb, base, ip, 20))
		return false;
	if (ip[0] >> 4 == 4) {
		key->protocol = ip[9];
		mapped(amount->local, ip + 12);
		mapped(key->remote, ip + 16);
		layout->transport = base + (ip[0] & 15) * 4;
		layout->first = !(((ip[6] << 8) | ip[7]) & 0x1fff);
	} else if (ip[0] >> 4 == 6) {
		if (bpf_skb_load_bytes(skb, base, ip, 40))
			return false;
		__builtin_memcpy(amount->local, ip + 8, 16);
		__builtin_memcpy(key->remote, ip + 24, 16);
		key->protocol = ip[6];
		layout->v6 = true;
		layout->transport = base + 40;
		if (ip[6] != UDP && ip[6] != TCP && ip[6] != 58)
			key->protocol = (uint8_t)skip_extensions(skb, base, layout, ip[6]);
	} else {
		return false;
	}
	layout->network = layout->transport - base;
	return true;
}

/* Ports, the connect flag and the length of the transport header. */
static __always_inline uint32_t read_transport(struct __sk_buff *skb, struct eye_key *key, struct amount *amount,
					       const struct layout *layout)
{
	uint8_t head[16];

	if (!layout->first || !has_ports(key->protocol))
		return 0;
	if (key->protocol != TCP) {
		if (bpf_skb_load_bytes(skb, layout->transport, head, 4))
			return 0;
		amount->local_port = (uint16_t)(head[0] << 8 | head[1]);
		key->port = (uint16_t)(head[2] << 8 | head[3]);
		return 8;
	}
	if (bpf_skb_load_bytes(skb, layout->transport, head, 16))
		return 0;
	amount->local_port = (uint16_t)(head[0] << 8 | head[1]);
	key->port = (uint16_t)(head[2] << 8 | head[3]);
	amount->connects = (head[13] & SYN_ACK_MASK) == SYN;
	return (head[12] >> 4) * 4;
}

/* How many packets leave for one that is longer than the device takes, and their length (RFC 791, RFC 8200, 4.5). */
static __always_inline void fragment(struct amount *amount, const struct layout *layout, uint32_t mtu)
{
	uint32_t header = layout->network + (layout->v6 ? 8 : 0);
	uint32_t payload = (uint32_t)amount->bytes - layout->network;
	uint32_t room;

	if (mtu < header + 8 || mtu > 65535)
		return;
	room = (mtu - header) & ~7u;
	if (!room)
		return;
	amount->packets = (payload + room - 1) / room;
	amount->bytes = payload + amount->packets * header;
}

#endif
