package org.outguard.guard.contact;

import org.outguard.flow.Endpoint;
import org.outguard.guard.stats.HourlyWindow;
import org.outguard.guard.stats.Reach;

/** What a program that is no mail server sends to the mail ports of other hosts. */
public final class ForeignMail {

    private static final int KILO = 1_000;

    /** Who looks whether a server answers (EHLO, QUIT) sends less on a connection, headers included; a message is more. */
    private static final long LEAST_BYTES = 700;

    private final Reach hosts = new Reach();
    private final HourlyWindow sessions = new HourlyWindow();
    private final HourlyWindow kilobytes = new HourlyWindow();
    private final LongContacts contacts = new LongContacts();
    private long bytes;

    /** The destination that it wrote to last. */
    Endpoint last;

    public ForeignMail(Endpoint first) {
        last = first;
    }

    /** Negative amounts take out what turned out to be another's; who was written to stays. */
    public void add(Endpoint remote, long byteCount, long connects, long firstNanos, long lastNanos) {
        bytes += byteCount;
        kilobytes.add(lastNanos, bytes / KILO);
        bytes %= KILO;
        if (byteCount <= 0) {
            sessions.add(lastNanos, -Math.min(-connects, -byteCount / LEAST_BYTES));
            return;
        }
        long said = contacts.add(remote, byteCount, connects, firstNanos, lastNanos);
        if (said >= LEAST_BYTES && said - byteCount < LEAST_BYTES) {
            sessions.add(lastNanos, Math.max(1, Math.min(connects, byteCount / LEAST_BYTES)));
            hosts.add(Contacts.hash(remote.address(), 0), lastNanos);
            last = remote;
        }
    }

    void addAll(ForeignMail other, long nowNanos) {
        hosts.addAll(other.hosts, nowNanos);
        sessions.addAll(other.sessions);
        kilobytes.addAll(other.kilobytes);
        contacts.addAll(other.contacts);
        bytes += other.bytes;
        last = other.last;
    }

    public long hosts(long nowNanos) {
        return hosts.ofHour(nowNanos);
    }

    public long sessions(long nowNanos) {
        return sessions.lastHour(nowNanos);
    }

    /** Millions of bytes of the last hour. */
    public double megabytes(long nowNanos) {
        return kilobytes.lastHour(nowNanos) / (double) KILO;
    }

    public LongContacts contacts() {
        return contacts;
    }
}
