/* Twin of org.outguard.kernel.NetworkNamespace. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <jni.h>
#include <sched.h>
#include <unistd.h>

/* Moves the calling thread into the namespace at a path (setns(2)); returns 0 or errno. */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_NetworkNamespace_setns(JNIEnv *env, jclass cls, jbyteArray path)
{
	char name[4096];
	jsize length = (*env)->GetArrayLength(env, path);
	int fd, result;

	(void)cls;
	if (length >= (jsize)sizeof name)
		return ENAMETOOLONG;
	(*env)->GetByteArrayRegion(env, path, 0, length, (jbyte *)name);
	name[length] = 0;
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno;
	result = setns(fd, CLONE_NEWNET) ? errno : 0;
	close(fd);
	return result;
}
