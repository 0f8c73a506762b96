/* Twin of org.outguard.kernel.KernelPrograms: the eye of eye/eye.h for Java. */
#include <errno.h>
#include <jni.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "../eye/eye.h"

/* Handed over as a number, and given back by Java until it closes it. */
static struct eye *eye_of(jlong handle)
{
	return (struct eye *)(intptr_t)handle;
}

/* What a direct buffer holds, where it is large enough; else NULL. */
static void *room(JNIEnv *env, jobject buffer, size_t least)
{
	jlong size = (*env)->GetDirectBufferCapacity(env, buffer);

	return size >= 0 && (size_t)size >= least ? (*env)->GetDirectBufferAddress(env, buffer) : NULL;
}

/* Opens it; returns 0 where that cannot be. Text goes to `words`: the reason, or the limits, with a zero behind it. */
JNIEXPORT jlong JNICALL Java_org_outguard_kernel_KernelPrograms_open(JNIEnv *env, jclass cls, jint age,
								     jbyteArray btf, jobject words)
{
	struct eye_options options = { .age = (enum eye_age)age };
	char reason[EYE_REASON], limits[EYE_LIMITS];
	char *to = room(env, words, EYE_LIMITS), path[PATH_MAX];
	struct eye *eye;

	(void)cls;
	if (!to)
		return 0;
	if (btf) {
		jsize length = (*env)->GetArrayLength(env, btf);

		if (length >= PATH_MAX) {
			snprintf(to, EYE_LIMITS, "the path of the BTF file is too long");
			return 0;
		}
		(*env)->GetByteArrayRegion(env, btf, 0, length, (jbyte *)path);
		path[length] = 0;
		options.btf = path;
	}
	eye = eye_open(&options, reason, limits);
	snprintf(to, EYE_LIMITS, "%s", eye ? limits : reason);
	return (jlong)(intptr_t)eye;
}

/* Fills `to` with a struct eye_drain and its slots; returns 0 or an errno. */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_KernelPrograms_drain(JNIEnv *env, jclass cls, jlong handle, jobject to)
{
	void *start = room(env, to, EYE_DRAIN_BYTES);

	(void)cls;
	return start ? eye_drain(eye_of(handle), start, EYE_DRAIN_BYTES) : EINVAL;
}

/* Fills `to` with struct eye_facts; returns how many. */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_KernelPrograms_facts(JNIEnv *env, jclass cls, jlong handle, jobject to)
{
	struct eye_facts *start = room(env, to, sizeof *start);
	jlong size = (*env)->GetDirectBufferCapacity(env, to);

	(void)cls;
	return start ? (jint)eye_facts(eye_of(handle), start, (size_t)size / sizeof *start) : 0;
}

/* Fills `to` with struct eye_session; returns how many. */
JNIEXPORT jint JNICALL Java_org_outguard_kernel_KernelPrograms_sessions(JNIEnv *env, jclass cls, jlong handle, jobject to)
{
	struct eye_session *start = room(env, to, sizeof *start);
	jlong size = (*env)->GetDirectBufferCapacity(env, to);

	(void)cls;
	return start ? (jint)eye_sessions(eye_of(handle), start, (size_t)size / sizeof *start) : 0;
}

/* Fills `to` with a struct eye_lineage; returns whether it is known. */
JNIEXPORT jboolean JNICALL Java_org_outguard_kernel_KernelPrograms_lineage(JNIEnv *env, jclass cls, jlong handle,
									   jint tgid, jlong start, jobject to)
{
	struct eye_lineage *lineage = room(env, to, sizeof *lineage);
	struct eye_id id = { .start = (uint64_t)start, .tgid = (uint32_t)tgid };

	(void)cls;
	return lineage && eye_lineage(eye_of(handle), &id, lineage);
}

JNIEXPORT void JNICALL Java_org_outguard_kernel_KernelPrograms_close(JNIEnv *env, jclass cls, jlong handle)
{
	(void)env;
	(void)cls;
	eye_close(eye_of(handle));
}

#define AT(type, member) (jint)offsetof(struct type, member)
#define SIZE(type) (jint)sizeof(struct type)

/* Where the compiler put what Java reads, in the order of KernelLayout.ALL. */
JNIEXPORT jintArray JNICALL Java_org_outguard_kernel_KernelPrograms_layout(JNIEnv *env, jclass cls)
{
	static const jint layout[] = {
		SIZE(eye_drain), AT(eye_drain, slots), AT(eye_drain, nested), AT(eye_drain, packets), AT(eye_drain, bytes),
		AT(eye_drain, unowned_packets), AT(eye_drain, unowned_bytes), AT(eye_drain, lost_facts),
		AT(eye_drain, wall_offset), AT(eye_drain, hertz), AT(eye_drain, lost_sessions),
		AT(eye_drain, begun),
		SIZE(eye_slot), AT(eye_slot, key.remote), AT(eye_slot, key.start), AT(eye_slot, key.tgid),
		AT(eye_slot, key.uid), AT(eye_slot, key.netns), AT(eye_slot, key.ifindex), AT(eye_slot, key.second_tgid),
		AT(eye_slot, key.port), AT(eye_slot, key.protocol), AT(eye_slot, key.kind), AT(eye_slot, local_port),
		AT(eye_slot, packets), AT(eye_slot, bytes), AT(eye_slot, first), AT(eye_slot, last), AT(eye_slot, connects),
		AT(eye_slot, second_uid), AT(eye_slot, second_start), AT(eye_slot, local),
		SIZE(eye_lineage), AT(eye_lineage, parent.start), AT(eye_lineage, parent.tgid),
		AT(eye_lineage, anchor.start), AT(eye_lineage, anchor.tgid), AT(eye_lineage, command),
		AT(eye_lineage, cgroup), AT(eye_lineage, uid), AT(eye_lineage, netns), AT(eye_lineage, flags),
		AT(eye_lineage, number),
		SIZE(eye_session), AT(eye_session, client), AT(eye_session, server), AT(eye_session, user.start),
		AT(eye_session, user.tgid), AT(eye_session, begun), AT(eye_session, at), AT(eye_session, uid),
		AT(eye_session, server_pid), AT(eye_session, client_port), AT(eye_session, server_port),
		AT(eye_session, word),
		SIZE(eye_parent), AT(eye_parent, id.start), AT(eye_parent, id.tgid), AT(eye_parent, command),
		SIZE(eye_facts), AT(eye_facts, self.start), AT(eye_facts, self.tgid),
		AT(eye_facts, lineage), AT(eye_facts, login_uid), AT(eye_facts, exe_device), AT(eye_facts, exe_inode),
		AT(eye_facts, exe_length), AT(eye_facts, cwd_length), AT(eye_facts, cgroup_length),
		AT(eye_facts, arguments_length), AT(eye_facts, parents), AT(eye_facts, at), AT(eye_facts, parent), AT(eye_facts, exe),
		AT(eye_facts, cwd), AT(eye_facts, cgroup), AT(eye_facts, arguments),
		(jint)EYE_DRAIN_BYTES, EYE_LIMITS,
	};
	jsize length = sizeof layout / sizeof *layout;
	jintArray array = (*env)->NewIntArray(env, length);

	(void)cls;
	if (array)
		(*env)->SetIntArrayRegion(env, array, 0, length, layout);
	return array;
}
