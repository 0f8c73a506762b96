package org.outguard.maillog;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.regex.Pattern;

/**
 * Lines of Postfix a second on one core: the corpus over and over, each time with other ids.
 *
 * <p>Run with {@code mvn -o -q test-compile exec:java -Dexec.mainClass=org.outguard.maillog.MailLogBench
 * -Dexec.classpathScope=test}.
 */
public final class MailLogBench {

    private static final Pattern ID = Pattern.compile("\\b([0-9A-F]{5})([0-9A-F]{6})\\b");
    private static final int COPIES = 40;
    private static final int ROUNDS = 12;

    private MailLogBench() {}

    /** Prints lines a second for each round; the first ones warm up. */
    public static void main(String[] args) {
        byte[] log = manyMessages(COPIES);
        for (int round = 0; round < ROUNDS; round++) {
            var reader = new MailLog(Corpus.USERS, ZoneOffset.UTC, 131_072);
            Source source = reader.source(Corpus.LATEST);
            // Of the thread's own time, which other programs on the machine do not change much.
            long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            long changed = feed(reader, source, log);
            double seconds = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start) / 1e9;
            MailLog.Counts counts = reader.counts();
            System.out.printf(
                    "%,.0f lines/s, %,.0f MB/s, %,d lines, %,d changes, %,d messages%n",
                    counts.lines() / seconds, log.length / 1e6 / seconds, counts.lines(), changed, counts.messages());
        }
    }

    static long feed(MailLog reader, Source source, byte[] log) {
        long changed = 0;
        int from = 0;
        int drained = 0;
        for (int i = 0; i < log.length; i++) {
            if (log[i] == '\n') {
                source.line(log, from, i);
                from = i + 1;
                if (i - drained > 1 << 20) {
                    drained = i;
                    changed += reader.changed(Integer.MAX_VALUE).size();
                }
            }
        }
        return changed + reader.changed(Integer.MAX_VALUE).size();
    }

    static byte[] manyMessages(int copies) {
        String text = new String(Corpus.bytes("postfix-syslog/mail.log"), StandardCharsets.UTF_8);
        var all = new ByteArrayOutputStream();
        for (int copy = 0; copy < copies; copy++) {
            int shift = copy * 7_919;
            String other = ID.matcher(text)
                    .replaceAll(m ->
                            String.format("%05X%s", (Integer.parseInt(m.group(1), 16) + shift) & 0xFFFFF, m.group(2)));
            all.writeBytes(other.getBytes(StandardCharsets.UTF_8));
        }
        return all.toByteArray();
    }
}
