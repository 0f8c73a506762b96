/*
 * Tries what finds the owner of a socket on answers of sock_diag(7) that are random, cut short or damaged, each in a block
 * of memory of just its size, so that the address sanitizer sees a read beyond it, and on folders like /proc with good and
 * bad links. What must hold in each round: no more is written than there is room for, and every open socket that was asked
 * about is found with each process that has it, once.
 *
 * owner_check [seed]
 */
#define _GNU_SOURCE
#include <sys/stat.h>

#include "check/chance.h"
#include "jni/SockDiag.c"
#include "jni/SocketScan.c"

#define ANSWERS 200000
#define FOLDERS 60
#define MOST_PROCESSES 12
#define MOST_FILES 24
#define INODES 40

static void one_attribute(char **at, const char *end)
{
	struct nlattr attr = { .nla_type = (uint16_t)below(20), .nla_len = (uint16_t)(below(12) ? NLA_HDRLEN + below(40) : draw()) };
	size_t step = NLA_ALIGN(attr.nla_len);

	if ((size_t)(end - *at) < sizeof attr)
		return;
	memcpy(*at, &attr, sizeof attr);
	*at += step && step < (size_t)(end - *at) ? step : sizeof attr;
}

/* A message of the kind that is asked for, mostly, with attributes; then its length is now and then another. */
static size_t one_message(char *block, size_t room)
{
	static const uint16_t types[] = { NLMSG_DONE, NLMSG_ERROR, NLMSG_NOOP, 77 };
	struct nlmsghdr *head = (struct nlmsghdr *)block;
	size_t length = NLMSG_LENGTH(below(200));
	char *at = block + NLMSG_LENGTH(below(2) ? sizeof(struct inet_diag_msg) : sizeof(struct packet_diag_msg));

	if (length > room)
		return 0;
	for (size_t i = NLMSG_HDRLEN; i < length; i++)
		block[i] = (char)draw();
	while (at + sizeof(struct nlattr) <= block + length && below(8))
		one_attribute(&at, block + length);
	head->nlmsg_type = below(10) ? SOCK_DIAG_BY_FAMILY : types[below(4)];
	head->nlmsg_flags = (uint16_t)draw();
	head->nlmsg_len = below(20) ? (uint32_t)length : below(3) ? below(300) : (uint32_t)draw();
	return NLMSG_ALIGN(length);
}

static void try_answers(void)
{
	for (int i = 0; i < ANSWERS; i++) {
		uint32_t room = below(6), written = 0;
		struct sock_dump_header *header = memory(sizeof *header + room * sizeof(struct sock_record));
		struct sink sink = { header, (struct sock_record *)(header + 1), room };
		size_t size = below(1200), step;
		char *whole = memory(size + 4);
		char *cut;

		for (size_t at = 0; at < size && (step = one_message(whole + at, size - at)); at += step)
			written = (uint32_t)(at + step);
		size = below(4) ? written : below(written + 1);
		cut = memory(size);
		memcpy(cut, whole, size);
		take_block(&sink, (const struct nlmsghdr *)cut, (ssize_t)size, below(2) ? AF_PACKET : AF_INET,
			   below(2) ? IPPROTO_RAW : IPPROTO_UDP);
		must(header->count <= room, "no more sockets than there is room for");
		free(cut);
		free(whole);
		free(header);
	}
}

static void name_link(char *target, size_t room, jlong *inode)
{
	static const char *const others[] = { "pipe:[7]", "/dev/null", "socket:[]", "socket:[-7]", "socket:[7",
					      "socket:[ 7]", "socket:[7]]", "anon_inode:[eventpoll]", "socket:",
					      "socket:[99999999999999999999999]", "socket:[0]", "x" };
	*inode = 0;
	switch (below(4)) {
	case 0:
		snprintf(target, room, "%s", others[below(sizeof others / sizeof *others)]);
		break;
	case 1:
		snprintf(target, room, "socket:[%0*u]", (int)(45 + below(60)), below(INODES) + 1);
		break;
	default:
		*inode = (jlong)below(INODES) + 1;
		snprintf(target, room, "socket:[%lld]", (long long)*inode);
	}
}

