package org.outguard.maillog;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.outguard.fuzz.FuzzTarget;
import org.outguard.maillog.line.LineKind;

/** Lines of mail logs, some at a time, as they stand in files and as log drivers hand them on. */
public final class LogLineFuzz implements FuzzTarget {

    public static final FuzzTarget POSTFIX = new LogLineFuzz(
            "log-postfix",
            "postfix-syslog/mail.log",
            "postfix-rfc3339/mail.log",
            "postfix-multi/mail.log",
            "postfix-filter/mail.log");
    public static final FuzzTarget EXIM =
            new LogLineFuzz("log-exim", "exim-default/mainlog", "exim-pipe/mainlog", "exim-filter/mainlog");
    public static final FuzzTarget DOVECOT =
            new LogLineFuzz("log-dovecot", "postfix-dovecot/mail.log", "postfix-sieve/mail.log");
    public static final FuzzTarget OTHERS =
            new LogLineFuzz("log-others", "mangled/mail.log", "postfix-longid/mail.log", "postfix-pipe/mail.log");

    private static final int LINES_EACH = 6;
    private static final int MOST_SEEDS = 2_000;
    private static final int MOST = 1_000;

    private final String name;
    private final List<String> logs;

    private LogLineFuzz(String name, String... logs) {
        this.name = name;
        this.logs = List.of(logs);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (String log : logs) {
            List<byte[]> lines = Corpus.lines(log);
            for (int i = 0; i + LINES_EACH < lines.size() && seeds.size() < MOST_SEEDS; i += LINES_EACH) {
                seeds.add(joined(lines.subList(i, i + LINES_EACH)));
            }
        }
        seeds.add(
                "{\"log\":\"Nov  3 06:41:09 web1 postfix/pickup[7]: 4C1D22A07F2: uid=33 from=<x>\\n\",\"stream\":\"stdout\"}"
                        .getBytes(StandardCharsets.UTF_8));
        seeds.add("2026-11-03T06:41:09.1Z stdout F postfix/smtpd[7]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 550 5.1.1"
                .getBytes(StandardCharsets.UTF_8));
        return seeds;
    }

    private static byte[] joined(List<byte[]> lines) {
        var out = new ByteArrayOutputStream();
        for (byte[] line : lines) {
            out.writeBytes(line);
            out.write('\n');
        }
        return out.toByteArray();
    }

    @Override
    public List<String> words() {
        return List.of(
                ": removed",
                "uid=",
                "from=<>",
                "to=<",
                "sasl_username=",
                "client=unknown[",
                "message-id=<",
                "status=sent (",
                "queued as ",
                "NOQUEUE: ",
                " <= ",
                " => ",
                " ** ",
                " Completed",
                "U=www-data",
                "P=local",
                "H=(a) [192.0.2.1]:25",
                "A=login:",
                "S=",
                "R=1wBqz0-0000000003K-0001",
                "session=<",
                "rip=",
                "pass through",
                "[2001:db8::1]",
                "Feb 29 24:61:61",
                "9999999-99-99T99:99:99Z");
    }

    @Override
    public void feed(byte[] input) {
        var log = new MailLog(Corpus.USERS, ZoneOffset.UTC, 100);
        Source source = log.source("mail.log", Corpus.LATEST, Set.of());
        for (byte[] line : Corpus.lines(input)) {
            source.line(line, 0, line.length);
            if (source.kind() == LineKind.FAILED) {
                throw new IllegalStateException(
                        source.words() + " at " + new String(line, StandardCharsets.ISO_8859_1));
            }
        }
        log.changed(MOST);
        log.logins(MOST);
        log.reading();
    }
}
