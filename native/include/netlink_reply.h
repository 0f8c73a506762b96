/* Answers of the kernel over netlink(7); the only place where they are taken. */
#ifndef OUTGUARD_NETLINK_REPLY_H
#define OUTGUARD_NETLINK_REPLY_H

#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <sys/uio.h>

/*
 * Waits for the next datagram of the kernel, as long as the socket has patience. Any process may send to a netlink socket, and
 * only the kernel has port 0 (nlmsg_pid in netlink(7)): what others send is passed over.
 *
 * Returns its length, or a negative errno; -EPROTO for one that is empty or longer than `room`.
 */
static inline ssize_t netlink_reply(int fd, void *block, size_t room)
{
	for (;;) {
		struct sockaddr_nl from = { .nl_pid = 1 };
		struct iovec part = { .iov_base = block, .iov_len = room };
		struct msghdr received = { .msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &part, .msg_iovlen = 1 };
		ssize_t length = recvmsg(fd, &received, 0);

		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return -errno;
		if (received.msg_namelen != sizeof from || from.nl_family != AF_NETLINK || from.nl_pid != 0)
			continue;
		return length == 0 || received.msg_flags & MSG_TRUNC ? -EPROTO : length;
	}
}

#endif