/* One process with some files; says of which of the sockets. */
static void make_process(int folder, jint pid, bool *has)
{
	char path[64], target[160];

	snprintf(path, sizeof path, "%d", (int)pid);
	must(mkdirat(folder, path, 0700) == 0, "a folder of a process");
	snprintf(path, sizeof path, "%d/fd", (int)pid);
	must(mkdirat(folder, path, 0700) == 0, "a folder of files");
	for (uint32_t file = below(MOST_FILES); file > 0; file--) {
		jlong inode;

		name_link(target, sizeof target, &inode);
		snprintf(path, sizeof path, "%d/fd/%u", (int)pid, file);
		must(symlinkat(target, folder, path) == 0, "a link");
		has[inode] = true;
	}
}

static void remove_process(int folder, jint pid)
{
	char path[64];

	for (uint32_t file = 0; file <= MOST_FILES; file++) {
		snprintf(path, sizeof path, "%d/fd/%u", (int)pid, file);
		unlinkat(folder, path, 0);
	}
	snprintf(path, sizeof path, "%d/fd", (int)pid);
	must(unlinkat(folder, path, AT_REMOVEDIR) == 0, "the folder of files is empty");
	snprintf(path, sizeof path, "%d", (int)pid);
	must(unlinkat(folder, path, AT_REMOVEDIR) == 0, "the folder of the process is empty");
}

static void try_folder(const char *name)
{
	bool has[MOST_PROCESSES + 1][INODES + 1] = { 0 };
	uint32_t processes = below(MOST_PROCESSES), asked = below(INODES + 1), room = below(80), expected = 0;
	jlong *wanted = memory((asked + 1) * sizeof *wanted);
	struct scan scan = { wanted, asked, memory(room * sizeof(jint)), memory(room * sizeof(jlong)), room, 0 };
	int folder = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	uint32_t offset = below(2) ? 0 : INT32_MAX - MOST_PROCESSES;

	must(folder >= 0, "the folder is open");
	must(mkdirat(folder, "self", 0700) == 0 && mkdirat(folder, "0", 0700) == 0 && mkdirat(folder, "2147483648", 0700) == 0,
	     "folders that are no processes");
	for (uint32_t i = 0; i < asked; i++)
		wanted[i] = (jlong)i * INODES / (jlong)asked + 1;
	for (uint32_t pid = 1; pid <= processes; pid++)
		make_process(folder, (jint)(offset + pid), has[pid]);
	for (uint32_t pid = 1; pid <= processes; pid++)
		for (uint32_t i = 0; i < asked; i++)
			expected += has[pid][wanted[i]];

	scan_all(&scan, name);

	/* Beyond the room it is only said that there is more. */
	must(expected > room ? scan.count > room : scan.count == expected, "each pair is found once");
	for (size_t i = 0; i < scan.count && i < room; i++) {
		bool *found = &has[(uint32_t)scan.pids[i] - offset][scan.inodes[i]];

		must(*found, "a pair is one of those that were made, and new");
		*found = false;
	}
	for (uint32_t pid = 1; pid <= processes; pid++)
		remove_process(folder, (jint)(offset + pid));
	must(!unlinkat(folder, "self", AT_REMOVEDIR) && !unlinkat(folder, "0", AT_REMOVEDIR) &&
		     !unlinkat(folder, "2147483648", AT_REMOVEDIR),
	     "all is removed");
	close(folder);
	free(wanted);
	free(scan.pids);
	free(scan.inodes);
}

static void try_folders(void)
{
	char name[] = "/tmp/outguard-owner-check-XXXXXX";

	must(mkdtemp(name) != NULL, "a folder");
	for (int i = 0; i < FOLDERS; i++)
		try_folder(name);
	must(rmdir(name) == 0, "the folder is empty");
}

int main(int count, char **arguments)
{
	begin_check("owner_check", count, arguments);
	try_answers();
	try_folders();
	return 0;
}
