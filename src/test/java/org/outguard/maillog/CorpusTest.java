package org.outguard.maillog;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;

/** Logs of real Postfix and Exim, held against who really sent what. */
class CorpusTest {

    @ParameterizedTest
    @CsvSource({
        "postfix-syslog/mail.log, postfix-syslog, web1",
        "postfix-rfc3339/mail.log, postfix-syslog, web1",
        "postfix-longid/mail.log, postfix-longid, web1",
        "postfix-maillogfile/postfix.log, postfix-maillogfile, mail",
        "postfix-multi/mail.log, postfix-multi, web1",
        "postfix-spool/mail.log, postfix-spool, web1",
        "postfix-dovecot/mail.log, postfix-dovecot, mail.example.org",
        "postfix-filter/mail.log, postfix-filter, mail.example.org",
        "postfix-pipe/mail.log, postfix-pipe, mail.example.org",
        "postfix-sieve/mail.log, postfix-sieve, mail.example.org"
    })
    void everyMessageOfPostfixHasItsOriginAndItsFate(String log, String truth, String host) {
        Map<String, LoggedMessage> read = Corpus.read(Corpus.lines(log));
        List<Map<String, Object>> truths = Corpus.truths(truth);

        Verdicts verdicts = Verdicts.of(truths, read, host, false, true);

        assertThat(verdicts.wrong).isEmpty();
        assertThat(verdicts.open).isEmpty();
        assertThat(verdicts.right).isEqualTo(truths.size());
    }

    @ParameterizedTest
    @CsvSource({"exim-default", "exim-spool", "exim-pipe", "exim-filter"})
    void everyMessageOfEximHasItsOriginAndItsFate(String folder) {
        Map<String, LoggedMessage> read = Corpus.read(Corpus.lines(folder + "/mainlog"));
        List<Map<String, Object>> truths = Corpus.truths(folder);

        Verdicts verdicts = Verdicts.of(truths, read, "", true, true);

        assertThat(verdicts.wrong).isEmpty();
        assertThat(verdicts.open).isEmpty();
        assertThat(verdicts.right).isEqualTo(truths.size());
    }

    @Test
    void aLogThatBeginsInTheMiddleKnowsSomeAndSaysNothingFalseOfTheRest() {
        List<Map<String, Object>> truths = Corpus.truths("headless");

        Verdicts verdicts = Verdicts.of(truths, Corpus.read(Corpus.lines("headless/mail.log")), "web1", false, false);

        assertThat(verdicts.wrong).isEmpty();
        long whole = truths.stream()
                .filter(t -> Boolean.TRUE.equals(t.get("origin_line_in_log")))
                .count();
        assertThat((long) verdicts.right).isGreaterThanOrEqualTo(whole / 2);
    }

    @Test
    void damagedLinesMakeNothingFalse() {
        List<Map<String, Object>> truths = Corpus.truths("mangled");

        Verdicts verdicts = Verdicts.of(truths, Corpus.read(Corpus.lines("mangled/mail.log")), "web1", false, false);

        assertThat(verdicts.wrong).isEmpty();
        long damaged = truths.stream()
                .filter(t -> Boolean.TRUE.equals(t.get("start_line_damaged")))
                .count();
        // A bounce whose parent's first line is damaged has no root either.
        assertThat(verdicts.open.size()).isLessThan((int) damaged * 5 + 40);
        assertThat(verdicts.right).isGreaterThan(truths.size() * 9 / 10);
    }

    @Test
    void theSecondMessageWithAnIdIsNotChargedToTheFirstOnesSender() {
        Map<String, LoggedMessage> read = Corpus.read(Corpus.lines("reuse-edited/mail.log"));

        for (Map<String, Object> reused :
                Corpus.maps(Corpus.truth("reuse-edited").get("reused"))) {
            int life = 0;
            for (Map<String, Object> truth : Corpus.maps(reused.get("lives"))) {
                LoggedMessage message = read.get(Corpus.key("web1", "postfix", "" + reused.get("queue_id"), life++));
                Map<String, Object> origin = Corpus.map(truth.get("origin"));
                assertThat(message.provenance().disputed())
                        .as(message.toString())
                        .isEmpty();
                assertThat(message.provenance().origin().kind()).isEqualTo(origin.get("kind"));
                if (origin.get("sasl_username") != null) {
                    assertThat(message.provenance().origin().who()).isEqualTo(origin.get("sasl_username"));
                }
                assertThat(message.state()).isEqualTo(LoggedMessage.State.DONE);
            }
        }
    }

