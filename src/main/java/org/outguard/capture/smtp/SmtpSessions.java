package org.outguard.capture.smtp;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.outguard.flow.FlowKey;
import org.outguard.guard.observation.SmtpReport;

/**
 * The SMTP connections that are followed: a fixed number, of which the longest silent goes, so that memory does not depend on
 * what is sent. One thread uses it.
 */
final class SmtpSessions {

    /** Connections followed at once. */
    static final int MOST = 2_048;

    /** Reports handed out at once; the rest comes with the next. */
    static final int MOST_REPORTS = 1_024;

    /** Connections that have something to report, those that are not followed any more included. */
    private static final int MOST_WITH_NEWS = 4_096;

    /** Bytes of segments that wait for an earlier one, over all connections. */
    private static final int MOST_HELD_BYTES = 1 << 20;

    private static final long IDLE_NANOS = 600_000_000_000L;

    private final SmtpStarts starts = new SmtpStarts();
    private final SmtpHeldRoom room = new SmtpHeldRoom(MOST_HELD_BYTES);
    private final Map<FlowKey, SmtpSession> sessions = new LinkedHashMap<>(16, 0.75f, true);
    private final Deque<SmtpSession> withNews = new ArrayDeque<>();
    private long unreported;
    private long newestNanos = Long.MIN_VALUE;

    void take(SmtpSegment segment) {
        newestNanos = Math.max(newestNanos, segment.atNanos);
        if (segment.syn) {
            starts.put(segment);
            return;
        }
        if (segment.length == 0 && !segment.fin) {
            return;
        }
        FlowKey key = segment.key();
        SmtpSession session = sessions.get(key);
        if (session != null && session.isAnother(segment, starts)) {
            drop(key, session);
            session = null;
        }
        if (session == null && segment.length == 0) {
            return;
        }
        if (session == null) {
            session = new SmtpSession(key, segment, starts, room);
            if (sessions.size() >= MOST) {
                Map.Entry<FlowKey, SmtpSession> eldest =
                        sessions.entrySet().iterator().next();
                drop(eldest.getKey(), eldest.getValue());
            }
            sessions.put(key, session);
        }
        session.take(segment);
        remember(session);
    }

    private void drop(FlowKey key, SmtpSession session) {
        sessions.remove(key);
        session.end();
        remember(session);
    }

    private void remember(SmtpSession session) {
        if (!session.news().isEmpty() && !session.listed) {
            if (withNews.size() < MOST_WITH_NEWS) {
                session.listed = true;
                withNews.addLast(session);
            } else {
                session.news().clear();
                unreported++;
            }
        }
    }

    /** What was heard since the last call, at most {@value #MOST_REPORTS}. */
    List<SmtpReport> drain() {
        List<SmtpReport> reports = new ArrayList<>();
        while (!withNews.isEmpty() && reports.size() < MOST_REPORTS) {
            SmtpSession session = withNews.removeFirst();
            session.listed = false;
            reports.add(session.news().report(session.flow()));
        }
        Iterator<SmtpSession> eldest = sessions.values().iterator();
        while (eldest.hasNext()) {
            SmtpSession session = eldest.next();
            if (newestNanos - session.lastNanos() < IDLE_NANOS) {
                break;
            }
            session.end();
            eldest.remove();
            remember(session);
        }
        return reports;
    }

    /** Whether a report has no room for more. */
    boolean isFull() {
        return withNews.size() >= MOST_REPORTS;
    }

    /** How many connections are followed. */
    int size() {
        return sessions.size();
    }

    /** Bytes of segments that wait for an earlier one. */
    int heldBytes() {
        return room.used();
    }

    /** Connections whose last words found no room, since the beginning. */
    long unreported() {
        return unreported;
    }
}
