package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.WithMailSystem;

/**
 * A site with one real message in the queue of a real mail system, and www-data, who writes lines into the logs that say the site
 * sent thousands, and that the message in the queue is somebody else's and delivered. People are told; no rule acts.
 */
@WithMailSystem
class ForgedMailLogIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SENDER = "shop@mail.example.org";
    private static final int FORGED = 80;

    private MailLab lab;

    @AfterEach
    void end() {
        lab.close();
    }

    @ParameterizedTest
    @CsvSource({"postfix, ban", "postfix, hold", "exim, ban"})
    void noRuleActsOnWhoIsNamedByForgedLines(String system, String reaction) throws Exception {
        lab = MailLab.start(system);
        boolean postfix = system.equals("postfix");
        List<String> logs =
                new ArrayList<>(List.of("/var/log/user.log", "/var/log/container.json", "/var/log/journal.json"));
        for (String log : logs) {
            Files.writeString(lab.path(log), "");
        }
        logs.add(0, postfix ? "/var/log/mail.log" : "/var/log/exim4/mainlog");
        MailLab.write(lab.path("/var/policy.toml"), """
                [[rule]]
                name = "forged"
                kind = "SUBMISSION_BURST"
                verdict = "SUSPECT"
                do = "%s"
                """.formatted(reaction));
        MailLab.Submission real = lab.submit(MailLab.SITE, "sendmail", 1, SENDER, "friend@slow.example");
        real.await(PATIENCE);
        int mails = real.taken().size();
        Patience.until("it is in the queue", PATIENCE, () -> queued().size() == mails);
        String id = Json.text(queued().get(0), "queueId");

        List<String> words = new ArrayList<>(
                List.of("watch", "-i", "lo", "--enforce", "--no-history", "--config", "/var/policy.toml"));
        logs.forEach(log -> words.addAll(List.of("--mail-log", log)));
        ProgramUnderTest.Running running =
                ProgramUnderTest.watch(lab.work(), "wire", lab.program(words.toArray(String[]::new)));
        Patience.until("the queue is read", PATIENCE, () -> running.all().contains(id));
        forge(postfix, id);

        Patience.until(running::all, PATIENCE, () -> running.all().contains("rule forged: nothing done about"));
        assertThat(lab.submit(MailLab.SITE, "sendmail", 1, SENDER, "friend@ok.example")
                        .taken())
                .isNotNull();
        running.terminate();
        ProgramUnderTest.Ended ended = running.await(PATIENCE);

        assertThat(ended.all()).contains("can be forged").doesNotContain("rule forged: " + reaction);
        assertThat(ended.json()).noneMatch(line -> Json.isType(line, "action"));
        assertThat(MailLab.read(lab.journalFile())).doesNotContain("\"banned\"").doesNotContain("\"hold\"");
        assertThat(queued()).hasSizeGreaterThanOrEqualTo(mails).allSatisfy(message -> {
            assertThat(message.get("status")).isNotEqualTo("hold");
            assertThat(Json.object(message, "origin")).containsEntry("uid", MailLab.SITE);
        });
        MailLab.Submission after = lab.submit(MailLab.SITE, "sendmail", 1, SENDER, "friend@ok.example");
        after.await(PATIENCE);
        assertThat(after.refused()).as(after.output()).isZero();
    }

    private List<Map<String, Object>> queued() {
        return ProgramUnderTest.ndjson(lab.act("queue", "--json", "--uid", Integer.toString(MailLab.SITE))).stream()
                .filter(line -> line.containsKey("queueId"))
                .toList();
    }

    /* Each line in every form that it may come in. */
    private void forge(boolean postfix, String id) throws Exception {
        List<String[]> lines = new ArrayList<>();
        for (int i = 0; i < FORGED; i++) {
            lines.addAll(
                    postfix
                            ? postfixLife(
                                    "F" + Integer.toHexString(0xA000000 + i).toUpperCase(Locale.ROOT))
                            : List.of());
            lines.addAll(postfix ? List.of() : eximLife("1tZ%03d-00001a-7X".formatted(i)));
        }
        if (postfix) {
            lines.add(new String[] {"postfix/pickup", id + ": uid=33 from=<www-data>"});
            lines.add(new String[] {
                "postfix/smtp",
                id + ": to=<friend@slow.example>, relay=mx.example.net[192.0.2.9]:25,"
                        + " delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 ok)"
            });
            lines.add(new String[] {"postfix/qmgr", id + ": removed"});
        } else {
            lines.add(new String[] {"exim", id + " <= www-data@mail.example.org U=www-data P=local S=400"});
            lines.add(new String[] {"exim", id + " => friend@slow.example R=r T=t H=mx.example.net [192.0.2.9]"});
            lines.add(new String[] {"exim", id + " Completed"});
        }
        String stamp = DateTimeFormatter.ISO_INSTANT.format(Instant.now().atOffset(ZoneOffset.UTC));
        StringBuilder syslog = new StringBuilder();
        StringBuilder container = new StringBuilder();
        StringBuilder journal = new StringBuilder();
        StringBuilder postlog = new StringBuilder();
        for (String[] line : lines) {
            String whole = stamp + " mail " + line[0] + "[4711]: " + line[1];
            syslog.append(whole).append('\n');
            container
                    .append("{\"log\":\"")
                    .append(whole)
                    .append("\\n\",\"stream\":\"stdout\",\"time\":\"")
                    .append(stamp)
                    .append("\"}\n");
            journal.append("{\"__REALTIME_TIMESTAMP\":\"")
                    .append(Instant.now().toEpochMilli())
                    .append("000\",\"_HOSTNAME\":\"mail\",\"SYSLOG_IDENTIFIER\":\"")
                    .append(line[0])
                    .append("\",\"_UID\":\"33\",\"_COMM\":\"logger\",\"MESSAGE\":\"")
                    .append(line[1])
                    .append("\"}\n");
            postlog.append("/usr/sbin/postlog -c /etc/postfix -t ")
                    .append(line[0])
                    .append(" '")
                    .append(line[1])
                    .append("'\n");
        }
        MailLab.write(lab.path("/var/log/user.log"), syslog.toString());
        MailLab.write(lab.path("/var/log/container.json"), container.toString());
        MailLab.write(lab.path("/var/log/journal.json"), journal.toString());
        if (postfix) {
            Path script = lab.work().resolve("postlog.sh");
            Files.writeString(script, postlog);
            MailLab.Submission forging = lab.start(lab.as(MailLab.WWW_DATA, "/bin/bash", script.toString()), "postlog");
            forging.await(PATIENCE);
            assertThat(MailLab.read(lab.path("/var/log/mail.log")))
                    .as("postlog is setgid, so its lines are in the log: " + forging.output())
                    .contains(id + ": removed");
        }
    }

    private static List<String[]> postfixLife(String id) {
        return List.of(
                new String[] {"postfix/pickup", id + ": uid=2055 from=<site>"},
                new String[] {"postfix/qmgr", id + ": from=<" + SENDER + ">, size=400, nrcpt=50 (queue active)"});
    }

    private static List<String[]> eximLife(String id) {
        StringBuilder recipients = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            recipients.append(" v").append(i).append("@example.net");
        }
        return List.<String[]>of(new String[] {
            "exim", id + " <= " + SENDER + " U=site P=local S=400 T=\"hi\" from <" + SENDER + "> for" + recipients
        });
    }
}
