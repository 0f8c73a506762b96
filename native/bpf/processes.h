/* Where processes come from, what they are and how they end: the programs that learn it. */
#ifndef OUTGUARD_PROCESSES_H
#define OUTGUARD_PROCESSES_H

SEC(TRACE "sched_process_fork")
int BPF_PROG(og_fork, struct task_struct *parent, struct task_struct *child)
{
	struct eye_lineage lineage, *above;
	struct eye_id self, from;

	if (BPF_CORE_READ(child, pid) != BPF_CORE_READ(child, tgid))
		return 0;
	from = id_of(parent);
	above = bpf_map_lookup_elem(&og_processes, &from);
	lineage = lineage_of(child);
	lineage.anchor = above ? above->anchor : from;
	self = id_of(child);
	bpf_map_update_elem(&og_processes, &self, &lineage, BPF_ANY);
	return 0;
}

SEC(TRACE "sched_process_exec")
int BPF_PROG(og_exec)
{
	/* It is the first thread of its process, whichever thread asked for this. */
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct eye_lineage lineage;
	struct eye_facts *facts;
	struct eye_id self;

	remember_anchor(task, &self, &lineage);
	facts = begin_word();
	if (!facts) {
		lost_facts();
		return 0;
	}
	write_facts(facts, task, &self, &lineage);
	write_arguments(facts, task);
	tell_word(ctx, facts);
	return 0;
}

/* Run once when it is opened, and read by user space: the processes that are there already. */
SEC("iter/task")
int og_present(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;
	struct eye_lineage lineage;
	struct eye_facts *facts;
	struct eye_id self;
	uint32_t zero = 0;

	if (!task || task->pid != task->tgid || task->flags & PF_KTHREAD)
		return 0;
	facts = bpf_map_lookup_elem(&og_scratch, &zero);
	if (!facts)
		return 0;
	remember_anchor(task, &self, &lineage);
	write_facts(facts, task, &self, &lineage);
	bpf_seq_write(ctx->meta->seq, facts, sizeof *facts);
	return 0;
}

/* What it called itself last, and which user it became. */
SEC(TRACE "sched_process_exit")
int BPF_PROG(og_exit, struct task_struct *task)
{
	struct eye_lineage *lineage;
	struct eye_id self;

	if (BPF_CORE_READ(task, pid) != BPF_CORE_READ(task, tgid))
		return 0;
	self = id_of((struct task_struct *)bpf_get_current_task());
	lineage = bpf_map_lookup_elem(&og_processes, &self);
	if (!lineage)
		return 0;
	lineage->uid = BPF_CORE_READ(task, cred, euid.val);
	BPF_CORE_READ_STR_INTO(&lineage->command, task, comm);
	return 0;
}

#endif
