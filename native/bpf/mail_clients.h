/*
 * Who hands mail in by SMTP on this machine: of a connection to a mail port both ends are sockets here, and the process at
 * each of them is known when it connects and when it serves. So it is told once for each session that is served, however
 * short it is; connections that nobody serves are told to nobody, so a flood of them costs an entry of a small table each.
 *
 * Packets of the loopback device are looked at nowhere.
 */
#ifndef OUTGUARD_MAIL_CLIENTS_H
#define OUTGUARD_MAIL_CLIENTS_H

#define TCP_ESTABLISHED 1 /* include/net/tcp_states.h, as those below */
#define TCP_SYN_SENT 2
#define TCP_FIN_WAIT1 4
#define TCP_CLOSE 7
#define TCP_LAST_ACK 9

/* What is known at either end; at the client's no more than who connects. */
struct mail_end {
	struct eye_session session;
	struct eye_id server; /* the process that wrote last at this end */
	bool serves;
};

#ifdef EYE_PLAIN
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 8192);
	__type(key, uint64_t); /* where the socket is in memory */
	__type(value, struct mail_end);
} og_mail_ends SEC(".maps");

static __always_inline struct mail_end *end_of(struct sock *sk)
{
	uint64_t socket = (uint64_t)sk;

	return bpf_map_lookup_elem(&og_mail_ends, &socket);
}

static __always_inline struct mail_end *new_end(struct sock *sk)
{
	uint64_t socket = (uint64_t)sk;
	struct mail_end fresh = {};

	bpf_map_update_elem(&og_mail_ends, &socket, &fresh, BPF_ANY);
	return bpf_map_lookup_elem(&og_mail_ends, &socket);
}

static __always_inline void forget_end(struct sock *sk)
{
	uint64_t socket = (uint64_t)sk;

	bpf_map_delete_elem(&og_mail_ends, &socket);
}

/* Another socket may have its place from now on. */
static __always_inline void forget_closed(struct sock *sk)
{
	forget_end(sk);
}
#else
struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct mail_end);
} og_mail_ends SEC(".maps");

static __always_inline struct mail_end *end_of(struct sock *sk)
{
	return bpf_sk_storage_get(&og_mail_ends, sk, NULL, 0);
}

static __always_inline struct mail_end *new_end(struct sock *sk)
{
	struct mail_end *end = bpf_sk_storage_get(&og_mail_ends, sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);

	if (end)
		__builtin_memset(end, 0, sizeof *end);
	return end;
}

static __always_inline void forget_end(struct sock *sk)
{
	bpf_sk_storage_delete(&og_mail_ends, sk);
}

/* What belongs to a socket goes with it. */
static __always_inline void forget_closed(struct sock *sk)
{
}
#endif

struct mail_pair {
	uint8_t client[16];
	uint8_t server[16];
	uint16_t client_port;
	uint16_t server_port;
	uint32_t reserved;
};

struct mail_client {
	struct eye_id user;
	uint64_t begun;
	uint32_t uid;
	uint32_t reserved;
};

/* Connections that a process of this machine has made, until the other end is met, which is at once if it is here. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, struct mail_pair);
	__type(value, struct mail_client);
} og_mail_clients SEC(".maps");

/* RFC 5321, RFC 8314, RFC 6409. */
static __always_inline bool is_mail_port(uint16_t port)
{
	return port == 25 || port == 465 || port == 587;
}

static __always_inline void put_v4(uint8_t to[16], uint32_t address)
{
	__builtin_memset(to, 0, 10);
	to[10] = to[11] = 0xff;
	__builtin_memcpy(to + 12, &address, 4);
}

