/* System calls that a confined process is refused, see Confinement.c. Those that an older system's headers do not know have the
 * same number on all machines. */
#ifndef OUTGUARD_CONFINED_CALLS_H
#define OUTGUARD_CONFINED_CALLS_H

#include <linux/audit.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define CONFINED_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define CONFINED_ARCH AUDIT_ARCH_AARCH64
#else
#error "no numbers of system calls for this machine"
#endif

/* What no part of it has a use for: it changes the kernel, the clock, mounts, other processes, or who somebody is. */
static const int never[] = {
	SYS_init_module, SYS_finit_module, SYS_delete_module, SYS_kexec_load, SYS_reboot, SYS_swapon, SYS_swapoff,
	SYS_mount, SYS_umount2, SYS_pivot_root, SYS_unshare, SYS_acct, SYS_quotactl, SYS_nfsservctl,
	SYS_settimeofday, SYS_clock_settime, SYS_clock_adjtime, SYS_adjtimex, SYS_sethostname, SYS_setdomainname,
	SYS_ptrace, SYS_process_vm_writev, SYS_userfaultfd, SYS_add_key, SYS_request_key, SYS_keyctl, SYS_vhangup,
	SYS_open_by_handle_at, SYS_fanotify_init, SYS_mknodat, SYS_syslog, SYS_personality,
	424, /* pidfd_send_signal */
	425, 426, 427, /* io_uring */
	428, /* open_tree */
	429, /* move_mount */
	430, 431, 432, 433, /* fsopen, fsconfig, fsmount, fspick */
	438, /* pidfd_getfd */
	442, /* mount_setattr */
	443, /* quotactl_fd */
#ifdef SYS_kexec_file_load
	SYS_kexec_file_load,
#endif
#if defined(__x86_64__)
	SYS_iopl, SYS_ioperm, SYS_mknod, SYS_uselib, SYS_create_module, SYS_lookup_dcookie, SYS_modify_ldt,
#endif
};

/*
 * What only reads files and writes to what is open has no use for. Changes to files are Landlock's, but for these. Java makes
 * itself a pair of sockets (socketpair(2)), which lead nowhere.
 */
static const int not_by_readers[] = {
	SYS_socket, SYS_chroot, SYS_connect, SYS_bind, SYS_listen, SYS_setns, SYS_bpf, SYS_perf_event_open,
	SYS_fchmod, SYS_fchmodat, SYS_fchown, SYS_fchownat, SYS_setxattr, SYS_lsetxattr, SYS_fsetxattr,
	SYS_removexattr, SYS_lremovexattr, SYS_fremovexattr, SYS_utimensat, SYS_tkill, SYS_rt_sigqueueinfo,
	SYS_rt_tgsigqueueinfo, SYS_setuid, SYS_setgid, SYS_setreuid, SYS_setregid, SYS_setresuid, SYS_setresgid,
	SYS_setgroups, SYS_setfsuid, SYS_setfsgid, SYS_process_vm_readv, SYS_setpriority, SYS_msgget, SYS_semget,
	SYS_shmget,
	452, /* fchmodat2 */
#if defined(__x86_64__)
	SYS_chmod, SYS_chown, SYS_lchown, SYS_utime, SYS_utimes, SYS_futimesat,
#endif
};

#endif
