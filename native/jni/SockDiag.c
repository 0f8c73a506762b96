/*
 * Twin of org.outguard.kernel.SockDiag: sockets of this thread's network namespace, by sock_diag(7).
 *
 * Requests and answers are those of linux/inet_diag.h and linux/packet_diag.h; net/ipv4/inet_diag.c,
 * net/ipv4/raw_diag.c and net/packet/diag.c of the kernel answer them.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <jni.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/packet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "netlink_reply.h"
#include "sock_diag_records.h"

/* A dump answers at once; this only bounds what a broken kernel could cost. */
#define ANSWER_SECONDS 2
/* The kernel fills messages of 16 or 32 KiB (NLMSG_GOODSIZE and max_recvmsg_len in net/netlink/af_netlink.c). */
#define ANSWER_BYTES 65536

struct sink {
	struct sock_dump_header *header;
	struct sock_record *records;
	uint32_t room;
};

static struct sock_record *next_record(struct sink *sink)
{
	struct sock_record *record;

	if (sink->header->count == sink->room) {
		sink->header->flags |= SOCK_DUMP_FULL;
		return NULL;
	}
	record = &sink->records[sink->header->count++];
	memset(record, 0, sizeof *record);
	return record;
}

/* The value of an attribute among `length` bytes of them, where it is there and at least `size` long. */
static const void *attribute(const char *first, int length, int type, int size)
{
	while (length >= NLA_HDRLEN) {
		const struct nlattr *attr = (const struct nlattr *)first;
		int step = NLA_ALIGN(attr->nla_len);

		if (attr->nla_len < NLA_HDRLEN || attr->nla_len > length)
			return NULL;
		if ((attr->nla_type & NLA_TYPE_MASK) == type && attr->nla_len >= NLA_HDRLEN + size)
			return first + NLA_HDRLEN;
		first += step;
		length -= step;
	}
	return NULL;
}

static void take_inet(struct sink *sink, const struct nlmsghdr *message, int protocol)
{
	const struct inet_diag_msg *msg = NLMSG_DATA(message);
	int attributes = (int)message->nlmsg_len - (int)NLMSG_SPACE(sizeof *msg);
	const char *first = (const char *)msg + NLMSG_ALIGN(sizeof *msg);
	const uint8_t *v6only = attribute(first, attributes, INET_DIAG_SKV6ONLY, 1);
	const uint8_t *raw_protocol = attribute(first, attributes, INET_DIAG_PROTOCOL, 1);
	struct sock_record *record;

	if (message->nlmsg_len < NLMSG_LENGTH(sizeof *msg) || !(record = next_record(sink)))
		return;
	record->kind = SOCK_RECORD_INET;
	record->family = msg->idiag_family;
	record->protocol = (uint8_t)protocol;
	record->state = msg->idiag_state;
	record->flags = v6only && *v6only ? SOCK_RECORD_V6ONLY : 0;
	record->local_port = ntohs(msg->id.idiag_sport);
	record->remote_port = ntohs(msg->id.idiag_dport);
	record->ifindex = msg->id.idiag_if;
	record->inode = msg->idiag_inode;
	record->uid = msg->idiag_uid;
	memcpy(record->local, msg->id.idiag_src, sizeof record->local);
	memcpy(record->remote, msg->id.idiag_dst, sizeof record->remote);
	if (protocol == IPPROTO_RAW) {
		/* The kernel keeps the protocol of a raw socket where others have their port (inet_create()). */
		record->kind = SOCK_RECORD_RAW;
		record->protocol = raw_protocol ? *raw_protocol : (uint8_t)record->local_port;
		record->local_port = record->remote_port = 0;
	}
}

/* A ring or a group to receive by is of no use to a sender; packet(7). */
static bool captures(const char *first, int attributes)
{
	const uint32_t *memory = attribute(first, attributes, PACKET_DIAG_MEMINFO, (SK_MEMINFO_WMEM_ALLOC + 1) * sizeof *memory);
	bool receives = attribute(first, attributes, PACKET_DIAG_RX_RING, sizeof(struct packet_diag_ring)) ||
			attribute(first, attributes, PACKET_DIAG_FANOUT, sizeof(uint32_t));

	return receives && !attribute(first, attributes, PACKET_DIAG_TX_RING, sizeof(struct packet_diag_ring)) &&
	       memory && !memory[SK_MEMINFO_WMEM_ALLOC];
}

