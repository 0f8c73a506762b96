/* Reads the headers of an IP packet into a key. */
#ifndef OUTGUARD_PACKET_H
#define OUTGUARD_PACKET_H

#define TCP 6
#define UDP 17
#define DCCP 33
#define SCTP 132
#define ICMPV6 58
#define UDPLITE 136
#define HOP_BY_HOP 0
#define ROUTING 43
#define FRAGMENT 44
#define DESTINATION_OPTIONS 60
#define MAX_EXTENSIONS 6
#define SYN_ACK_MASK 0x12
#define SYN 0x02

/* A packet, or the frames of one large send. */
struct amount {
	uint64_t packets;
	uint64_t bytes;
	uint32_t connects;
	uint32_t second_uid;
	uint64_t second_start;
	uint64_t tick; /* the kernel's (jiffies) */
	uint8_t local[16];
	uint16_t local_port;
};

struct layout {
	uint32_t network; /* length of the IP header, extensions included */
	bool first;       /* a whole datagram or its first fragment, so ports are there */
	bool v6;
};

static __always_inline bool has_ports(uint8_t protocol)
{
	return protocol == UDP || protocol == TCP || protocol == UDPLITE || protocol == SCTP || protocol == DCCP;
}

/* Two words, so that nothing is copied byte by byte. */
static __always_inline void copy_address(uint8_t *to, const uint32_t *from)
{
	uint32_t *words = (uint32_t *)to;

	words[0] = from[0];
	words[1] = from[1];
	words[2] = from[2];
	words[3] = from[3];
}

static __always_inline void copy_mapped(uint8_t *to, uint32_t address)
{
	uint64_t *half = (uint64_t *)to;
	uint32_t *words = (uint32_t *)to;

	half[0] = 0;
	words[2] = bpf_htonl(0xffff);
	words[3] = address;
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
	layout->network = at - base;
	return next;
}

/* The headers, read at once where the packet is as long: an IPv4 header is mostly followed by all that is wanted. */
struct head {
	uint32_t word[10];
};

static __always_inline bool read_head(struct __sk_buff *skb, uint32_t base, struct head *head)
{
	if (skb->len >= base + sizeof *head)
		return !bpf_skb_load_bytes(skb, base, head, sizeof *head);
	if (skb->len >= base + 28)
		return !bpf_skb_load_bytes(skb, base, head, 28);
	return !bpf_skb_load_bytes(skb, base, head, 20);
}

/* The ports; of TCP also whether it asks for a connection. `at` has the first four words of the transport header. */
static __always_inline uint32_t read_transport(const uint32_t *at, struct eye_key *key, struct amount *amount)
{
	uint32_t ports = bpf_ntohl(at[0]), flags;

	amount->local_port = (uint16_t)(ports >> 16);
	key->port = (uint16_t)ports;
	if (key->protocol != TCP)
		return 8;
	flags = bpf_ntohl(at[3]);
	amount->connects = (flags >> 16 & SYN_ACK_MASK) == SYN;
	return (flags >> 28) * 4;
}

/*
 * Reads from `base`, where the IP header begins; what is cut short or no IP leaves the key without it. Returns the
 * length of the headers that each segment of a large send repeats. Helper calls, not direct access: headers of packet
 * rings lie in page fragments.
 */
static __always_inline uint32_t read_packet(struct __sk_buff *skb, uint32_t base, struct eye_key *key,
					    struct amount *amount, struct layout *layout)
{
	struct head head = {};
	uint32_t version;

	if (!read_head(skb, base, &head))
		return 0;
	version = bpf_ntohl(head.word[0]) >> 28;
	layout->v6 = version == 6;
	if (version == 4) {
		uint32_t length = (bpf_ntohl(head.word[0]) >> 24 & 15) * 4;

		key->protocol = (uint8_t)(bpf_ntohl(head.word[2]) >> 16);
		copy_mapped(amount->local, head.word[3]);
		copy_mapped(key->remote, head.word[4]);
		layout->network = length;
		if (bpf_ntohl(head.word[1]) & 0x1fff || !has_ports(key->protocol))
			return length;
		if (length == 20)
			return length + read_transport(&head.word[5], key, amount);
	} else if (version == 6 && skb->len >= base + 40) {
		uint8_t next = (uint8_t)(bpf_ntohl(head.word[1]) >> 8);

		copy_address(amount->local, &head.word[2]);
		copy_address(key->remote, &head.word[6]);
		key->protocol = next;
		layout->network = 40;
		layout->first = true;
		if (next != UDP && next != TCP && next != ICMPV6)
			key->protocol = (uint8_t)skip_extensions(skb, base, layout, next);
		if (!layout->first || !has_ports(key->protocol))
			return layout->network;
	} else {
		return 0;
	}
	__builtin_memset(&head, 0, 16);
	if (bpf_skb_load_bytes(skb, base + layout->network, &head, key->protocol == TCP ? 16 : 4))
		return layout->network;
	return layout->network + read_transport(&head.word[0], key, amount);
}

