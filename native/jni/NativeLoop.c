/*
 * Twin of org.outguard.capture.NativeLoop: drains a device that pcap4j opened, through libpcap, into counts.
 *
 * libpcap is not linked: where it is missing, the rest of this library must load all the same. Java looks its function
 * up and hands the address over.
 */
#include <errno.h>
#include <jni.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <unistd.h>

#include "wire.h"

/* struct pcap_pkthdr of pcap/pcap.h; of a handle with nanosecond precision tv_usec holds nanoseconds. */
struct pcap_header {
	struct timeval time;
	uint32_t captured;
	uint32_t original;
};

/* pcap_dispatch(3PCAP) */
typedef int (*dispatch_function)(void *pcap, int most, void (*packet)(uint8_t *, const struct pcap_header *,
								       const uint8_t *),
				 uint8_t *user);

struct target {
	struct wire_state *state;
	struct wire_batch *batch;
	const uint8_t *before; /* where the packet before lies */
	int link_type;
};

/* So many packets ahead: as long as it takes until memory that another core has written is here. */
#define AHEAD 8
#define CACHE_LINE 64
/* What the kernel and libpcap write before a frame, and as much of it as is read. */
#define BEFORE_FRAME 96
#define OF_FRAME 48

/*
 * Packets of a flood are of one size and lie one behind the other in the kernel's ring, so where the next ones are is known
 * before libpcap asks. A guess that is wrong costs nothing: what is fetched in advance is not read.
 */
static void fetch_ahead(struct target *target, const uint8_t *frame)
{
	uintptr_t step = (uintptr_t)frame - (uintptr_t)target->before;
	uintptr_t next = (uintptr_t)frame + AHEAD * step;

	target->before = frame;
	if (step > 2048)
		return;
	for (uintptr_t at = next - BEFORE_FRAME; at < next + OF_FRAME; at += CACHE_LINE)
		__builtin_prefetch((const void *)at);
}

static struct wire_state *begun(JNIEnv *env, jobject memory)
{
	struct wire_state *state = (*env)->GetDirectBufferAddress(env, memory);
	jlong bytes = (*env)->GetDirectBufferCapacity(env, memory);

	if (!state || bytes < (jlong)sizeof *state || state->bytes == 0 || (uint64_t)bytes < state->bytes)
		return NULL;
	return state;
}

/* Size of a state with so many slots; 0 where there can be none. */
JNIEXPORT jlong JNICALL Java_org_outguard_capture_NativeLoop_bytes(JNIEnv *env, jclass cls, jint slots)
{
	(void)env, (void)cls;
	return slots < 0 ? 0 : (jlong)wire_state_bytes((uint32_t)slots);
}

/*
 * Java has written every zero itself, and so made all pages resident; most slots of a table are never used. Pages of
 * anonymous memory that are given back are zero when they are touched again (madvise(2)).
 */
static void give_back(void *zeroed, size_t bytes)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
	uintptr_t from = ((uintptr_t)zeroed + page - 1) & ~(page - 1);
	uintptr_t end = ((uintptr_t)zeroed + bytes) & ~(page - 1);

	if (from < end)
		(void)madvise((void *)from, end - from, MADV_DONTNEED);
}

/* Begins a state in zeroed memory; returns 0 or errno. */
JNIEXPORT jint JNICALL Java_org_outguard_capture_NativeLoop_begin(JNIEnv *env, jclass cls, jobject memory, jint slots)
{
	struct wire_state *state = (*env)->GetDirectBufferAddress(env, memory);
	jlong bytes = (*env)->GetDirectBufferCapacity(env, memory);

	(void)cls;
	if (!state || slots < 0 || (uintptr_t)state % _Alignof(struct wire_state))
		return EINVAL;
	give_back(state, (size_t)bytes);
	return wire_state_begin(state, (uint64_t)bytes, (uint32_t)slots) ? 0 : EINVAL;
}

static void take(uint8_t *user, const struct pcap_header *header, const uint8_t *frame)
{
	struct target *target = (struct target *)user;
	int64_t at = (int64_t)header->time.tv_sec * 1000000000 + header->time.tv_usec;

	fetch_ahead(target, frame);
	wire_count(target->state, target->batch, frame, header->captured, header->original, target->link_type, at);
}

