package org.outguard.mta.exim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.exec.CommandResult;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance.Evidence;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.mail.QueuedMessage.Status;
import org.outguard.mta.MailCorpus;
import org.outguard.mta.ParallelHeaderReader;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.QueueChange;
import org.outguard.mta.SpoolReader;

/** Spool files of a real Exim give the origins that are known from who sent the mail, and harm nobody if they are bad. */
class EximSpoolTest {

    private static final int EXIM = 100;

    @TempDir
    Path folder;

    @Test
    void originsAreThoseOfTheSenders() {
        SpoolReader reader = new SpoolReader(
                "exim",
                "spool files",
                new EximLayout(folder, EXIM, MailCorpus.users()),
                new ParallelHeaderReader(new ParallelHeaderReader.Helpers(Runnable::run, 1), () -> 0),
                Clock.systemUTC(),
                () -> 0);
        // Exim makes its folders with the first message.
        assertThat(reader.look(Duration.ofDays(1)).problem()).isEmpty();
        MailCorpus.unpack("exim-spool", folder);
        QueueChange change = reader.look(Duration.ofDays(1));
        assertThat(change.complete()).isTrue();
        Map<String, QueuedMessage> read =
                reader.messages().stream().collect(Collectors.toMap(m -> m.id().id(), Function.identity()));
        List<Map<String, Object>> truth = MailCorpus.queued("exim-spool");
        assertThat(read).hasSameSizeAs(truth);
        for (Map<String, Object> one : truth) {
            QueuedMessage message = read.get(String.valueOf(one.get("queue_id")));
            assertThat(message.sender()).isEqualTo(one.get("sender"));
            assertThat(message.attributes().messageId()).isEqualTo(one.get("message_id"));
            assertThat(message.recipients()).extracting(Recipient::address).hasSameElementsAs(intended(one));
            assertThat(message.provenance().evidence()).isEqualTo(Evidence.QUEUE_FILE);
            assertThat(message.arrival()).isAfter(Instant.parse("2026-11-24T17:00:00Z"));
            assertOrigin(message.provenance().origin(), one);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<String> intended(Map<String, Object> message) {
        // A local name is completed by Exim.
        return ((List<String>) message.get("intended_recipients"))
                .stream()
                        .map(to -> to.contains("@") ? to : to + "@mail.example.org")
                        .toList();
    }

    private static void assertOrigin(MailOrigin origin, Map<String, Object> message) {
        Map<?, ?> truth = (Map<?, ?>) message.get("origin");
        assertThat(origin.kind()).as("%s", message).isEqualTo(truth.get("kind"));
        if (origin instanceof MailOrigin.LocalUser user) {
            assertThat(user.uid()).isEqualTo(truth.get("uid"));
            Object script = truth.get("script");
            assertThat(user.script())
                    .isEqualTo(script == null ? "" : String.valueOf(script).replaceFirst("^\\d+:", ""));
        } else if (origin instanceof MailOrigin.Login login) {
            assertThat(login.login()).isEqualTo(truth.get("sasl_username"));
            assertThat(login.client()).isEqualTo(truth.get("client_ip"));
            assertThat(login.clientPort().getAsInt()).isEqualTo(truth.get("client_port"));
        } else {
            assertThat(((MailOrigin.Client) origin).address()).isEqualTo(truth.get("client_ip"));
        }
    }

    @Test
    void aVariableThatLooksLikeALineOfEximIsOnlyText() {
        String text = """
                1xVuei-0004dn-0H-H
                Debian-exim 100 102
                <a@example.org>
                1795542612 0
                -aclm 0 17
                -auth_id victim
                x
                -host_address [192.0.2.7]:40659
                --auth_id alice
                XX
                1
                b@example.org

                010  Subject: x
                """;
        SpoolHeader header = SpoolHeader.parse(text.getBytes(StandardCharsets.UTF_8));
        assertThat(header.option("auth_id")).contains("alice");
    }

    @Test
    void recipientsThatAreDoneAreNotWaiting() {
        String text = """
                1xVuei-0004dn-0H-H
                www-data 33 33
                <>
                1795542612 0
                -local
                YN b@example.org
                NN a@example.org
                3
                a@example.org
                b@example.org
                c@example.org team@example.org 16,0,0#1

                """;
        SpoolHeader header = SpoolHeader.parse(text.getBytes(StandardCharsets.UTF_8));
        assertThat(header.whole()).isTrue();
        assertThat(header.recipients()).extracting(Recipient::address).containsExactly("c@example.org");
    }

    @Test
    void damagedFilesNeitherThrowNorGrow() throws IOException {
        MailCorpus.unpack("exim-spool", folder);
        List<Path> files;
        try (var all = Files.walk(folder)) {
            files = all.filter(f -> f.toString().endsWith("-H")).toList();
        }
        byte[] whole = Files.readAllBytes(files.get(0));
        for (int length = 0; length < whole.length; length++) {
            SpoolHeader.parse(java.util.Arrays.copyOf(whole, length));
        }
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 4_000; round++) {
            byte[] bytes = Files.readAllBytes(files.get(random.nextInt(files.size())));
            for (int i = random.nextInt(20); i >= 0; i--) {
                bytes[random.nextInt(random.nextBoolean() ? Math.min(bytes.length, 200) : bytes.length)] =
                        (byte) random.nextInt(256);
            }
            SpoolHeader header = SpoolHeader.parse(bytes);
            assertThat(header.recipients()).as("seed %s", seed).hasSizeLessThanOrEqualTo(SpoolHeader.MOST_RECIPIENTS);
        }
    }

    @Test
    void idsOfExim497AreReadFromSpoolListAndName() throws IOException {
        String id = "1vNabc-000000004dn-0HAb";
        Path input = Files.createDirectories(folder.resolve("input").resolve("c"));
        Files.writeString(input.resolve(id + "-H"), id + """
                -H
                www-data 33 33
                <www-data@mail.example.org>
                1795542612 0
                -received_time_usec .123456
                -local
                XX
                1
                b@example.org

                036  X-PHP-Originating-Script: 33:x7.php
                """);
        Files.writeString(input.resolve(id + "-D"), id + "-D\nhello\n");
        SpoolReader reader = new SpoolReader(
                "exim",
                "spool files",
                new EximLayout(folder, EXIM, MailCorpus.users()),
                new ParallelHeaderReader(new ParallelHeaderReader.Helpers(Runnable::run, 1), () -> 0),
                Clock.systemUTC(),
                () -> 0);
        assertThat(reader.look(Duration.ofDays(1)).seen()).singleElement().satisfies(message -> {
            assertThat(message.id().id()).isEqualTo(id);
            assertThat(message.root().origin()).isEqualTo(new MailOrigin.LocalUser(33, "www-data", "x7.php"));
        });

        String listing = " 3m   412 " + id + " <www-data@mail.example.org> *** frozen ***\n          b@example.org\n\n";
        EximListReader list = new EximListReader(
                new EximProgram("/usr/sbin/exim4", Optional.empty()),
                new ProgramCalls((argv, stdin, limit) -> new CommandResult.Finished(0, listing, "")),
                Clock.systemUTC(),
                () -> 0);
        assertThat(list.look(Duration.ofSeconds(1)).seen()).singleElement().satisfies(message -> {
            assertThat(message.id().id()).isEqualTo(id);
            assertThat(message.status()).isEqualTo(Status.HOLD);
        });
    }
}
