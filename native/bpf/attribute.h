/* Whose a packet is. */
#ifndef OUTGUARD_ATTRIBUTE_H
#define OUTGUARD_ATTRIBUTE_H

static __always_inline void attribute(struct eye_key *key, const struct sender *sender)
{
	key->start = sender->id.start;
	key->tgid = sender->id.tgid;
	key->uid = sender->uid;
}

/* By the stamp on its socket, else nobody's. */
static __always_inline void attribute_by_socket(struct eye_key *key, struct amount *amount, const struct stamp *stamp)
{
	if (!stamp || !stamp->user.tgid)
		return;
	key->start = stamp->user.start;
	key->tgid = stamp->user.tgid;
	key->uid = stamp->uid;
	if (stamp->other.tgid && !is(&stamp->other, &stamp->user) &&
	    bpf_ktime_get_ns() - stamp->changed < SETTLED_NANOS) {
		key->second_tgid = stamp->other.tgid;
		amount->second_start = stamp->other.start;
		amount->second_uid = stamp->other_uid;
	}
}

/* Whether a protocol also sends from timers and on receipt, whoever runs then; a raw socket (raw(7)) never does. */
static __always_inline bool sends_by_itself(uint8_t protocol)
{
	return protocol == TCP || protocol == SCTP || protocol == DCCP;
}

/*
 * Whether the kernel sends for itself. A connection that falls back from multipath to plain TCP keeps the kernel's socket;
 * then the stamp tells.
 */
static __always_inline bool kernels_own(const struct place *place, const struct stamp *stamp)
{
	return place->kernel_socket && !place->subflow && !(stamp && stamp->subflow);
}

/*
 * A packet of a protocol that also sends by itself: it is of the process that runs where that is in a call on this
 * socket and the packet carries no data, as a SYN, a FIN or the answer to a reader; else of the socket's user.
 */
static __always_inline void attribute_connection(struct eye_key *key, struct amount *amount, struct stamp *stamp,
						 const struct sender *sender, bool calls, bool data)
{
	if (stamp) {
		/* So that this is a branch of its own: older verifiers see through no other. */
		asm volatile("" : "+r"(stamp));
		if (calls && data)
			data_leaves(stamp, sender);
		else if (calls && !stamp->user.tgid)
			set_user(stamp, sender, false);
	}
	if (calls && !data)
		attribute(key, sender);
	else
		attribute_by_socket(key, amount, stamp);
}

#endif