/* The addresses of both ends. A socket of IPv6 may carry IPv4, and then has its addresses in the same form as here. */
static __always_inline void addresses_of(struct sock *sk, uint8_t here[16], uint8_t there[16])
{
	if (MEMBER(sk, __sk_common.skc_family) == AF_INET) {
		put_v4(here, MEMBER(sk, __sk_common.skc_rcv_saddr));
		put_v4(there, MEMBER(sk, __sk_common.skc_daddr));
	} else {
		bpf_core_read(here, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_core_read(there, 16, &sk->__sk_common.skc_v6_daddr);
	}
}

static __always_inline void tell_session(void *context, const struct eye_session *session, uint8_t word)
{
	struct eye_session told = *session;

	told.word = word;
	told.at = bpf_ktime_get_ns();
	if (!pass_session(context, &told))
		lost_session();
}

/* In the process that connects; the port of its end is not chosen yet. */
static __always_inline void client_begins(struct sock *sk)
{
	struct sender sender = {};
	struct mail_end *end;

	if (!running(&sender))
		return;
	end = new_end(sk);
	if (!end)
		return;
	end->session.user = sender.id;
	end->session.uid = sender.uid;
	end->session.begun = bpf_ktime_get_ns();
}

/* In whatever runs when the answer comes. */
static __always_inline void client_is_connected(struct sock *sk)
{
	struct mail_end *end = end_of(sk);
	struct mail_pair pair = {};
	struct mail_client client = {};

	addresses_of(sk, pair.client, pair.server);
	pair.client_port = MEMBER(sk, __sk_common.skc_num);
	pair.server_port = bpf_ntohs(MEMBER(sk, __sk_common.skc_dport));
	if (!end) {
		/* Whoever had the port before has nothing to do with it. */
		bpf_map_delete_elem(&og_mail_clients, &pair);
		return;
	}
	__builtin_memcpy(end->session.client, pair.client, sizeof pair.client);
	__builtin_memcpy(end->session.server, pair.server, sizeof pair.server);
	end->session.client_port = pair.client_port;
	end->session.server_port = pair.server_port;
	client.user = end->session.user;
	client.uid = end->session.uid;
	client.begun = end->session.begun;
	bpf_map_update_elem(&og_mail_clients, &pair, &client, BPF_ANY);
}

/* The same connection at the other end, where the client's is on this machine. */
static __always_inline void server_is_connected(void *context, struct sock *sk)
{
	struct mail_pair pair = {};
	struct mail_client *client;
	struct mail_end *end;

	addresses_of(sk, pair.server, pair.client);
	pair.server_port = MEMBER(sk, __sk_common.skc_num);
	pair.client_port = bpf_ntohs(MEMBER(sk, __sk_common.skc_dport));
	client = bpf_map_lookup_elem(&og_mail_clients, &pair);
	if (!client)
		return;
	end = new_end(sk);
	if (!end)
		return;
	__builtin_memcpy(end->session.client, pair.client, sizeof pair.client);
	__builtin_memcpy(end->session.server, pair.server, sizeof pair.server);
	end->session.client_port = pair.client_port;
	end->session.server_port = pair.server_port;
	end->session.user = client->user;
	end->session.uid = client->uid;
	end->session.begun = client->begun;
	end->serves = true;
	bpf_map_delete_elem(&og_mail_clients, &pair);
	if (!settings.send_calls)
		tell_session(context, &end->session, EYE_SERVED);
}

/* It is the mail system that closes here, whoever of both began. */
static __always_inline void end_is_closed(void *context, struct sock *sk)
{
	struct mail_end *end = end_of(sk);

	if (!end || !end->serves)
		return;
	if (end->server.tgid || !settings.send_calls)
		tell_session(context, &end->session, EYE_OVER);
	forget_end(sk);
}

/*
 * A process has written. The mail system speaks first (RFC 5321, 3.1), by the process that serves the session. At the
 * client's end it may be another process than the one that connected; of another user, it is nobody's mail.
 */
static __always_inline void wrote_mail(void *context, struct sock *sk)
{
	struct sender sender = {};
	struct mail_end *end;

	if (!is_mail_port(MEMBER(sk, __sk_common.skc_num)) && !is_mail_port(bpf_ntohs(MEMBER(sk, __sk_common.skc_dport))))
		return;
	end = end_of(sk);
	if (!end || !running(&sender))
		return;
	if (end->serves && !is(&end->server, &sender.id)) {
		end->server = sender.id;
		end->session.server_pid =
			own_number(BPF_CORE_READ((struct task_struct *)bpf_get_current_task(), group_leader));
		tell_session(context, &end->session, EYE_SERVED);
	} else if (!end->serves && !end->session.mixed && sender.uid != end->session.uid) {
		end->session.mixed = true;
		tell_session(context, &end->session, EYE_MIXED);
	}
}

SEC(TRACE "inet_sock_set_state")
int BPF_PROG(og_mail, struct sock *sk, int before, int after)
{
	bool client = is_mail_port(bpf_ntohs(MEMBER(sk, __sk_common.skc_dport)));
	bool server = is_mail_port(MEMBER(sk, __sk_common.skc_num));

	/* Its own port is given back before this. */
	if (after == TCP_CLOSE) {
		end_is_closed(ctx, sk);
		forget_closed(sk);
	}
	if (client == server || protocol_of(sk) != TCP || netns_of(sk) != settings.netns)
		return 0;
	if (client && after == TCP_SYN_SENT)
		client_begins(sk);
	else if (client && before == TCP_SYN_SENT && after == TCP_ESTABLISHED)
		client_is_connected(sk);
	else if (server && before != TCP_ESTABLISHED && after == TCP_ESTABLISHED)
		server_is_connected(ctx, sk);
	else if (server && (after == TCP_FIN_WAIT1 || after == TCP_LAST_ACK))
		end_is_closed(ctx, sk);
	return 0;
}

#endif
