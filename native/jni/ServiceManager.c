#include <errno.h>
#include <jni.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* One datagram, without waiting: a service manager that does not read must not hold up the guard. */
JNIEXPORT jint JNICALL
Java_org_outguard_kernel_ServiceManager_send(JNIEnv *env, jclass class, jbyteArray socket_name, jbyteArray words)
{
	(void) class;
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	jsize length = (*env)->GetArrayLength(env, socket_name);
	if (length < 2 || (size_t) length >= sizeof to.sun_path)
		return ENAMETOOLONG;
	(*env)->GetByteArrayRegion(env, socket_name, 0, length, (jbyte *) to.sun_path);
	if (to.sun_path[0] == '@')
		to.sun_path[0] = 0;
	char text[64];
	jsize size = (*env)->GetArrayLength(env, words);
	if ((size_t) size > sizeof text)
		return EMSGSIZE;
	(*env)->GetByteArrayRegion(env, words, 0, size, (jbyte *) text);
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return errno;
	socklen_t used = (socklen_t) (offsetof(struct sockaddr_un, sun_path) + (size_t) length);
	ssize_t sent = sendto(fd, text, (size_t) size, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *) &to, used);
	int failure = sent < 0 ? errno : 0;
	close(fd);
	return failure;
}
