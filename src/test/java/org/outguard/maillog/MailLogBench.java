package org.outguard.maillog;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Lines of Postfix a second on one core, from bytes to messages with their origins: the corpus over and over, each time
 * with other ids. Run by {@code packaging/bench --jmh}, with the compiler that the program is started with.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx1g"})
@State(Scope.Thread)
public class MailLogBench {

    private static final Pattern ID = Pattern.compile("\\b([0-9A-F]{5})([0-9A-F]{6})\\b");
    private static final int LINES = 400_000;

    /** Stamps of RFC 3164, and of RFC 3339. */
    @Param({"postfix-syslog", "postfix-rfc3339"})
    public String corpus = "postfix-syslog";

    private byte[] log = new byte[0];

    /** Makes as many lines as are read in one go. */
    @Setup
    public void make() {
        String text = new String(Corpus.bytes(corpus + "/mail.log"), StandardCharsets.UTF_8);
        long each = text.lines().count();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int copy = 0; copy * each < LINES; copy++) {
            all.writeBytes(withOtherIds(text, copy * 7_919).getBytes(StandardCharsets.UTF_8));
        }
        byte[] more = all.toByteArray();
        int at = 0;
        for (int lines = 0; lines < LINES; at++) {
            lines += more[at] == '\n' ? 1 : 0;
        }
        log = Arrays.copyOf(more, at);
    }

    private static String withOtherIds(String text, int shift) {
        return ID.matcher(text)
                .replaceAll(m ->
                        String.format("%05X%s", (Integer.parseInt(m.group(1), 16) + shift) & 0xFFFFF, m.group(2)));
    }

    /** All of them, read and asked for what has changed. */
    @Benchmark
    @OperationsPerInvocation(LINES)
    public long lines() {
        MailLog reader = new MailLog(Corpus.USERS, ZoneOffset.UTC, 131_072);
        return feed(reader, reader.source(Corpus.LATEST), log);
    }

    private static long feed(MailLog reader, Source source, byte[] log) {
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
}
