#include <jni.h>
#include <jvmti.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * Memory or threads are exhausted. HotSpot's own -XX:+ExitOnOutOfMemoryError ends with status 3, which here means that there are
 * offenders. No destructor and no shutdown hook: they may need memory. The parent of the program gives the terminal back.
 */
static void JNICALL exhausted(jvmtiEnv *jvmti, JNIEnv *env, jint flags, const void *reserved, const char *what)
{
	(void) jvmti;
	(void) env;
	(void) reserved;
	static const char heap[] = "outguard: out of memory: Java heap; ended\n";
	static const char threads[] = "outguard: out of memory: no more threads; ended\n";
	static const char other[] = "outguard: out of memory; ended\n";
	(void) what;
	ssize_t written;
	if (flags & JVMTI_RESOURCE_EXHAUSTED_THREADS)
		written = write(STDERR_FILENO, threads, sizeof threads - 1);
	else if (flags & JVMTI_RESOURCE_EXHAUSTED_JAVA_HEAP)
		written = write(STDERR_FILENO, heap, sizeof heap - 1);
	else
		written = write(STDERR_FILENO, other, sizeof other - 1);
	(void) written;
	_exit(EXIT_FAILURE);
}

/* Whoever catches the error does not keep it from this: it is raised where memory is asked for. A VM without JVMTI goes without. */
JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
{
	(void) reserved;
	jvmtiEnv *jvmti;
	if ((*vm)->GetEnv(vm, (void **) &jvmti, JVMTI_VERSION_1_1) != JNI_OK)
		return JNI_VERSION_1_8;
	jvmtiCapabilities wanted = {
		.can_generate_resource_exhaustion_heap_events = 1,
		.can_generate_resource_exhaustion_threads_events = 1,
	};
	jvmtiEventCallbacks callbacks = { .ResourceExhausted = exhausted };
	if ((*jvmti)->AddCapabilities(jvmti, &wanted) == JVMTI_ERROR_NONE &&
	    (*jvmti)->SetEventCallbacks(jvmti, &callbacks, sizeof callbacks) == JVMTI_ERROR_NONE)
		(*jvmti)->SetEventNotificationMode(jvmti, JVMTI_ENABLE, JVMTI_EVENT_RESOURCE_EXHAUSTED, NULL);
	return JNI_VERSION_1_8;
}
