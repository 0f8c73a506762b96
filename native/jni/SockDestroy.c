/* Twin of org.outguard.kernel.SockDestroy: SOCK_DESTROY of sock_diag(7), as `ss -K` has it. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "netlink_reply.h"

#define ANSWER_SECONDS 2
#define ADDRESS_BYTES 16

struct request {
	struct nlmsghdr head;
	struct inet_diag_req_v2 inet;
};

/* A netlink socket of the network namespace at this path; the thread is back in its own afterwards. Negated errno. */
static int diag_socket(const char *path)
{
	int own = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
	int other = own < 0 ? -1 : open(path, O_RDONLY | O_CLOEXEC);
	int fd = -1, error = 0;

	if (other < 0 || setns(other, CLONE_NEWNET)) {
		error = errno;
	} else {
		fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
		error = fd < 0 ? errno : 0;
		/* A thread that could not go back would act in the wrong place ever after: that is no state to go on in. */
		if (setns(own, CLONE_NEWNET))
			_exit(70);
	}
	if (own >= 0)
		close(own);
	if (other >= 0)
		close(other);
	return error ? -error : fd;
}

static int answer(int fd)
{
	_Alignas(struct nlmsghdr) char block[4096];
	ssize_t length = netlink_reply(fd, block, sizeof block);
	const struct nlmsghdr *message = (const struct nlmsghdr *)block;
	int error;

	if (length < 0)
		return (int)-length;
	if (!NLMSG_OK(message, length) || message->nlmsg_type != NLMSG_ERROR ||
	    message->nlmsg_len < NLMSG_LENGTH(sizeof error))
		return EPROTO;
	memcpy(&error, NLMSG_DATA(message), sizeof error);
	return -error;
}

static int ask(int fd, const struct request *request)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct timeval patience = { .tv_sec = ANSWER_SECONDS };

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience))
		return errno;
	if (sendto(fd, request, request->head.nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0)
		return errno;
	return answer(fd);
}

/* Ends one socket, addresses in network order and 16 bytes each; 0 or errno. */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_SockDestroy_destroy(JNIEnv *env, jclass cls, jbyteArray path, jint family,
								    jint protocol, jbyteArray local, jint local_port,
								    jbyteArray remote, jint remote_port)
{
	char name[4096];
	jsize length = (*env)->GetArrayLength(env, path);
	struct request request;
	int fd, result;

	(void)cls;
	if (length >= (jsize)sizeof name)
		return ENAMETOOLONG;
	if ((*env)->GetArrayLength(env, local) != ADDRESS_BYTES || (*env)->GetArrayLength(env, remote) != ADDRESS_BYTES)
		return EINVAL;
	(*env)->GetByteArrayRegion(env, path, 0, length, (jbyte *)name);
	name[length] = 0;
	memset(&request, 0, sizeof request);
	request.head.nlmsg_len = sizeof request;
	request.head.nlmsg_type = SOCK_DESTROY;
	request.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	request.inet.sdiag_family = (uint8_t)family;
	request.inet.sdiag_protocol = (uint8_t)protocol;
	request.inet.idiag_states = ~0U;
	request.inet.id.idiag_sport = htons((uint16_t)local_port);
	request.inet.id.idiag_dport = htons((uint16_t)remote_port);
	request.inet.id.idiag_cookie[0] = INET_DIAG_NOCOOKIE;
	request.inet.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
	(*env)->GetByteArrayRegion(env, local, 0, ADDRESS_BYTES, (jbyte *)request.inet.id.idiag_src);
	(*env)->GetByteArrayRegion(env, remote, 0, ADDRESS_BYTES, (jbyte *)request.inet.id.idiag_dst);
	fd = diag_socket(name);
	if (fd < 0)
		return -fd;
	result = ask(fd, &request);
	close(fd);
	return result;
}
