/* Twin of org.outguard.kernel.PidDrop: what drops the packets of single processes, eye/pid_drop.h, for Java. */
#include <errno.h>
#include <jni.h>
#include <stdint.h>
#include <stdio.h>

#include "../eye/pid_drop.h"

#define REASON 256

/* Handed over as a number, and given back by Java until it closes it. */
static struct pid_drop *drop_of(jlong handle)
{
	return (struct pid_drop *)(intptr_t)handle;
}

static struct pid_drop_id id_of(jint pid, jlong start_ticks)
{
	return (struct pid_drop_id){ .start_ticks = (uint64_t)start_ticks, .number = (uint32_t)pid };
}

/* Opens it; returns 0 where that cannot be, with the reason and a zero behind it in a direct buffer. */
JNIEXPORT jlong JNICALL Java_org_outguard_kernel_PidDrop_openProgram(JNIEnv *env, jclass cls, jobject words)
{
	jlong size = (*env)->GetDirectBufferCapacity(env, words);
	char *to = size > 0 ? (*env)->GetDirectBufferAddress(env, words) : NULL;
	char reason[REASON] = "";
	struct pid_drop *drop;

	(void)cls;
	if (!to)
		return 0;
	drop = pid_drop_open(reason, sizeof reason);
	snprintf(to, (size_t)size, "%s", reason);
	return (jlong)(intptr_t)drop;
}

/* Begins to drop; 0 or an errno. */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_PidDrop_begin(JNIEnv *env, jclass cls, jlong handle, jint pid,
							      jlong start_ticks, jlong nanos)
{
	struct pid_drop_id id = id_of(pid, start_ticks);

	(void)env;
	(void)cls;
	return nanos > 0 ? pid_drop_begin(drop_of(handle), &id, (uint64_t)nanos) : EINVAL;
}

/* Ends it; 0 or an errno. */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_PidDrop_end(JNIEnv *env, jclass cls, jlong handle, jint pid,
							    jlong start_ticks)
{
	struct pid_drop_id id = id_of(pid, start_ticks);

	(void)env;
	(void)cls;
	return pid_drop_end(drop_of(handle), &id);
}

/* The packets that were dropped, or a negated errno. */
JNIEXPORT jlong JNICALL Java_org_outguard_kernel_PidDrop_packets(JNIEnv *env, jclass cls, jlong handle, jint pid,
								 jlong start_ticks)
{
	struct pid_drop_id id = id_of(pid, start_ticks);
	struct pid_drop_state state;
	int error = pid_drop_look(drop_of(handle), &id, &state);

	(void)env;
	(void)cls;
	return error ? -error : (jlong)state.packets;
}

JNIEXPORT void JNICALL Java_org_outguard_kernel_PidDrop_closeProgram(JNIEnv *env, jclass cls, jlong handle)
{
	(void)env;
	(void)cls;
	pid_drop_close(drop_of(handle));
}
