/*
 * What a process is: told to user space when it begins a program, and once for all that were there before. So it is
 * known even where the process ends at once.
 */
#ifndef OUTGUARD_CAPTURE_H
#define OUTGUARD_CAPTURE_H

#define MAX_DEPTH 32

static __always_inline struct eye_id id_of(struct task_struct *task)
{
	struct eye_id id = {};

	id.tgid = (uint32_t)BPF_CORE_READ(task, tgid);
	id.start = BPF_CORE_READ(task, group_leader, start_boottime);
	return id;
}

static __always_inline void lost_facts(void)
{
	uint32_t zero = 0;
	struct eye_state *state = bpf_map_lookup_elem(&og_state, &zero);

	if (state)
		__sync_fetch_and_add(&state->lost_facts, 1);
}

/* Appends one component; returns the new length, or the old one where it does not fit. */
static __always_inline uint32_t append(struct eye_path *to, uint32_t length, const void *name)
{
	long copied;

	if (length >= EYE_PATH)
		return length;
	copied = bpf_probe_read_kernel_str(to->text + length, EYE_NAME, name);
	return copied > 1 && copied <= EYE_NAME ? length + (uint32_t)copied : length;
}

/*
 * The path of a file across mounts, component by component, up to the root of its mount namespace; returns its length.
 * Global, like the next, so that the verifier goes through its loop once.
 */
__noinline uint32_t og_write_path(struct eye_path *to, uint64_t vfsmount, uint64_t first)
{
	struct mount *mount = (struct mount *)(vfsmount - bpf_core_field_offset(struct mount, mnt));
	struct dentry *dentry = (struct dentry *)first;
	uint32_t length = 0;
	int i;

	if (!to || !vfsmount)
		return 0;
	for (i = 0; i < MAX_DEPTH; i++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		struct dentry *top = BPF_CORE_READ(mount, mnt.mnt_root);

		if (dentry == top || dentry == parent) {
			struct mount *below = BPF_CORE_READ(mount, mnt_parent);

			if (dentry != top) {
				/* A file without a folder, as of memfd_create(2). */
				length = append(to, length, BPF_CORE_READ(dentry, d_name.name));
				break;
			}
			if (below == mount)
				break;
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = below;
			continue;
		}
		if (length >= EYE_PATH)
			break;
		length = append(to, length, BPF_CORE_READ(dentry, d_name.name));
		dentry = parent;
	}
	return length;
}

static __always_inline struct kernfs_node *parent_of(struct kernfs_node *node)
{
	struct kernfs_node___rcu *newer = (void *)node;

	if (bpf_core_field_exists(newer->__parent))
		return BPF_CORE_READ(newer, __parent);
	return BPF_CORE_READ(node, parent);
}

__noinline uint32_t og_write_cgroup(struct eye_path *to, uint64_t first)
{
	struct kernfs_node *node = (struct kernfs_node *)first;
	uint32_t length = 0;
	int i;

	if (!to)
		return 0;
	for (i = 0; i < MAX_DEPTH && node; i++) {
		struct kernfs_node *parent = parent_of(node);

		if (!parent || length >= EYE_PATH)
			break;
		length = append(to, length, BPF_CORE_READ(node, name));
		node = parent;
	}
	return length;
}

/* d_unlinked(): in no hash list, and no root. */
static __always_inline bool exe_deleted(struct task_struct *task)
{
	struct dentry *dentry = BPF_CORE_READ(task, mm, exe_file, f_path.dentry);

	return dentry && !BPF_CORE_READ(dentry, d_hash.pprev) && BPF_CORE_READ(dentry, d_parent) != dentry;
}

static __always_inline void write_program(struct eye_facts *facts, struct task_struct *task)
{
	struct file *exe = BPF_CORE_READ(task, mm, exe_file);

	if (!exe)
		return;
	facts->exe_inode = BPF_CORE_READ(exe, f_inode, i_ino);
	facts->exe_device = BPF_CORE_READ(exe, f_inode, i_sb, s_dev);
	facts->exe_length =
		og_write_path(&facts->exe, (uint64_t)BPF_CORE_READ(exe, f_path.mnt), (uint64_t)BPF_CORE_READ(exe, f_path.dentry));
}