/*
 * The same of headers that were copied, where IPv4 may have options and later fragments have no ports; IPv6 with extensions
 * has none either.
 */
static __always_inline uint32_t read_copy(const uint32_t word[15], struct eye_key *key, struct amount *amount)
{
	uint32_t first = bpf_ntohl(word[0]), length = (first >> 24 & 15) * 4;

	if (first >> 28 == 4) {
		key->protocol = (uint8_t)(bpf_ntohl(word[2]) >> 16);
		copy_mapped(amount->local, word[3]);
		copy_mapped(key->remote, word[4]);
		if (bpf_ntohl(word[1]) & 0x1fff || !has_ports(key->protocol))
			return length;
		if (length == 20)
			return length + read_transport(word + 5, key, amount);
		return length;
	}
	if (first >> 28 != 6)
		return 0;
	key->protocol = (uint8_t)(bpf_ntohl(word[1]) >> 8);
	copy_address(amount->local, word + 2);
	copy_address(key->remote, word + 6);
	return has_ports(key->protocol) ? 40 + read_transport(word + 10, key, amount) : 40;
}

/*
 * What most floods are made of, read without a call: UDP in IPv4 without options or in IPv6 without extensions, and no
 * later fragment. Returns 0 where it is anything else, or its headers lie elsewhere.
 */
static __always_inline uint32_t read_plain_udp(struct __sk_buff *skb, struct eye_key *key, struct amount *amount,
					       struct layout *layout)
{
	const uint32_t *word = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;

	if (word + 7 > end)
		return 0;
	if (*(const uint8_t *)word == 0x45 && ((const uint8_t *)word)[9] == UDP) {
		if (word[1] & bpf_htonl(0x1fff))
			return 0;
		copy_mapped(amount->local, word[3]);
		copy_mapped(key->remote, word[4]);
		key->protocol = UDP;
		layout->network = 20;
		return 20 + read_transport(word + 5, key, amount);
	}
	if (word + 12 > end || (*(const uint8_t *)word & 0xf0) != 0x60 || ((const uint8_t *)word)[6] != UDP)
		return 0;
	copy_address(amount->local, word + 2);
	copy_address(key->remote, word + 6);
	key->protocol = UDP;
	layout->network = 40;
	layout->v6 = true;
	return 40 + read_transport(word + 10, key, amount);
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

/* What is known of a frame whose headers were copied: Ethernet, then IPv4 without options or IPv6 without extensions. */
struct frame {
	uint16_t unaligned; /* so that the IP header is aligned */
	uint8_t ethernet[14];
	struct head ip;
	uint32_t ports;
};

static __always_inline void read_frame(const struct frame *frame, struct eye_key *key, struct amount *amount)
{
	const uint8_t *type = frame->ethernet + 12;
	uint32_t first = bpf_ntohl(frame->ip.word[0]), ports = 0;

	if (type[0] == 0x08 && type[1] == 0x00 && first >> 24 == 0x45) {
		key->protocol = (uint8_t)(bpf_ntohl(frame->ip.word[2]) >> 16);
		copy_mapped(amount->local, frame->ip.word[3]);
		copy_mapped(key->remote, frame->ip.word[4]);
		ports = bpf_ntohl(frame->ip.word[1]) & 0x1fff ? 0 : bpf_ntohl(frame->ip.word[5]);
	} else if (type[0] == 0x86 && type[1] == 0xdd && first >> 28 == 6) {
		key->protocol = (uint8_t)(bpf_ntohl(frame->ip.word[1]) >> 8);
		copy_address(amount->local, &frame->ip.word[2]);
		copy_address(key->remote, &frame->ip.word[6]);
		ports = bpf_ntohl(frame->ports);
	}
	if (has_ports(key->protocol)) {
		amount->local_port = (uint16_t)(ports >> 16);
		key->port = (uint16_t)ports;
	}
}

/* Length of the link header in front of the IP header, VLAN tags included; negative where this is no IP packet. */
static __always_inline int link_header(struct __sk_buff *skb)
{
	uint8_t type[2];
	int i, at = 12;

	/* A device without link headers (tun, wireguard) hands over IP at once. */
	if (bpf_skb_load_bytes(skb, 0, type, 1))
		return -1;
	for (i = 0; i < 3; i++) {
		if (bpf_skb_load_bytes(skb, at, type, 2))
			return -1;
		if ((type[0] == 0x08 && type[1] == 0x00) || (type[0] == 0x86 && type[1] == 0xdd))
			return at + 2;
		if (!((type[0] == 0x81 && type[1] == 0x00) || (type[0] == 0x88 && type[1] == 0xa8)))
			return -1;
		at += 4;
	}
	return -1;
}

#endif
