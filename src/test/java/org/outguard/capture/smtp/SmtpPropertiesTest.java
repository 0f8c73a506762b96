package org.outguard.capture.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.capture.smtp.SmtpConversation.heard;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.outguard.Hostile;

/** Dialogues by chance, captured as badly as may be, and bytes that mean harm. */
class SmtpPropertiesTest {

    private final Hostile hostile = Hostile.begin("SMTP");
    private final SplittableRandom random = hostile.random();
    private final SmtpSessions sessions = new SmtpSessions();

    /** A dialogue as it took place, and what a listener who misses nothing has to say of it. */
    private final class Dialogue {
        final SmtpConversation talk = SmtpConversation.begun(sessions, 1_024 + random.nextInt(60_000));
        final List<SmtpSegment> segments = new ArrayList<>();
        final List<String> senders = new ArrayList<>();
        long recipients;
        long refused;

        Dialogue() {
            server("220 mx.example ESMTP");
            client("EHLO mail.example\r\n");
            server("250-mx.example", "250 PIPELINING");
            for (int message = random.nextInt(1, 5); message > 0; message--) {
                message();
            }
            client("QUIT\r\n");
            server("221 bye");
        }

        private void message() {
            String sender = "s" + random.nextInt(1_000) + "@b.example";
            senders.add(sender);
            StringBuilder commands = new StringBuilder("MAIL FROM:<" + sender + ">\r\n");
            List<String> replies = new ArrayList<>(List.of("250 ok"));
            for (int i = random.nextInt(1, 6); i > 0; i--) {
                boolean no = random.nextInt(3) == 0;
                recipients++;
                refused += no ? 1 : 0;
                commands.append("RCPT TO:<").append(i).append("@y.example>\r\n");
                replies.add(no ? "550 no" : "250 ok");
                if (random.nextBoolean()) {
                    client(commands.toString());
                    server(replies.toArray(String[]::new));
                    commands.setLength(0);
                    replies.clear();
                }
            }
            String body = body();
            if (random.nextInt(3) == 0) {
                replies.add("250 queued");
                client(commands + "BDAT " + body.length() + " LAST\r\n" + body);
                server(replies.toArray(String[]::new));
            } else {
                replies.add("354 go on");
                client(commands + "DATA\r\n");
                server(replies.toArray(String[]::new));
                client(body + ".\r\n");
                server("250 queued");
            }
        }

        private String body() {
            StringBuilder body = new StringBuilder();
            for (int i = random.nextInt(1, 8); i > 0; i--) {
                body.append(
                        switch (random.nextInt(6)) {
                            case 0 -> "MAIL FROM:<evil@b.example>";
                            case 1 -> "RCPT TO:<evil@b.example>";
                            case 2 -> "EHLO evil.example";
                            case 3 -> "DATA";
                            case 4 -> "..";
                            default -> "x".repeat(random.nextInt(300));
                        });
                body.append("\r\n");
            }
            return body.toString();
        }

        /* In segments of any size. */
        private void client(String text) {
            for (int at = 0; at < text.length(); ) {
                int to = random.nextBoolean() ? text.length() : Math.min(text.length(), at + random.nextInt(1, 200));
                segments.add(talk.sent(text.substring(at, to)));
                at = to;
            }
        }

        private void server(String... lines) {
            if (lines.length > 0) {
                segments.add(talk.answered(lines));
            }
        }

        /** In an order by chance, where none comes more than so many places too late, some twice. */
        List<SmtpSegment> captured(int late, int lostOfThousand) {
            record At(SmtpSegment segment, int place) {}
            List<At> order = new ArrayList<>();
            for (int i = 0; i < segments.size(); i++) {
                for (int times = random.nextInt(5) == 0 ? 2 : 1; times > 0; times--) {
                    if (random.nextInt(1_000) >= lostOfThousand) {
                        order.add(new At(segments.get(i), i * 2 + random.nextInt(2 * late + 1)));
                    }
                }
            }
            return order.stream()
                    .sorted(Comparator.comparingInt(At::place))
                    .map(At::segment)
                    .toList();
        }
    }

