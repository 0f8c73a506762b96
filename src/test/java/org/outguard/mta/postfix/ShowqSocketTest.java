package org.outguard.mta.postfix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.mail.QueuedMessage.Status;

/** What showq(8) says over its socket, whoever may have chosen addresses and reasons in it. */
class ShowqSocketTest {

    private static final String GREETING = "protocol|mail_queue_list_protocol||";
    private static final String DEFERRED = "queue_name|deferred|queue_id|878D313894B|time|1795500000|size|412"
            + "|forced_expire|0|sender|www-data@mail.example.org|recipient|v1@slow.example|reason|451 come back later"
            + "|recipient|v2@slow.example|reason|||";
    private static final String BOUNCE =
            "queue_name|hold|queue_id|4bRk7S3tGzz1234|time|1795500001|size|1|forced_expire|0"
                    + "|sender|MAILER-DAEMON|recipient|x@y.example|reason|||";

    @Test
    void messagesAreListedWithTheirRecipientsAndReasons() throws IOException {
        List<QueuedMessage> messages = list(GREETING + DEFERRED + BOUNCE + "|");
        assertThat(messages).hasSize(2);
        QueuedMessage first = messages.get(0);
        assertThat(first.id().id()).isEqualTo("878D313894B");
        assertThat(first.status()).isEqualTo(Status.DEFERRED);
        assertThat(first.arrival()).isEqualTo(Instant.ofEpochSecond(1_795_500_000));
        assertThat(first.size()).isEqualTo(412);
        assertThat(first.recipients())
                .containsExactly(
                        new Recipient("v1@slow.example", "451 come back later"), new Recipient("v2@slow.example", ""));
        assertThat(first.root().evidence().trusted()).isFalse();
        assertThat(messages.get(1).status()).isEqualTo(Status.HOLD);
        assertThat(messages.get(1).sender()).isEmpty();
    }

    @Test
    void anEmptyQueueIsAnEmptyList() throws IOException {
        assertThat(list(GREETING + "|")).isEmpty();
    }

    @Test
    void whatBreaksOffIsNoList() {
        String whole = GREETING + DEFERRED + BOUNCE;
        for (int length = 0; length <= whole.length(); length++) {
            String part = whole.substring(0, length);
            assertThatThrownBy(() -> list(part)).as(part).isInstanceOf(IOException.class);
        }
    }

    @Test
    void noiseDoesNoHarm() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            byte[] bytes = (GREETING + DEFERRED + "|").replace('|', '\0').getBytes(StandardCharsets.UTF_8);
            for (int j = random.nextInt(6); j >= 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                ShowqSocket.list(
                        new ByteArrayInputStream(bytes),
                        "postfix",
                        message -> assertThat(message.recipients())
                                .as("seed %d", seed)
                                .hasSizeLessThanOrEqualTo(QueueFile.MOST_RECIPIENTS));
            } catch (IOException e) {
                assertThat(e).hasMessageStartingWith("it ");
            }
        }
    }

    private static List<QueuedMessage> list(String text) throws IOException {
        List<QueuedMessage> messages = new ArrayList<>();
        int damaged = ShowqSocket.list(
                new ByteArrayInputStream(text.replace('|', '\0').getBytes(StandardCharsets.UTF_8)),
                "postfix",
                messages::add);
        assertThat(damaged).isZero();
        return messages;
    }
}
