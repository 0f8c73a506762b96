/*
 * Twin of org.outguard.kernel.ExtendedAttributes: extended attributes of files (xattr(7)) in all name spaces, among them access
 * control lists and file capabilities, which Java knows nothing of. Symbolic links are not followed at the last name.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <jni.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>

/* XATTR_LIST_MAX and XATTR_SIZE_MAX of linux/limits.h. */
#define MOST 65536

static char *text_of(JNIEnv *env, jbyteArray bytes)
{
	jsize length = (*env)->GetArrayLength(env, bytes);
	char *text = malloc((size_t)length + 1);

	if (!text)
		return NULL;
	(*env)->GetByteArrayRegion(env, bytes, 0, length, (jbyte *)text);
	text[length] = 0;
	/* A name that ends early is another name. */
	if (strlen(text) != (size_t)length) {
		free(text);
		return NULL;
	}
	return text;
}

/* Bytes written to into, or a negated errno. Without a name the list of names, each with a 0 behind it. */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_ExtendedAttributes_get(JNIEnv *env, jclass cls, jbyteArray file, jbyteArray name,
	jbyteArray into)
{
	char *path = text_of(env, file), *attribute = name ? text_of(env, name) : NULL, *block = malloc(MOST);
	ssize_t got = -1;

	(void)cls;
	errno = EINVAL;
	if (path && block && (*env)->GetArrayLength(env, into) >= MOST && (!name || attribute))
		got = attribute ? lgetxattr(path, attribute, block, MOST) : llistxattr(path, block, MOST);
	if (got < 0)
		got = -errno;
	else
		(*env)->SetByteArrayRegion(env, into, 0, (jsize)got, (jbyte *)block);
	free(block);
	free(attribute);
	free(path);
	return (jint)got;
}

/* 0 or an errno. Without a value the attribute is removed. */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_ExtendedAttributes_set(JNIEnv *env, jclass cls, jbyteArray file, jbyteArray name,
	jbyteArray value)
{
	char *path = text_of(env, file), *attribute = text_of(env, name);
	jbyte *bytes = value ? (*env)->GetByteArrayElements(env, value, NULL) : NULL;
	int error = EINVAL;

	(void)cls;
	if (path && attribute && value && bytes)
		error = lsetxattr(path, attribute, bytes, (size_t)(*env)->GetArrayLength(env, value), 0) ? errno : 0;
	else if (path && attribute && !value)
		error = lremovexattr(path, attribute) ? errno : 0;
	if (bytes)
		(*env)->ReleaseByteArrayElements(env, value, bytes, JNI_ABORT);
	free(attribute);
	free(path);
	return error;
}