    @Test
    void oneIdOnTwoHostsIsTwoMessages() {
        List<byte[]> both = new ArrayList<>();
        for (byte[] line : Corpus.lines("postfix-syslog/mail.log")) {
            String text = new String(line, StandardCharsets.UTF_8);
            both.add(line);
            String other = text.replaceFirst(" web1 ", " web2 ");
            if (other.contains("postfix/pickup[")) {
                other = other.contains(": uid=33 ")
                        ? other.replace(": uid=33 ", ": uid=1001 ")
                        : other.replace(": uid=1001 ", ": uid=33 ");
            }
            both.add(Corpus.utf8(other));
        }

        Map<String, LoggedMessage> read = Corpus.read(both);

        Verdicts verdicts = Verdicts.of(Corpus.truths("postfix-syslog"), read, "web1", false, true);
        assertThat(verdicts.wrong).isEmpty();
        assertThat(verdicts.open).isEmpty();
        int swapped = 0;
        for (LoggedMessage one : read.values()) {
            if (one.id().host().equals("web1")
                    && one.provenance().origin() instanceof MailOrigin.LocalUser user
                    && (user.uid() == 33 || user.uid() == 1001)) {
                LoggedMessage two =
                        read.get(Corpus.key("web2", "postfix", one.id().id(), one.life()));
                MailOrigin.LocalUser other =
                        (MailOrigin.LocalUser) two.provenance().origin();
                assertThat(other.uid()).isEqualTo(user.uid() == 33 ? 1001 : 33);
                swapped++;
            }
        }
        assertThat(swapped).isGreaterThan(300);
    }

    /** The format has no year. */
    @Test
    void timeGoesOnOverNewYear() {
        List<byte[]> lines = new ArrayList<>();
        for (byte[] line : Corpus.lines("postfix-syslog/mail.log")) {
            String text = new String(line, StandardCharsets.UTF_8);
            var clock = LocalTime.parse(text.substring(7, 15)).plusSeconds(25_250);
            String day = clock.isBefore(LocalTime.NOON) ? "Jan  1 " : "Dec 31 ";
            lines.add(Corpus.utf8(day + clock.format(DateTimeFormatter.ofPattern("HH:mm:ss")) + text.substring(15)));
        }
        assertThat(new String(lines.get(0), StandardCharsets.UTF_8)).startsWith("Dec 31 23:59");
        assertThat(new String(lines.get(lines.size() - 1), StandardCharsets.UTF_8))
                .startsWith("Jan  1 00:0");

        Map<String, LoggedMessage> read = Corpus.read(lines);

        Verdicts verdicts = Verdicts.of(Corpus.truths("postfix-syslog"), read, "web1", false, true);
        assertThat(verdicts.wrong).isEmpty();
        assertThat(verdicts.open).isEmpty();
        assertThat(read.values())
                .allSatisfy(m -> assertThat(Duration.between(m.first(), m.last()))
                        .isBetween(Duration.ZERO, Duration.ofMinutes(5)));
        assertThat(read.values().iterator().next().first()).isEqualTo(Instant.parse("2025-12-31T23:59:26Z"));
    }

    /** A trusted user of Exim wrote {@code U=root} and a foreign host into the log; a subject looks like fields. */
    @Test
    void whoNamesAnotherToEximIsDisputed() {
        Map<String, LoggedMessage> read = Corpus.read(Corpus.lines("exim-inject/mainlog"));
        List<Map<String, Object>> truths = Corpus.truths("exim-inject");

        Verdicts verdicts = Verdicts.of(truths, read, "", true, false);

        assertThat(verdicts.wrong).isEmpty();
        assertThat(verdicts.right).isEqualTo(3);
        LoggedMessage forged = read.get(Corpus.key("", "exim", "1xVuMb-0002Ix-0t", 0));
        assertThat(forged.provenance().isDisputed()).isTrue();
    }
}
