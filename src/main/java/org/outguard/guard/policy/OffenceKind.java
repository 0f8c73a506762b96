package org.outguard.guard.policy;

/** What kind of abuse a talker's traffic would be. */
public enum OffenceKind {
    UDP_FLOOD,
    ICMP_FLOOD,
    TCP_SYN_FLOOD,
    /** Many connections to mail ports. */
    SMTP_BURST,
    /** One user or login hands in too much mail, or too much of it fails. */
    SUBMISSION_BURST,
    /** A login that somebody else may have taken over. */
    ACCOUNT_TAKEOVER,
    /** Bounces to senders that were forged. */
    BACKSCATTER,
    /** A process that is no mail server speaks to port 25 of another host. */
    DIRECT_TO_MX,
    /** More bytes of UDP than a mail server has to send, at whatever packet rate. */
    BYTE_FLOOD,
    /** A protocol that carries others, or ICMP that carries more than a ping does. */
    TUNNEL,
    /** Short connections to ports at which one logs in, again and again. */
    BRUTE_FORCE,
    /** Many destinations, or many ports of one, are tried one after the other. */
    SCAN,
    /** A program that is no mail server sends mail over other hosts' submission ports. */
    FOREIGN_SMTP,
    /** Requests to one web server, more than one program has to ask: a judgement, since no request is read. */
    L7_FLOOD,
    /** A program from where none belongs keeps in touch with another host. Never more than SUSPECT. */
    BEACON,
    /** An address that a feed lists is turned to. Never more than SUSPECT. */
    LISTED,
    /** What the kernel answers to packets with a forged source: whoever forges chooses the destination. */
    REFLECTED,
    /** A service here answers forged questions, and so attacks whom they name. */
    REFLECTOR,
    /** Many senders flood one address together, none of which is a flooder alone. */
    VICTIM
}