    @RepeatedTest(200)
    void whatIsCapturedWholeIsReadWholeInWhateverOrder() {
        Dialogue dialogue = new Dialogue();
        dialogue.captured(2, 0).forEach(dialogue.talk::capture);
        SmtpConversation.Heard all = heard(sessions);
        assertThat(all.senders).as("seed %d", hostile.seed()).isEqualTo(dialogue.senders);
        assertThat(all.recipients).isEqualTo(dialogue.recipients);
        assertThat(all.refused.getOrDefault(550, 0L)).isEqualTo(dialogue.refused);
        assertThat(all.greetings).containsExactly("mail.example");
    }

    @RepeatedTest(200)
    void whateverIsLostNoLineOfAMessageIsACommand() {
        Dialogue dialogue = new Dialogue();
        List<SmtpSegment> captured = dialogue.captured(2, 1 + random.nextInt(400));
        for (SmtpSegment segment : captured) {
            dialogue.talk
                    .passes(random.nextInt(10) == 0 ? 600 : 0)
                    .capture(segment, random.nextInt(4) == 0 ? 60 : 2_000);
        }
        SmtpConversation.Heard all = heard(sessions);
        Set<String> real = new HashSet<>(dialogue.senders);
        assertThat(all.senders).as("seed %d", hostile.seed()).allMatch(real::contains);
        assertThat(all.greetings).allMatch("mail.example"::equals);
        assertThat(all.messages).isLessThanOrEqualTo(dialogue.senders.size());
        assertThat(all.recipients).isLessThanOrEqualTo(dialogue.recipients);
        assertThat(all.refused.getOrDefault(550, 0L)).isLessThanOrEqualTo(dialogue.refused);
    }

    @Test
    void anyBytesAreTakenAndNoTextIsLong() {
        List<String> greetings = new ArrayList<>();
        List<String> senders = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            SmtpConversation talk = new SmtpConversation(sessions, random.nextInt(50));
            if (random.nextBoolean()) {
                // One that nothing is known of yet; the others go on where one before them ended.
                talk.from(i).begins();
            }
            for (int segments = random.nextInt(4); segments >= 0; segments--) {
                SmtpSegment segment = random.nextBoolean() ? talk.said(text()) : talk.answered(text());
                segment.seq += random.nextInt(4) == 0 ? random.nextInt() : 0;
                segment.ack += random.nextInt(4) == 0 ? random.nextInt() : 0;
                talk.capture(segment, random.nextInt(400));
            }
            if (i % 100 == 99) {
                // Now and then, as few of them are kept until they are asked for.
                SmtpConversation.Heard some = heard(sessions);
                greetings.addAll(some.greetings);
                senders.addAll(some.senders);
            }
        }
        assertThat(greetings).as("seed %d", hostile.seed()).isNotEmpty().allMatch(name -> name.length() <= 256);
        assertThat(senders).as("seed %d", hostile.seed()).isNotEmpty().allMatch(name -> name.length() <= 256);
    }

    private String text() {
        String begin = List.of("EHLO ", "MAIL FROM:<", "RCPT TO:", "BDAT ", "AUTH ", "DATA", "250 ", "354-", "220 ", "")
                .get(random.nextInt(10));
        String rest = hostile.text() + (random.nextInt(20) == 0 ? "y".repeat(random.nextInt(5_000)) : "");
        return begin + new String(rest.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    @Test
    void aMillionConnectionsTakeTheRoomOfSomeThousand() {
        byte[] later = "RCPT TO:<x@y.example>\r\n".repeat(40).getBytes(StandardCharsets.ISO_8859_1);
        long reports = 0;
        for (int i = 0; i < 1_000_000; i++) {
            SmtpConversation talk = new SmtpConversation(sessions, i & 0xffff).from(i);
            if (i % 2 == 0) {
                talk.begins();
            }
            talk.says("EHLO mail" + i + ".example");
            SmtpSegment ahead = talk.said("lost");
            assertThat(ahead.length).isPositive();
            talk.sends(later);
            assertThat(sessions.size()).isLessThanOrEqualTo(SmtpSessions.MOST);
            assertThat(sessions.heldBytes()).isLessThanOrEqualTo(1 << 20);
            if (i % 10_000 == 9_999) {
                int some = sessions.drain().size();
                assertThat(some).isLessThanOrEqualTo(SmtpSessions.MOST_REPORTS);
                reports += some;
            }
        }
        assertThat(reports).isPositive();
        assertThat(sessions.unreported()).as("what had no room is counted").isPositive();
    }
}