static void take_packet(struct sink *sink, const struct nlmsghdr *message)
{
	const struct packet_diag_msg *msg = NLMSG_DATA(message);
	int attributes = (int)message->nlmsg_len - (int)NLMSG_SPACE(sizeof *msg);
	const char *first = (const char *)msg + NLMSG_ALIGN(sizeof *msg);
	const struct packet_diag_info *info = attribute(first, attributes, PACKET_DIAG_INFO, sizeof *info);
	const uint32_t *uid = attribute(first, attributes, PACKET_DIAG_UID, sizeof *uid);
	struct sock_record *record;

	if (message->nlmsg_len < NLMSG_LENGTH(sizeof *msg) || !(record = next_record(sink)))
		return;
	record->kind = SOCK_RECORD_PACKET;
	record->family = msg->pdiag_family;
	record->state = msg->pdiag_type;
	record->flags = captures(first, attributes) ? SOCK_RECORD_CAPTURES : 0;
	record->local_port = msg->pdiag_num;
	record->inode = msg->pdiag_ino;
	record->ifindex = info ? info->pdi_index : 0;
	record->uid = uid ? *uid : 0;
}

static int ask(int fd, int family, int protocol)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct {
		struct nlmsghdr head;
		union {
			struct inet_diag_req_v2 inet;
			struct packet_diag_req packet;
		};
	} request;
	size_t body = family == AF_PACKET ? sizeof request.packet : sizeof request.inet;

	memset(&request, 0, sizeof request);
	request.head.nlmsg_len = (uint32_t)NLMSG_LENGTH(body);
	request.head.nlmsg_type = SOCK_DIAG_BY_FAMILY;
	request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	if (family == AF_PACKET) {
		request.packet.sdiag_family = AF_PACKET;
		request.packet.pdiag_show = PACKET_SHOW_INFO | PACKET_SHOW_RING_CFG | PACKET_SHOW_FANOUT | PACKET_SHOW_MEMINFO;
	} else {
		/* A dump of raw sockets gives those of every protocol: sdiag_raw_protocol, here the padding, stays 0. */
		request.inet.sdiag_family = (uint8_t)family;
		request.inet.sdiag_protocol = (uint8_t)protocol;
		request.inet.idiag_states = ~0U;
	}
	if (sendto(fd, &request, request.head.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0)
		return errno;
	return 0;
}

/* The errno of an NLMSG_ERROR or of an NLMSG_DONE, both of which carry it negated. */
static int verdict(const struct nlmsghdr *message)
{
	int error;

	if (message->nlmsg_len < NLMSG_LENGTH(sizeof error))
		return message->nlmsg_type == NLMSG_ERROR ? EPROTO : 0;
	memcpy(&error, NLMSG_DATA(message), sizeof error);
	return error < 0 ? -error : 0;
}

/* Takes one received block; returns -1 where more is to come, else 0 or errno. */
static int take_block(struct sink *sink, const struct nlmsghdr *message, ssize_t left, int family, int protocol)
{
	for (; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
		if (message->nlmsg_flags & NLM_F_DUMP_INTR)
			sink->header->flags |= SOCK_DUMP_INTERRUPTED;
		if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
			return verdict(message);
		if (message->nlmsg_type != SOCK_DIAG_BY_FAMILY)
			continue;
		if (family == AF_PACKET)
			take_packet(sink, message);
		else
			take_inet(sink, message, protocol);
	}
	return -1;
}

static int answer(int fd, struct sink *sink, int family, int protocol)
{
	_Alignas(struct nlmsghdr) char block[ANSWER_BYTES];
	int result = -1;

	while (result < 0) {
		ssize_t length = netlink_reply(fd, block, sizeof block);

		if (length < 0)
			return (int)-length;
		result = take_block(sink, (const struct nlmsghdr *)block, length, family, protocol);
		/* The rest would find no room either; the caller comes again with more of it. */
		if (sink->header->flags & SOCK_DUMP_FULL)
			return 0;
	}
	return result;
}

static int dump(struct sink *sink, int family, int protocol)
{
	struct timeval patience = { .tv_sec = ANSWER_SECONDS };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	int result;

	if (fd < 0)
		return errno;
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience))
		result = errno;
	else
		result = ask(fd, family, protocol);
	if (result == 0)
		result = answer(fd, sink, family, protocol);
	close(fd);
	return result;
}

/*
 * Writes the sockets of one family and protocol (IPPROTO_RAW: raw sockets of every protocol; with AF_PACKET it is
 * ignored) from the start of a direct buffer. Returns 0 or errno.
 */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_SockDiag_dump(JNIEnv *env, jclass cls, jint family, jint protocol,
							     jobject buffer)
{
	char *start = (*env)->GetDirectBufferAddress(env, buffer);
	jlong size = (*env)->GetDirectBufferCapacity(env, buffer);
	struct sink sink;

	(void)cls;
	if (!start || size < (jlong)sizeof *sink.header)
		return EINVAL;
	sink.header = (struct sock_dump_header *)start;
	sink.records = (struct sock_record *)(sink.header + 1);
	sink.room = (uint32_t)(((uint64_t)size - sizeof *sink.header) / sizeof *sink.records);
	memset(sink.header, 0, sizeof *sink.header);
	return dump(&sink, family, protocol);
}
