/*
 * Hooks for the frames of AF_PACKET sockets, on the devices of those network namespaces in which such sockets send. A
 * device on top of others (VLAN, bond, bridge) has none: its frames pass the one below and would count twice.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "netlink_reply.h"
#include "parts.h"

/* BPF_TCX_EGRESS of linux/bpf.h since Linux 6.6 */
#define TCX_EGRESS 47
#define ANSWER_BYTES 65536

struct found {
	uint32_t ifindex;
	uint32_t master;
	uint32_t below; /* in the same namespace */
	bool loopback;
};

struct job {
	struct eye *eye;
	uint32_t netns;
	struct found found[MAX_DEVICES];
	size_t count;
};

static uint32_t number(const struct rtattr *attribute)
{
	uint32_t value = 0;

	if (RTA_PAYLOAD(attribute) >= sizeof value)
		memcpy(&value, RTA_DATA(attribute), sizeof value);
	return value;
}

static bool is_veth(const struct rtattr *linkinfo)
{
	int length = (int)RTA_PAYLOAD(linkinfo);
	const struct rtattr *part;

	for (part = RTA_DATA(linkinfo); RTA_OK(part, length); part = RTA_NEXT(part, length))
		if (part->rta_type == IFLA_INFO_KIND && RTA_PAYLOAD(part) >= 4 && !memcmp(RTA_DATA(part), "veth", 4))
			return true;
	return false;
}

static void take_device(struct job *job, const struct nlmsghdr *message)
{
	const struct ifinfomsg *info = NLMSG_DATA(message);
	int length = (int)message->nlmsg_len - (int)NLMSG_SPACE(sizeof *info);
	const struct rtattr *attribute = IFLA_RTA(info);
	struct found *found = &job->found[job->count];
	bool elsewhere = false;

	if (message->nlmsg_len < NLMSG_LENGTH(sizeof *info) || job->count == MAX_DEVICES)
		return;
	memset(found, 0, sizeof *found);
	found->ifindex = (uint32_t)info->ifi_index;
	found->loopback = info->ifi_flags & IFF_LOOPBACK;
	for (; RTA_OK(attribute, length); attribute = RTA_NEXT(attribute, length)) {
		if (attribute->rta_type == IFLA_MASTER)
			found->master = number(attribute);
		else if (attribute->rta_type == IFLA_LINK)
			found->below = number(attribute);
		else if (attribute->rta_type == IFLA_LINK_NETNSID)
			elsewhere = true;
		else if ((attribute->rta_type & NLA_TYPE_MASK) == IFLA_LINKINFO && is_veth(attribute))
			elsewhere = true; /* its other end is beside it, not below */
	}
	if (elsewhere || found->below == found->ifindex)
		found->below = 0;
	job->count++;
}

/* Whether a block of the answer ends it. */
static bool take_block(struct job *job, const struct nlmsghdr *message, ssize_t left)
{
	for (; NLMSG_OK(message, left); message = NLMSG_NEXT(message, left)) {
		if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
			return true;
		if (message->nlmsg_type == RTM_NEWLINK)
			take_device(job, message);
	}
	return false;
}

static void list_devices(struct job *job)
{
	_Alignas(struct nlmsghdr) static char block[ANSWER_BYTES]; /* one job at a time */
	struct {
		struct nlmsghdr head;
		struct ifinfomsg info;
	} request = {
		.head = { .nlmsg_len = sizeof request, .nlmsg_type = RTM_GETLINK, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.info = { .ifi_family = AF_UNSPEC },
	};
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct timeval patience = { .tv_sec = 1 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	bool over = fd < 0;

	if (!over)
		over = setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) ||
		       sendto(fd, &request, sizeof request, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0;
	while (!over) {
		ssize_t length = netlink_reply(fd, block, sizeof block);

		over = length <= 0 || take_block(job, (const struct nlmsghdr *)block, length);
	}
	if (fd >= 0)
		close(fd);
}

static bool carries_others(const struct job *job, const struct found *device)
{
	for (size_t i = 0; i < job->count; i++)
		if (job->found[i].master == device->ifindex)
			return true;
	return false;
}

/* Whether the device of a link is still there. xdp is where tcx has its device, too; headers of then do not know that. */
static bool is_alive(const struct device *device)
{
	struct bpf_link_info info = { 0 };
	uint32_t size = sizeof info;

	return !bpf_obj_get_info_by_fd(device->link, &info, &size) && info.xdp.ifindex;
}

/* Numbers of devices and namespaces come again: what is gone must not pass for what is there. */
static void forget_gone(struct eye *eye)
{
	size_t kept = 0;

	for (size_t i = 0; i < eye->device_count; i++) {
		if (is_alive(&eye->devices[i]))
			eye->devices[kept++] = eye->devices[i];
		else
			close(eye->devices[i].link);
	}
	eye->device_count = kept;
}

static bool hooked(const struct eye *eye, uint32_t netns, uint32_t ifindex)
{
	for (size_t i = 0; i < eye->device_count; i++)
		if (eye->devices[i].netns == netns && eye->devices[i].ifindex == ifindex)
			return true;
	return false;
}

static void hook(struct eye *eye, uint32_t netns, const struct found *device)
{
	int link;

	if (eye->device_count == MAX_DEVICES || hooked(eye, netns, device->ifindex))
		return;
	link = bpf_link_create(eye->frame_program, (int)device->ifindex, (enum bpf_attach_type)TCX_EGRESS, NULL);
	if (link < 0)
		return; /* it went away meanwhile; its frames are counted at the end of the send call */
	eye->devices[eye->device_count++] = (struct device){ .netns = netns, .ifindex = device->ifindex, .link = link };
}

static void hook_all(void *argument)
{
	struct job *job = argument;

	list_devices(job);
	for (size_t i = 0; i < job->count; i++) {
		const struct found *device = &job->found[i];

		if (!device->loopback && !device->below && !carries_others(job, device))
			hook(job->eye, job->netns, device);
	}
}

int eye_device_program(int program)
{
	/* Tried on the loopback device, which every namespace has as its first, and taken away again. */
	int link = bpf_link_create(program, 1, (enum bpf_attach_type)TCX_EGRESS, NULL);

	if (link < 0)
		return -1;
	close(link);
	return program;
}

void eye_hook_devices(struct eye *eye, uint32_t tgid, uint32_t netns)
{
	static struct job job; /* large for a stack */

	if (eye->frame_program < 0)
		return;
	job.eye = eye;
	job.netns = netns;
	job.count = 0;
	forget_gone(eye);
	eye_in_namespace(tgid, netns, hook_all, &job);
}

void eye_unhook_devices(struct eye *eye)
{
	while (eye->device_count)
		close(eye->devices[--eye->device_count].link);
}
