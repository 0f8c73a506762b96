/*
 * What a process is: told to user space when it begins a program, and once for all that were there before. So it is
 * known even where the process ends at once.
 */
#ifndef OUTGUARD_CAPTURE_H
#define OUTGUARD_CAPTURE_H

#define MAX_DEPTH 32
#define NOBODY 0xFFFFFFFFu /* a kernel without audit does not know who logged in */

static __always_inline struct eye_id id_of(struct task_struct *task)
{
	struct eye_id id = {};

	id.tgid = (uint32_t)BPF_CORE_READ(task, tgid);
	id.start = start_of(BPF_CORE_READ(task, group_leader));
	return id;
}

/*
 * Appends one component where it fits; false where there is no room for more. The length lies in memory, of which the verifier
 * knows nothing: with a number that it follows, each turn of a loop would be another one to it.
 */
static __always_inline bool append(struct eye_path *to, volatile uint32_t *length, const void *name)
{
	uint32_t at = *length;
	long copied;

	if (at >= EYE_PATH)
		return false;
	copied = bpf_probe_read_kernel_str(to->text + at, EYE_NAME, name);
	if (copied > 1 && copied <= EYE_NAME)
		*length = at + (uint32_t)copied;
	return true;
}

/*
 * The path of a file across mounts, component by component, up to the root of its mount namespace.
 * Global where that can be, like the next, so that the verifier goes through its loop once.
 */
GLOBAL int og_write_path(struct eye_path *to, uint32_t *length, uint64_t vfsmount, uint64_t first)
{
	struct mount *mount = (struct mount *)(vfsmount - bpf_core_field_offset(struct mount, mnt));
	struct dentry *dentry = (struct dentry *)first;
	int i;

	if (!to || !length || !vfsmount)
		return 0;
	for (i = 0; i < MAX_DEPTH; i++) {
		struct dentry *parent = BPF_CORE_READ(dentry, d_parent);
		struct dentry *top = BPF_CORE_READ(mount, mnt.mnt_root);

		if (dentry == top || dentry == parent) {
			struct mount *below = BPF_CORE_READ(mount, mnt_parent);

			if (dentry != top) {
				/* A file without a folder, as of memfd_create(2). */
				append(to, length, BPF_CORE_READ(dentry, d_name.name));
				break;
			}
			if (below == mount)
				break;
			dentry = BPF_CORE_READ(mount, mnt_mountpoint);
			mount = below;
			continue;
		}
		if (!append(to, length, BPF_CORE_READ(dentry, d_name.name)))
			break;
		dentry = parent;
	}
	return 0;
}

static __always_inline struct kernfs_node *parent_of(struct kernfs_node *node)
{
	struct kernfs_node___rcu *newer = (void *)node;

	if (bpf_core_field_exists(newer->__parent))
		return BPF_CORE_READ(newer, __parent);
	return BPF_CORE_READ(node, parent);
}

GLOBAL int og_write_cgroup(struct eye_path *to, uint32_t *length, uint64_t first)
{
	struct kernfs_node *node = (struct kernfs_node *)first;
	int i;

	if (!to || !length)
		return 0;
	for (i = 0; i < MAX_DEPTH && node; i++) {
		struct kernfs_node *parent = parent_of(node);

		if (!parent || !append(to, length, BPF_CORE_READ(node, name)))
			break;
		node = parent;
	}
	return 0;
}

/* d_unlinked(): in no hash list, and no root. */
static __always_inline bool exe_deleted(struct task_struct *task)
{
	struct dentry *dentry = BPF_CORE_READ(task, mm, exe_file, f_path.dentry);

	return dentry && !BPF_CORE_READ(dentry, d_hash.pprev) && BPF_CORE_READ(dentry, d_parent) != dentry;
}

static __always_inline uint64_t cgroup_id(struct task_struct *task)
{
	struct kernfs_node *node = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn);
	struct kernfs_node___union *older = (void *)node;

	if (bpf_core_field_exists(node->id))
		return BPF_CORE_READ(node, id);
	return BPF_CORE_READ(older, id.id);
}

static __always_inline void write_program(struct eye_facts *facts, struct task_struct *task)
{
	struct file *exe = BPF_CORE_READ(task, mm, exe_file);

	if (!exe)
		return;
	facts->exe_inode = BPF_CORE_READ(exe, f_inode, i_ino);
	facts->exe_device = BPF_CORE_READ(exe, f_inode, i_sb, s_dev);
	og_write_path(&facts->exe, &facts->exe_length, (uint64_t)BPF_CORE_READ(exe, f_path.mnt),
		      (uint64_t)BPF_CORE_READ(exe, f_path.dentry));
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

static __always_inline void write_lineage(struct eye_lineage *lineage, struct task_struct *leader)
{
	lineage->parent = id_of(BPF_CORE_READ(leader, real_parent));
	lineage->anchor = id_of(leader);
	lineage->cgroup = cgroup_id(leader);
	lineage->uid = BPF_CORE_READ(leader, cred, euid.val);
	lineage->netns = BPF_CORE_READ(leader, nsproxy, net_ns, ns.inum);
	lineage->flags = exe_deleted(leader) ? EYE_EXE_DELETED : 0;
	lineage->number = settings.pidns ? number_in(leader, settings.pidns) : (uint32_t)BPF_CORE_READ(leader, tgid);
	BPF_CORE_READ_STR_INTO(&lineage->command, leader, comm);
}

static __always_inline struct eye_lineage lineage_of(struct task_struct *leader)
{
	struct eye_lineage lineage = {};

	write_lineage(&lineage, leader);
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
	facts->login_uid = bpf_core_field_exists(leader->loginuid) ? BPF_CORE_READ(leader, loginuid.val) : NOBODY;
	facts->exe_device = 0;
	facts->exe_inode = 0;
	facts->exe_length = facts->cwd_length = facts->cgroup_length = facts->arguments_length = 0;
	facts->reserved = facts->reserved2 = 0;
	facts->at = bpf_ktime_get_ns();
	write_program(facts, leader);
	write_parents(facts, leader);
	og_write_path(&facts->cwd, &facts->cwd_length, (uint64_t)BPF_CORE_READ(leader, fs, pwd.mnt),
		      (uint64_t)BPF_CORE_READ(leader, fs, pwd.dentry));
	og_write_cgroup(&facts->cgroup, &facts->cgroup_length, (uint64_t)BPF_CORE_READ(leader, cgroups, dfl_cgrp, kn));
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