/* Counts packets that are there, without waiting; returns what pcap_dispatch does. */
JNIEXPORT jint JNICALL Java_org_outguard_capture_NativeLoop_dispatch(JNIEnv *env, jclass cls, jobject memory,
								     jlong function, jlong pcap, jint most,
								     jint link_type)
{
	struct wire_batch batch;
	struct target target = { .state = begun(env, memory), .batch = &batch, .link_type = link_type };
	dispatch_function dispatch = (dispatch_function)(uintptr_t)function;
	int packets;

	(void)cls;
	if (!target.state || !dispatch || !pcap)
		return -1;
	wire_batch_begin(&batch);
	packets = dispatch((void *)(uintptr_t)pcap, most, take, (uint8_t *)&target);
	wire_settle(target.state, &batch);
	return packets;
}

/*
 * Counts frames that lie in a buffer one behind the other: capture time (8 bytes), captured and original length
 * (4 each), then the bytes, padded to 8. Returns how many, -1 where the buffer is not made so.
 */
JNIEXPORT jint JNICALL Java_org_outguard_capture_NativeLoop_count(JNIEnv *env, jclass cls, jobject memory,
								  jobject frames, jint length, jint link_type)
{
	struct record {
		int64_t at_nanos;
		uint32_t captured;
		uint32_t original;
	};
	struct wire_state *state = begun(env, memory);
	const uint8_t *from = (*env)->GetDirectBufferAddress(env, frames);
	jlong capacity = (*env)->GetDirectBufferCapacity(env, frames);
	size_t left = (size_t)length;
	struct wire_batch batch;
	int count = 0;

	(void)cls;
	wire_batch_begin(&batch);
	if (!state || !from || length < 0 || length > capacity || (uintptr_t)from % _Alignof(struct record))
		return -1;
	while (left > 0) {
		const struct record *record = (const struct record *)from;
		size_t step;

		if (left < sizeof *record || left - sizeof *record < record->captured)
			break;
		wire_count(state, &batch, from + sizeof *record, record->captured, record->original, link_type,
			   record->at_nanos);
		step = sizeof *record + (((size_t)record->captured + 7) & ~(size_t)7);
		if (step > left)
			break;
		from += step;
		left -= step;
		count++;
	}
	wire_settle(state, &batch);
	return left > 0 ? -1 : count;
}

/* Forgets what was drained. */
JNIEXPORT void JNICALL Java_org_outguard_capture_NativeLoop_clear(JNIEnv *env, jclass cls, jobject memory)
{
	struct wire_state *state = begun(env, memory);

	(void)cls;
	if (state)
		wire_table_clear(state);
}

/* Offsets of wire_state.h as the compiler has them, for a test of those that Java has. */
JNIEXPORT jintArray JNICALL Java_org_outguard_capture_NativeLoop_layout(JNIEnv *env, jclass cls)
{
	const jint offsets[] = {
		offsetof(struct wire_state, packets),
		offsetof(struct wire_state, malformed),
		offsetof(struct wire_state, other_packets),
		offsetof(struct wire_state, other_bytes),
		offsetof(struct wire_state, used),
		offsetof(struct wire_state, samples),
		offsetof(struct wire_state, flows_at),
		offsetof(struct wire_state, samples_at),
		offsetof(struct wire_state, seldom_at),
		sizeof(struct wire_flow),
		offsetof(struct wire_flow, source_high),
		offsetof(struct wire_flow, source_low),
		offsetof(struct wire_flow, remote_high),
		offsetof(struct wire_flow, remote_low),
		offsetof(struct wire_flow, rest),
		offsetof(struct wire_flow, packets),
		offsetof(struct wire_flow, bytes),
		offsetof(struct wire_flow, last_nanos),
		sizeof(struct wire_seldom),
		offsetof(struct wire_seldom, first_nanos),
		offsetof(struct wire_seldom, connects),
		sizeof(struct wire_sample),
		offsetof(struct wire_sample, at_nanos),
		offsetof(struct wire_sample, remote_high),
		offsetof(struct wire_sample, remote_low),
		offsetof(struct wire_sample, captured),
		offsetof(struct wire_sample, original),
		offsetof(struct wire_sample, remote_port),
		offsetof(struct wire_sample, v6),
		offsetof(struct wire_sample, data),
	};
	jint length = (jint)(sizeof offsets / sizeof *offsets);
	jintArray array = (*env)->NewIntArray(env, length);

	(void)cls;
	if (array)
		(*env)->SetIntArrayRegion(env, array, 0, length, offsets);
	return array;
}
