package org.outguard.maillog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;

/** Memory stays bounded, and what comes from outside is survived. */
class BoundsTest {

    private final MailLog log = new MailLog(Corpus.USERS, ZoneOffset.UTC, 10_000);
    private final Source source = log.source(Corpus.LATEST);

    private void line(String text) {
        byte[] bytes = Corpus.utf8(text);
        source.line(bytes, 0, bytes.length);
    }

    @Test
    void aMillionMessagesInFlightAreBoundedAndTheirOriginsKept() {
        byte[] start = Corpus.utf8("Nov 24 16:58:36 web1 postfix/pickup[1]: 10000000000: uid=1000 from=<x>");
        for (int i = 0; i < 1_000_000; i++) {
            patch(start, 46, 5, Integer.toHexString(i).toUpperCase(Locale.ROOT));
            patch(start, 59, 2, Integer.toString(i % 50));
            source.line(start, 0, start.length);
            log.changed(10);
        }
        assertThat(log.counts().messages()).isEqualTo(10_000);
        assertThat(log.counts().forgotten()).isEqualTo(990_000);

        int known = 0;
        for (int i = 900_000; i < 1_000_000; i += 10) {
            String id = String.format("%011X", 0x10000000000L + i);
            line("Nov 24 16:59:36 web1 postfix/smtp[2]: " + id
                    + ": to=<a@b.example>, relay=none, delay=60, delays=60/0/0/0, dsn=4.4.1, status=deferred (no)");
            LoggedMessage changed = log.changed(1_000_000).stream()
                    .filter(m -> m.id().id().equals(id))
                    .findFirst()
                    .orElseThrow();
            if (changed.provenance().origin() instanceof MailOrigin.LocalUser user) {
                assertThat(user.uid()).isEqualTo(i % 50 + 1000);
                known++;
            }
        }
        assertThat(known).as("of 10,000, with room for 10,000 in full").isGreaterThan(4_000);
    }

    private static void patch(byte[] line, int from, int width, String digits) {
        Arrays.fill(line, from, from + width, (byte) '0');
        byte[] ascii = Corpus.utf8(digits);
        System.arraycopy(ascii, 0, line, from + width - ascii.length, ascii.length);
    }

    @Test
    void aMessageToTenThousandListsSomeAndCountsAll() {
        line("Nov 24 16:58:36 web1 postfix/pickup[1]: AFC63232937: uid=33 from=<x>");
        line("Nov 24 16:58:36 web1 postfix/qmgr[1]: AFC63232937: from=<x@y>, size=1, nrcpt=10000 (queue active)");
        for (int i = 0; i < 10_000; i++) {
            line("Nov 24 16:58:37 web1 postfix/smtp[2]: AFC63232937: to=<" + i
                    + "@b.example>, relay=none, delay=1, delays=1/0/0/0, dsn=2.0.0, status=sent (ok)");
        }
        LoggedMessage message = log.changed(10).get(0);
        assertThat(message.recipients()).hasSize(MessageRecord.MAX_RECIPIENTS);
        assertThat(message.sent()).isEqualTo(10_000);
    }

    /** Any bytes at all: they are counted, and nothing is thrown. */
    @Test
    void noiseIsCounted() {
        long seed = 20_261_124;
        var random = new Random(seed);
        List<byte[]> lines = Corpus.lines("mangled/mail.log");
        for (int round = 0; round < 50_000; round++) {
            byte[] line = lines.get(random.nextInt(lines.size())).clone();
            for (int flips = random.nextInt(20); flips > 0 && line.length > 0; flips--) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
            }
            source.line(line, 0, line.length);
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            source.line(noise, 0, noise.length);
            log.changed(100);
        }
        assertThat(log.counts().lines()).as("seed %d", seed).isEqualTo(100_000);
        assertThat(log.counts().damaged()).isGreaterThan(45_000);
    }

    @Test
    void longAndHollowLinesAreLeftOut() {
        byte[] longLine = new byte[9_000];
        Arrays.fill(longLine, (byte) 'x');
        byte[] start = Corpus.utf8("Nov 24 16:58:36 web1 postfix/pickup[1]: AFC63232937: uid=33 from=<x> ");
        System.arraycopy(start, 0, longLine, 0, start.length);
        source.line(longLine, 0, longLine.length);
        line("Nov 24 16:58:36 web1 postfix/pickup[1]: AFC63232938: uid=3\0\0 from=<x>");
        assertThat(log.counts().damaged()).isEqualTo(2);
        assertThat(log.changed(10)).isEmpty();
        // The hole at the start of a file that was truncated under its writer.
        line("\0\0\0\0Nov 24 16:58:36 web1 postfix/pickup[1]: AFC63232937: uid=33 from=<x>");
        assertThat(log.changed(10)).hasSize(1);
        assertThat(log.changed(10)).isEmpty();
        log.passed(Instant.parse("2026-11-24T17:00:00Z"));
        assertThat(log.changed(10)).hasSize(1);
    }
}