static __always_inline void write_arguments(struct eye_facts *facts, struct task_struct *task)
{
	unsigned long from = BPF_CORE_READ(task, mm, arg_start);
	unsigned long length = BPF_CORE_READ(task, mm, arg_end) - from;

	if (length > EYE_ARGUMENTS - 1)
		length = EYE_ARGUMENTS - 1;
	length &= EYE_ARGUMENTS - 1;
	if (from && !bpf_probe_read_user(facts->arguments, length, (void *)from))
		facts->arguments_length = (uint32_t)length;
}

static __always_inline void write_parents(struct eye_facts *facts, struct task_struct *task)
{
	struct task_struct *parent = BPF_CORE_READ(task, real_parent, group_leader);
	uint32_t i;

	for (i = 0; i < EYE_PARENTS; i++) {
		struct eye_id id = id_of(parent);

		if (!id.tgid)
			break;
		facts->parent[i].id = id;
		BPF_CORE_READ_STR_INTO(&facts->parent[i].command, parent, comm);
		parent = BPF_CORE_READ(parent, real_parent, group_leader);
	}
	facts->parents = i;
}

static __always_inline struct eye_lineage lineage_of(struct task_struct *leader)
{
	struct eye_lineage lineage = {};

	lineage.parent = id_of(BPF_CORE_READ(leader, real_parent));
	lineage.anchor = id_of(leader);
	lineage.cgroup = BPF_CORE_READ(leader, cgroups, dfl_cgrp, kn, id);
	lineage.uid = BPF_CORE_READ(leader, cred, euid.val);
	lineage.netns = BPF_CORE_READ(leader, nsproxy, net_ns, ns.inum);
	lineage.flags = exe_deleted(leader) ? EYE_EXE_DELETED : 0;
	lineage.number = settings.pidns ? number_in(leader, settings.pidns) : (uint32_t)BPF_CORE_READ(leader, tgid);
	BPF_CORE_READ_STR_INTO(&lineage.command, leader, comm);
	return lineage;
}

/* Remembers a process that begins a program, or was met first: an anchor of its children. */
static __always_inline void remember_anchor(struct task_struct *leader, struct eye_id *self,
					    struct eye_lineage *lineage)
{
	struct eye_lineage *before;

	*self = id_of(leader);
	*lineage = lineage_of(leader);
	/* The parent that it was born of, even where that has ended and another took its place. */
	before = bpf_map_lookup_elem(&og_processes, self);
	if (before)
		lineage->parent = before->parent;
	bpf_map_update_elem(&og_processes, self, lineage, BPF_ANY);
}

static __always_inline void write_facts(struct eye_facts *facts, struct task_struct *leader,
					const struct eye_id *self, const struct eye_lineage *lineage)
{
	facts->self = *self;
	facts->lineage = *lineage;
	facts->word = EYE_FACTS;
	facts->login_uid = BPF_CORE_READ(leader, loginuid.val);
	facts->exe_device = 0;
	facts->exe_inode = 0;
	facts->exe_length = facts->arguments_length = 0;
	facts->reserved = facts->reserved2 = 0;
	write_program(facts, leader);
	write_parents(facts, leader);
	facts->cwd_length =
		og_write_path(&facts->cwd, (uint64_t)BPF_CORE_READ(leader, fs, pwd.mnt), (uint64_t)BPF_CORE_READ(leader, fs, pwd.dentry));
	facts->cgroup_length = og_write_cgroup(&facts->cgroup, (uint64_t)BPF_CORE_READ(leader, cgroups, dfl_cgrp, kn));
}

/*
 * A new slot: its sender may be one whom the table of processes has forgotten, or one that sends for the first time and
 * has given itself another name or deleted its program before that.
 */
static __always_inline void meet(const struct sender *sender)
{
	struct eye_id id = sender->id;
	struct eye_lineage lineage, *known = bpf_map_lookup_elem(&og_processes, &id);
	struct task_struct *leader;

	if (known && known->flags & EYE_SENT)
		return;
	leader = BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), group_leader);
	if (known) {
		known->flags = EYE_SENT | (exe_deleted(leader) ? EYE_EXE_DELETED : 0);
		known->uid = sender->uid;
		BPF_CORE_READ_STR_INTO(&known->command, leader, comm);
	} else {
		remember_anchor(leader, &id, &lineage);
	}
}

#endif
