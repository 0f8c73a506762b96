package org.outguard.guard.contact;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.guard.stats.Nanos;

/**
 * For how long a talker has kept in touch with each of {@value #REMOTES} destinations, those that it wrote to last: without a
 * silence of more than {@value #SILENCE_SECONDS} s. Bounded to {@value #MOST_BYTES} bytes.
 */
public final class LongContacts {

    static final int REMOTES = 16;
    static final int MOST_BYTES = REMOTES * 200;

    /** A talker that is silent for longer is forgotten anyway. */
    static final int SILENCE_SECONDS = 120;

    private final Latest<Endpoint, Span> spans = new Latest<>(REMOTES);

    /** One destination. Times in nanoseconds since the epoch. */
    private static final class Span {
        long since;
        long connectedSince;
        long last;
        long bytes;
    }

    /**
     * The longest of them.
     *
     * @param remote with whom
     * @param nanos how long
     * @param bytes sent on the connection that was opened last
     */
    public record Longest(Endpoint remote, long nanos, long bytes) {}

    /**
     * Takes note of what was sent.
     *
     * @return bytes on the connection that was opened last, these included
     */
    public long add(Endpoint remote, long bytes, long connects, long firstNanos, long lastNanos) {
        Span span = spans.at(remote, Span::new);
        if (firstNanos - span.last > SILENCE_SECONDS * Nanos.PER_SECOND) {
            span.since = firstNanos;
            span.connectedSince = firstNanos;
            span.bytes = 0;
        }
        if (connects > 0) {
            // Which of several a byte belongs to is not counted: with a new one, they all begin anew.
            span.connectedSince = lastNanos;
            span.bytes = 0;
        }
        span.last = Math.max(span.last, lastNanos);
        span.bytes += bytes;
        return span.bytes;
    }

    /** The destination that it has kept in touch with for longest, by however many connections; null where there is none. */
    @Nullable
    public Longest longest(long nowNanos) {
        return longest(nowNanos, false, 0);
    }

    /** The same of one connection each, on which at least so many bytes a second were sent. */
    @Nullable
    public Longest longestConnection(long nowNanos, long leastBytesPerSecond) {
        return longest(nowNanos, true, leastBytesPerSecond);
    }

    private @Nullable Longest longest(long nowNanos, boolean one, long leastBytesPerSecond) {
        Longest longest = null;
        for (Map.Entry<Endpoint, Span> entry : spans.entrySet()) {
            Span span = entry.getValue();
            long nanos = span.last - (one ? span.connectedSince : span.since);
            boolean isOver = nowNanos - span.last > SILENCE_SECONDS * Nanos.PER_SECOND;
            boolean isIdle = span.bytes < leastBytesPerSecond * (nanos / Nanos.PER_SECOND);
            if (!isOver && !isIdle && (longest == null || nanos > longest.nanos())) {
                longest = new Longest(entry.getKey(), nanos, span.bytes);
            }
        }
        return longest;
    }

    void addAll(LongContacts other) {
        other.spans.forEach((remote, theirs) -> {
            Span span = spans.at(remote, Span::new);
            boolean first = span.last == 0;
            span.since = first ? theirs.since : Math.min(span.since, theirs.since);
            span.connectedSince = Math.max(span.connectedSince, theirs.connectedSince);
            span.last = Math.max(span.last, theirs.last);
            span.bytes += theirs.bytes;
        });
    }
}
