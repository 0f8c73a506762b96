package org.outguard.guard.traffic;

import java.util.HashMap;
import java.util.Map;
import org.outguard.guard.observation.SmtpReport;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.SmtpSnapshot;
import org.outguard.guard.stats.DistinctCounter;
import org.outguard.guard.stats.HourlyWindow;
import org.outguard.guard.stats.TopKCounter;

/** What was heard of one talker's SMTP, added up. */
public final class SmtpTally {

    private final TopKCounter greetings = new TopKCounter();
    private final DistinctCounter senders = new DistinctCounter();
    private final Map<Integer, Long> refused = new HashMap<>();
    private final Map<Integer, Long> replies = new HashMap<>();
    private final HourlyWindow askedFor = new HourlyWindow();
    private final HourlyWindow turnedDown = new HourlyWindow();
    private String lastSender = "";
    private long lastNanos = Long.MIN_VALUE;
    private long connections;
    private long encrypted;
    private long messages;
    private long recipients;

    void add(SmtpReport report) {
        connections += report.begins() ? 1 : 0;
        encrypted += report.encrypted() ? 1 : 0;
        messages += report.messages();
        recipients += report.recipients();
        report.greetings().forEach(name -> greetings.add(name, 1));
        report.senders().forEach(senders::add);
        add(refused, report.refused());
        add(replies, report.replies());
        askedFor.add(report.lastNanos(), report.recipients());
        turnedDown.add(report.lastNanos(), sum(report.refused()));
        if (!report.senders().isEmpty() && report.lastNanos() >= lastNanos) {
            lastNanos = report.lastNanos();
            lastSender = report.senders().get(report.senders().size() - 1);
        }
    }

    /** Takes in all of another talker that has become one with this. */
    void addAll(SmtpTally other) {
        connections += other.connections;
        encrypted += other.encrypted;
        messages += other.messages;
        recipients += other.recipients;
        greetings.addAll(other.greetings);
        senders.add(other.senders);
        add(refused, other.refused);
        add(replies, other.replies);
        askedFor.addAll(other.askedFor);
        turnedDown.addAll(other.turnedDown);
        if (other.lastNanos > lastNanos) {
            lastNanos = other.lastNanos;
            lastSender = other.lastSender;
        }
    }

    /** Recipients asked for within the last hour. */
    public long recipientsOfHour(long nowNanos) {
        return askedFor.lastHour(nowNanos);
    }

    /** Those of them that were refused. */
    public long refusedOfHour(long nowNanos) {
        return turnedDown.lastHour(nowNanos);
    }

    SmtpSnapshot view() {
        return new SmtpSnapshot(
                connections,
                encrypted,
                greetings.most(MailSnapshot.MAX_LISTED),
                lastSender,
                senders.count(),
                messages,
                recipients,
                SmtpSnapshot.codes(refused),
                SmtpSnapshot.codes(replies));
    }

    private static void add(Map<Integer, Long> to, Map<Integer, Long> counts) {
        counts.forEach((code, count) -> to.merge(code, count, Long::sum));
    }

    private static long sum(Map<Integer, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
