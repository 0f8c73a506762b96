/*
 * The few members of the kernel's structures that the programs read. libbpf finds where they are on the running kernel
 * (CO-RE), so nothing here says anything about their order or size. A name behind ___ is an older or newer shape.
 */
#ifndef OUTGUARD_KERNEL_TYPES_H
#define OUTGUARD_KERNEL_TYPES_H

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct ns_common {
	unsigned int inum;
};

struct net {
	struct ns_common ns;
};

typedef struct {
	struct net *net;
} possible_net_t;

typedef struct {
	unsigned int val;
} kuid_t;

struct in6_addr {
	unsigned char s6_addr[16];
};

struct sock_common {
	unsigned int skc_daddr;
	unsigned int skc_rcv_saddr;
	unsigned short skc_dport;
	unsigned short skc_num;
	unsigned short skc_family;
	unsigned char skc_state;
	struct sock *skc_listener; /* of a connection that is not there yet, whose request stands for a socket */
	possible_net_t skc_net;
	struct in6_addr skc_v6_daddr;
	struct in6_addr skc_v6_rcv_saddr;
};

typedef struct {
	int owned;
} socket_lock_t;

struct sock {
	struct sock_common __sk_common;
	unsigned char sk_kern_sock : 1;
	unsigned short sk_type;
	unsigned short sk_protocol;
	socket_lock_t sk_lock;
};

struct tcp_sock {
	unsigned char is_mptcp; /* since Linux 5.6, where the kernel has multipath TCP */
};

struct packet_ring_buffer {
	unsigned int head;
	unsigned int frame_max;
};

struct packet_sock {
	struct packet_ring_buffer tx_ring;
};

struct socket {
	struct sock *sk;
};

struct net_device {
	unsigned int flags;
	unsigned long priv_flags : 32; /* a bit field since Linux 6.12 */
	unsigned int mtu;
	int ifindex;
	possible_net_t nd_net;
};

struct sk_buff {
	struct net_device *dev;
	struct sock *sk;
	unsigned short network_header; /* behind `head` */
	unsigned char *head;
	unsigned char *data;
	unsigned int end; /* behind `head`, where a struct skb_shared_info is */
	unsigned int len;
	unsigned int data_len;
};

struct skb_shared_info {
	unsigned short gso_size;
	unsigned short gso_segs;
};

/* since Linux 6.4 */
struct bpf_nf_ctx {
	struct sk_buff *skb;
};

struct cred {
	kuid_t euid;
};

struct kernfs_node {
	const char *name;
	unsigned long long id;
	struct kernfs_node *parent;
};

/* since Linux 6.15 */
struct kernfs_node___rcu {
	struct kernfs_node *__parent;
};

/* before Linux 5.5 */
union kernfs_node_id {
	unsigned long long id;
};

struct kernfs_node___union {
	union kernfs_node_id id;
};

struct cgroup {
	struct kernfs_node *kn;
};

struct css_set {
	struct cgroup *dfl_cgrp;
};

struct nsproxy {
	struct net *net_ns;
};

struct super_block {
	unsigned int s_dev;
	unsigned long s_magic;
};

struct inode {
	unsigned long i_ino;
	struct super_block *i_sb;
};

struct hlist_bl_node {
	struct hlist_bl_node **pprev;
};

struct qstr {
	const unsigned char *name;
};

struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
	struct inode *d_inode;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
	void *private_data;
};

struct fs_struct {
	struct path pwd;
};

struct mm_struct {
	struct file *exe_file;
	unsigned long arg_start;
	unsigned long arg_end;
};

struct pid_namespace {
	struct ns_common ns;
};

/* What a process is called in one namespace. */
struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1]; /* one for each namespace from the initial one down to its own */
};

struct task_struct {
	unsigned int flags;
	int pid;
	int tgid;
	unsigned long long start_boottime;
	struct task_struct *group_leader;
	struct task_struct *real_parent;
	struct pid *thread_pid;
	const struct cred *cred;
	kuid_t loginuid;
	char comm[16];
	struct mm_struct *mm;
	struct fs_struct *fs;
	struct nsproxy *nsproxy;
	struct css_set *cgroups;
};

/* before Linux 5.5 */
struct task_struct___real {
	unsigned long long real_start_time;
};

/* before Linux 4.19 */
struct pid_link {
	struct pid *pid;
};

struct task_struct___links {
	struct pid_link pids[1];
};

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
};

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	unsigned int fd;
	struct file *file;
};

struct linux_binprm;

#pragma clang attribute pop

#define AF_INET 2
#define AF_INET6 10
#define AF_NETLINK 16
#define AF_PACKET 17
#define SOCK_RAW 3
#define NETLINK_NETFILTER 12 /* include/uapi/linux/netlink.h */
#define TCP_LISTEN 10
#define LOOPBACK_IFINDEX 1 /* include/linux/netdevice.h: the first device of every network namespace */
#define IFF_MASTER 0x400    /* include/uapi/linux/if.h: a bond */
#define VLAN_DEVICE 1       /* include/linux/netdevice.h: IFF_802_1Q_VLAN and IFF_EBRIDGE, before Linux 6.6 */
#define BRIDGE_DEVICE 2

#endif
