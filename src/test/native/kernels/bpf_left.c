/* bpf_left: prints how many programs of Outguard are in the kernel, whoever holds them (bpf(2)). */
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static long bpf(enum bpf_cmd command, union bpf_attr *attr)
{
	return syscall(SYS_bpf, command, attr, sizeof *attr);
}

static int is_ours(__u32 id)
{
	struct bpf_prog_info info;
	union bpf_attr attr;
	int fd, ours;

	memset(&attr, 0, sizeof attr);
	attr.prog_id = id;
	fd = (int)bpf(BPF_PROG_GET_FD_BY_ID, &attr);
	if (fd < 0)
		return 0;
	memset(&info, 0, sizeof info);
	memset(&attr, 0, sizeof attr);
	attr.info.bpf_fd = (__u32)fd;
	attr.info.info_len = sizeof info;
	attr.info.info = (__u64)(unsigned long)&info;
	ours = !bpf(BPF_OBJ_GET_INFO_BY_FD, &attr) && !strncmp(info.name, "og_", 3);
	close(fd);
	return ours;
}

int main(void)
{
	union bpf_attr attr;
	int ours = 0;

	memset(&attr, 0, sizeof attr);
	while (!bpf(BPF_PROG_GET_NEXT_ID, &attr)) {
		ours += is_ours(attr.next_id);
		attr.start_id = attr.next_id;
	}
	printf("%d\n", ours);
	return 0;
}
