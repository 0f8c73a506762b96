package org.outguard.app.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.observation.Observation;

/** Complaints are read from an mbox file and from a Maildir as they come, and what was there before is not. */
class FeedbackWatchTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-30T12:00:00Z"), ZoneOffset.UTC);
    private static final String ARF = """
            From: fbl@mx.example.net
            To: abuse@example.org
            Subject: FW: offer
            Date: Mon, 30 Nov 2026 11:00:00 +0000
            MIME-Version: 1.0
            Content-Type: multipart/report; boundary=b; report-type=feedback-report

            --b
            Content-Type: message/feedback-report

            Feedback-Type: abuse
            Source-IP: 192.0.2.10

            --b
            Content-Type: message/rfc822

            Received: by mail.example.org (Postfix, from userid 33)
             id 878D313894B; Mon, 30 Nov 2026 11:00:01 +0100 (CET)
            Message-ID: <%s@mail.example.org>
            Subject: offer

            x
            --b--
            """;

    @TempDir
    Path folder;

    private final List<Observation> seen = new ArrayList<>();

    @Test
    void anMbox() throws IOException {
        Path mbox = folder.resolve("abuse");
        Files.writeString(mbox, "From x Mon\n" + ARF.formatted("old") + "\n");
        FeedbackWatch watch = new FeedbackWatch(mbox, CLOCK, seen::add);
        watch.look();
        assertThat(ids()).isEmpty();
        append(mbox, "From x Mon\n" + ARF.formatted("one") + "\nFrom x Mon\n" + ARF.formatted("two") + "\n");
        append(mbox, "From y Mon\nSubject: lunch\n\nFrom here it is not far.\n\n");
        watch.look();
        assertThat(ids()).containsExactly("<one@mail.example.org>", "<two@mail.example.org>");
        Files.writeString(mbox, "From x Mon\n" + ARF.formatted("three") + "\n");
        watch.look();
        assertThat(ids()).endsWith("<three@mail.example.org>").hasSize(3);
        Files.delete(mbox);
        watch.look();
        assertThat(seen.get(seen.size() - 1))
                .isInstanceOfSatisfying(
                        HostObservation.Degraded.class,
                        limit -> assertThat(limit.reason()).contains("are not read"));
    }

    @Test
    void aMaildir() throws IOException {
        Files.createDirectories(folder.resolve("new"));
        Files.createDirectories(folder.resolve("cur"));
        Files.writeString(folder.resolve("new/1.old"), ARF.formatted("old"));
        FeedbackWatch watch = new FeedbackWatch(folder, CLOCK, seen::add);
        watch.look();
        Files.move(folder.resolve("new/1.old"), folder.resolve("cur/1.old:2,S"));
        Files.writeString(folder.resolve("new/2.one"), ARF.formatted("one"));
        watch.look();
        watch.look();
        assertThat(ids()).containsExactly("<one@mail.example.org>");
    }

    @Test
    void aMailAtWhichTheReaderThrowsIsCountedAndTheOthersAreRead() throws IOException {
        Files.createDirectories(folder.resolve("new"));
        Files.createDirectories(folder.resolve("cur"));
        int[] asked = new int[1];
        Clock planted = new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                if (++asked[0] == 2) {
                    throw new IllegalStateException("planted");
                }
                return CLOCK.instant();
            }
        };
        FeedbackWatch watch = new FeedbackWatch(folder, planted, seen::add);
        watch.look();
        for (String name : List.of("one", "two", "three")) {
            Files.writeString(folder.resolve("new/" + name), ARF.formatted(name));
        }
        watch.look();
        assertThat(ids()).hasSize(2);
        assertThat(seen)
                .contains(new HostObservation.Degraded(
                        "feedback", "complaints in " + folder + " could not be read 1 times"));
    }

    private static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardOpenOption.APPEND);
    }

    private List<String> ids() {
        return seen.stream()
                .filter(MailObservation.Complained.class::isInstance)
                .flatMap(one -> ((MailObservation.Complained) one).about().stream())
                .map(about -> "<" + about.messageId().replaceAll("^<|>$", "") + ">")
                .toList();
    }
}
