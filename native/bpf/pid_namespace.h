/* What a process is called outside of the initial pid namespace. */
#ifndef OUTGUARD_PID_NAMESPACE_H
#define OUTGUARD_PID_NAMESPACE_H

#define DEEPEST_PIDNS 8 /* levels that are looked through; MAX_PID_NS_LEVEL is 32, and containers are 1 or 2 deep */

/* One of the names of a process, from that of the initial namespace on. */
static __always_inline struct upid *name_at(struct pid *pid, __u32 level)
{
	return (void *)pid + bpf_core_field_offset(struct pid, numbers) + level * bpf_core_type_size(struct upid);
}

static __always_inline struct pid *names_of(struct task_struct *task)
{
	struct task_struct___links *older = (void *)task;

	if (bpf_core_field_exists(task->thread_pid))
		return BPF_CORE_READ(task, thread_pid);
	return BPF_CORE_READ(older, pids[0].pid);
}

/* Nanoseconds after boot. */
static __always_inline __u64 start_of(struct task_struct *task)
{
	struct task_struct___real *older = (void *)task;

	if (bpf_core_field_exists(task->start_boottime))
		return BPF_CORE_READ(task, start_boottime);
	return BPF_CORE_READ(older, real_start_time);
}

/* The number of a process in a pid namespace, by that one's inode; 0 where it is not seen from there. */
static __always_inline __u32 number_in(struct task_struct *leader, __u32 pidns)
{
	struct pid *pid = names_of(leader);
	__u32 i, own = BPF_CORE_READ(pid, level);

	for (i = 1; i < DEEPEST_PIDNS && i <= own; i++) {
		struct upid *name = name_at(pid, i);

		if (BPF_CORE_READ(name, ns, ns.inum) == pidns)
			return (__u32)BPF_CORE_READ(name, nr);
	}
	return 0;
}

/* The number that a process has for itself, and writes into logs. */
static __always_inline __u32 own_number(struct task_struct *leader)
{
	struct pid *pid = names_of(leader);
	struct upid *name = name_at(pid, BPF_CORE_READ(pid, level));

	return (__u32)BPF_CORE_READ(name, nr);
}

#endif
