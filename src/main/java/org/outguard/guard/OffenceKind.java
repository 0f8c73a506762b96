package org.outguard.guard;

/** What kind of abuse a talker's traffic would be. */
public enum OffenceKind {
    UDP_FLOOD,
    ICMP_FLOOD,
    TCP_SYN_FLOOD,
    /** Many connections to mail ports. */
    SMTP_BURST,
    /** A process that is no mail server speaks to port 25 of another host. */
    DIRECT_TO_MX
}
