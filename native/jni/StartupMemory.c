/*
 * Twin of org.outguard.kernel.StartupMemory: gives back what was needed to start and is not needed to run.
 *
 * The kernel maps the neighbours of each page of a file that is touched (fault-around), so after its start a JVM has most
 * of its own code and of the archive of classes resident. Pages that were never written to can be let go: whoever touches
 * one again finds it in the page cache (madvise(2), MADV_DONTNEED).
 */
#include <inttypes.h>
#include <jni.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

struct mapping {
	uintptr_t from, end;
	bool file;
};

/* Of a line like "7f00-7f10 r-xp 00000000 08:01 123 /lib/x.so" (proc_pid_maps(5)); false where it is another line. */
static bool read_mapping(const char *line, struct mapping *found)
{
	unsigned long inode;
	uintptr_t from, end;
	char access[5];

	if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %*x %*x:%*x %lu", &from, &end, access, &inode) != 4)
		return false;
	/* What may be written may have been; what is shared (tables of eBPF, the ring) is a device's. */
	*found = (struct mapping){ from, end, inode != 0 && access[0] == 'r' && access[1] == '-' && access[3] == 'p' };
	return true;
}

/* Returns how many kB are not resident any more, at most; -1 where /proc/self/smaps cannot be read. */
JNIEXPORT jlong JNICALL Java_org_outguard_kernel_StartupMemory_giveBack(JNIEnv *env, jclass cls)
{
	struct mapping mapping = { 0 };
	unsigned long resident = 0, value;
	char line[4352];
	jlong given = 0;
	FILE *smaps;

	(void)env, (void)cls;
	malloc_trim(0);
	smaps = fopen("/proc/self/smaps", "re");
	if (!smaps)
		return -1;
	while (fgets(line, sizeof line, smaps)) {
		if (read_mapping(line, &mapping))
			continue;
		if (sscanf(line, "Rss: %lu", &value) == 1)
			resident = value;
		/* Written to before it was protected, as the linker does (RELRO): those pages are in no file. */
		if (sscanf(line, "Anonymous: %lu", &value) != 1 || !mapping.file || value != 0)
			continue;
		if (madvise((void *)mapping.from, mapping.end - mapping.from, MADV_DONTNEED) == 0)
			given += (jlong)resident;
	}
	fclose(smaps);
	return given;
}
