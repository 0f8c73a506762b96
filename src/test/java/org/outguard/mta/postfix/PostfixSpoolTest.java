package org.outguard.mta.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance.Evidence;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.mta.MailCorpus;
import org.outguard.mta.ParallelHeaderReader;
import org.outguard.mta.QueueChange;
import org.outguard.mta.SpoolReader;

/** Queue files of a real Postfix give the origins that are known from who sent the mail. */
class PostfixSpoolTest {

    private static final int POSTFIX = 100;

    @TempDir
    Path folder;

    private Map<String, QueuedMessage> read(String corpus) {
        MailCorpus.unpack(corpus, folder);
        PostfixInstance instance = PostfixInstance.plain(folder, POSTFIX);
        SpoolReader reader = new SpoolReader(
                "postfix",
                "queue files",
                new PostfixLayout(instance, MailCorpus.users()),
                new ParallelHeaderReader(new ParallelHeaderReader.Helpers(Runnable::run, 1), () -> 0),
                Clock.systemUTC(),
                () -> 0);
        QueueChange change = reader.look(Duration.ofDays(1));
        assertThat(change.problem()).isEmpty();
        assertThat(change.complete()).isTrue();
        return reader.messages().stream().collect(Collectors.toMap(m -> m.id().id(), Function.identity()));
    }

    @Test
    void originsAreThoseOfTheSenders() {
        Map<String, QueuedMessage> read = read("postfix-spool");
        List<Map<String, Object>> truth = MailCorpus.queued("postfix-spool");
        assertThat(read).hasSameSizeAs(truth);
        for (Map<String, Object> one : truth) {
            QueuedMessage message = read.get(String.valueOf(one.get("queue_id")));
            assertThat(message).as("%s", one).isNotNull();
            assertThat(message.status().word()).isEqualTo(one.get("queue_at_end"));
            assertThat(message.sender()).isEqualTo(one.get("sender"));
            assertThat(message.attributes().messageId()).isEqualTo(one.get("message_id"));
            assertThat(message.provenance().evidence()).isEqualTo(Evidence.QUEUE_FILE);
            assertOrigin(message.provenance().origin(), fields(one, "origin"));
            Map<String, Object> root = one.containsKey("root") ? fields(one, "root") : fields(one, "origin");
            assertOrigin(message.root().origin(), root);
        }
    }

    @Test
    void bouncesAreChargedToWhoSentWhatBounced() {
        Map<String, QueuedMessage> read = read("postfix-bounces");
        List<Map<String, Object>> truth = MailCorpus.queued("postfix-bounces");
        assertThat(truth).hasSize(3);
        for (Map<String, Object> one : truth) {
            QueuedMessage message = read.get(String.valueOf(one.get("queue_id")));
            assertOrigin(message.provenance().origin(), fields(one, "origin"));
            assertOrigin(message.root().origin(), fields(one, "root"));
        }
    }

    @Test
    void recipientsArrivalSizeAndReasonsAreThoseOfPostqueue() throws IOException {
        Map<String, QueuedMessage> read = read("postfix-spool");
        for (String line : MailCorpus.lines("postfix-spool/postqueue-j.json.gz")) {
            Map<String, Object> one = JSON.std.mapFrom(line);
            QueuedMessage message = read.get(String.valueOf(one.get("queue_id")));
            assertThat(message.status().word()).isEqualTo(one.get("queue_name"));
            assertThat(message.arrival().getEpochSecond()).isEqualTo(((Number) one.get("arrival_time")).longValue());
            assertThat(message.arrival()).isAfter(Instant.EPOCH);
            assertThat(message.size()).isEqualTo(((Number) one.get("message_size")).longValue());
            Set<Recipient> recipients = ((List<?>) one.get("recipients"))
                    .stream().map(r -> recipient((Map<?, ?>) r)).collect(Collectors.toSet());
            assertThat(Set.copyOf(message.recipients())).isEqualTo(recipients);
            assertThat(message.recipientCount()).isEqualTo(recipients.size());
        }
    }

    private static Recipient recipient(Map<?, ?> fields) {
        Object reason = fields.get("delay_reason");
        return new Recipient(String.valueOf(fields.get("address")), reason == null ? "" : String.valueOf(reason));
    }

    private static void assertOrigin(MailOrigin origin, Map<String, Object> truth) {
        assertThat(origin.kind()).isEqualTo(truth.get("kind"));
        switch (origin.kind()) {
            case "uid" -> {
                MailOrigin.LocalUser user = (MailOrigin.LocalUser) origin;
                assertThat(user.uid()).isEqualTo(truth.get("uid"));
                Object script = truth.get("script");
                assertThat(user.script())
                        .isEqualTo(script == null ? "" : String.valueOf(script).replaceFirst("^\\d+:", ""));
            }
            case "sasl" -> {
                MailOrigin.Login login = (MailOrigin.Login) origin;
                assertThat(login.login()).isEqualTo(truth.get("sasl_username"));
                assertThat(login.client()).isEqualTo(truth.get("client_ip"));
                assertThat(login.clientPort().getAsInt()).isEqualTo(truth.get("client_port"));
            }
            case "client" -> {
                MailOrigin.Client client = (MailOrigin.Client) origin;
                assertThat(client.address()).isEqualTo(truth.get("client_ip"));
                assertThat(client.port().getAsInt()).isEqualTo(truth.get("client_port"));
            }
            default -> assertThat(origin.who()).isEqualTo(truth.get("parent"));
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> fields(Map<String, Object> of, String name) {
        return (Map<String, Object>) of.get(name);
    }
}
