package org.outguard.app.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.host.Ids;
import org.outguard.app.host.LocalUsers;
import org.outguard.app.run.Inbox;
import org.outguard.app.run.ReplayLooks;
import org.outguard.guard.Guard;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Step;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.port.Enforcer;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.headless.TableReport;
import org.outguard.headless.WatchLog;
import org.outguard.procfs.PasswdFile;

/** What the end of a replay says of a submitter that had stopped long before. */
class MailReplayTest {

    @TempDir
    Path folder;

    private final StringBuilder ndjson = new StringBuilder();

    private Snapshot replay(String lines) throws IOException {
        Path log = Files.writeString(folder.resolve("mail.log"), lines);
        Enforcer none = new Enforcer() {
            @Override
            public Action.Plan plan(Step step) {
                return new Action.Plan("", "");
            }

            @Override
            public void carryOut(Action action) {
                throw new AssertionError("a replay acts on nothing");
            }
        };
        SecureRandom random = new SecureRandom();
        Guard guard = new Guard(
                Policy.defaults(Set.of()),
                flows -> {},
                none,
                new Ids("o", random),
                new Ids("a", random),
                Snapshot.Eye.REPLAY,
                Instant.EPOCH);
        Inbox inbox = new Inbox();
        inbox.deliverTo(guard);
        WatchLog out = new WatchLog(ndjson, false);
        PrintWriter err = new PrintWriter(Writer.nullWriter());
        try (MailReplay mail = new MailReplay(
                List.of(log), new LocalUsers(new PasswdFile(folder.resolve("no passwd"))), inbox, err, null)) {
            mail.finish(new ReplayLooks(guard, true, out::accept)::reached);
        }
        Snapshot end = guard.lookBack();
        out.finish(end);
        return end;
    }

    private static String message(String stamp, int number, int uid) {
        String id = String.format("%010X", 0xA000000000L + number);
        String at = stamp + " heath postfix/";
        return at + "pickup[10]: " + id + ": uid=" + uid + " from=<u" + uid + ">\n"
                + at + "cleanup[11]: " + id + ": message-id=<" + number + "@heath.example>\n"
                + at + "qmgr[12]: " + id + ": from=<u" + uid + "@heath.example>, size=400, nrcpt=1 (queue active)\n"
                + at + "smtp[13]: " + id + ": to=<r" + number + "@dune.example>, relay=mx.dune.example[192.0.2.121]:25,"
                + " delay=0.1, delays=0/0/0/0.1, dsn=2.0.0, status=sent (250 ok)\n"
                + at + "qmgr[12]: " + id + ": removed\n";
    }

    /** 240 messages of uid 33 from 06:13:00 to 06:13:59, then one of uid 1000 each quarter of an hour until midnight. */
    private static String burstInTheMorning() {
        StringBuilder log = new StringBuilder();
        int number = 0;
        for (int i = 0; i < 240; i++) {
            log.append(message(String.format("2026-05-06T06:13:%02d.%03d+00:00", i / 4, i % 4), number++, 33));
        }
        for (int quarter = 28; quarter < 96; quarter++) {
            String at = String.format("2026-05-06T%02d:%02d:00.000+00:00", quarter / 4, quarter % 4 * 15);
            log.append(message(at, number++, 1000));
        }
        return log.toString();
    }

    @Test
    void aBurstInTheMorningIsToldOfAtTheEndOfTheDayWithItsTime() throws IOException {
        Snapshot end = replay(burstInTheMorning());

        Submitter worst = end.mail().submitters().get(0);
        assertThat(worst.origin().who()).isEqualTo("33");
        assertThat(worst.verdict()).isEqualTo(Verdict.OFFENDING);
        assertThat(worst.peakAt().orElseThrow())
                .isBetween(Instant.parse("2026-05-06T06:13:00Z"), Instant.parse("2026-05-06T06:14:10Z"));
        assertThat(worst.recipientsPerHour()).isZero();
        assertThat(new TableReport(120, false).print(end))
                .contains("OFFENDING submission burst", "at 2026-05-06T06:1")
                .doesNotContain("nothing over the limits");
        assertThat(ndjson.toString().lines().filter(line -> line.contains("\"type\":\"offender\"")))
                .last()
                .asString()
                .contains("\"verdict\":\"OFFENDING\"", "\"peakAt\":\"2026-05-06T06:1", "\"who\":\"33\"");
    }

    @Test
    void whoWasAlwaysCleanStaysSo() throws IOException {
        Submitter bystander = replay(burstInTheMorning()).mail().submitters().stream()
                .filter(submitter -> submitter.origin().who().equals("1000"))
                .findFirst()
                .orElseThrow();
        assertThat(bystander.verdict()).isEqualTo(Verdict.CLEAN);
        assertThat(bystander.peakAt()).isEmpty();
    }
}
