package org.outguard.capture.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.capture.smtp.SmtpConversation.heard;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is heard of SMTP (RFC 5321), as far as it was captured, and what is never mistaken for it. */
class SmtpSessionsTest {

    private static final String SPAM = "[mail.example] [a@b.example] 1 messages, 2 recipients, refused {550=1}";

    private final SmtpSessions sessions = new SmtpSessions();
    private final SmtpConversation talk = SmtpConversation.begun(sessions, 40_000);

    private SmtpConversation greeted() {
        return talk.answers("220 mx.example ESMTP")
                .says("EHLO mail.example")
                .answers("250-mx.example", "250 PIPELINING");
    }

    @Test
    void oneCommandAfterTheOther() {
        greeted()
                .says("MAIL FROM:<a@b.example> SIZE=100")
                .answers("250 ok")
                .says("RCPT TO:<x@y.example>")
                .answers("250 ok")
                .says("RCPT TO:<z@y.example>")
                .answers("550 no such user")
                .says("DATA")
                .answers("354 go on")
                .says("Subject: x", "", "text", ".")
                .answers("250 queued")
                .says("QUIT")
                .answers("221 bye");
        SmtpConversation.Heard all = heard(sessions);
        assertThat(all.words()).isEqualTo(SPAM);
        assertThat(all.replies).isEqualTo(Map.of(220, 1L, 250, 4L, 550, 1L, 354, 1L, 221, 1L));
        assertThat(all.connections).isEqualTo(1);
    }

    @Test
    void manyCommandsInOneSegmentAndTheirRepliesInOne() {
        greeted()
                .says("mail from: <a@b.example>", "RCPT TO:<x@y.example>", "rcpt to:<z@y.example>", "DATA")
                .answers("250 ok", "550-no", "550 such user", "250 ok", "354 go on")
                .says("text", ".", "QUIT")
                .answers("250 queued", "221 bye");
        assertThat(heard(sessions).words()).isEqualTo(SPAM);
    }

    @Test
    void aClientThatSaysNothingMoreIsAnsweredAllTheSame() {
        greeted()
                .saysAtLast("MAIL FROM:<a@b.example>", "RCPT TO:<x@y.example>", "RCPT TO:<z@y.example>", "QUIT")
                .answers("250 ok", "550 no such user", "550 no such user")
                .answers("221 bye");
        assertThat(heard(sessions).refused).isEqualTo(Map.of(550, 2L));
    }

    @Test
    void theLastSegmentMayBeEmptyAndComeLate() {
        greeted().says("MAIL FROM:<a@b.example>", "RCPT TO:<x@y.example>", "RCPT TO:<z@y.example>");
        SmtpSegment first = talk.said("QUIT");
        talk.saysAtLast().capture(first).answers("250 ok", "250 ok", "550 no such user", "221 bye");
        SmtpConversation.Heard all = heard(sessions);
        assertThat(all.refused).isEqualTo(Map.of(550, 1L));
        assertThat(all.recipients).isEqualTo(2);
    }

    @Test
    void linesInPieces() {
        greeted()
                .sends("MAIL FR")
                .sends("OM:<a@b.example>\r")
                .sends("\nRCPT TO:<x@y.example>\r\nRC")
                .returns("25")
                .returns("0 ok\r\n250 ok\r")
                .sends("PT TO:<z@y.example>\r\n")
                .returns("\n550")
                .returns(" no\r\n");
        assertThat(heard(sessions).words()).isEqualTo(SPAM);
    }

    @Test
    void whatAMessageSaysIsNoCommand() {
        greeted()
                .says("MAIL FROM:<a@b.example>", "RCPT TO:<x@y.example>", "RCPT TO:<z@y.example>", "DATA")
                .answers("250 ok", "550 no", "250 ok", "354 go on")
                .says("EHLO evil.example", "MAIL FROM:<evil@b.example>", "RCPT TO:<1@y.example>", "..", ". ", "x.")
                .sends("\r\n.\n\n.\r\n.\r")
                .says("RCPT TO:<2@y.example>", "STARTTLS")
                .sends(new byte[] {0x16, 3, 1, 1, 0})
                .says("", ".")
                .answers("250 queued");
        assertThat(heard(sessions).words()).isEqualTo(SPAM);
    }

    @Test
    void chunksAreNoCommands() {
        String chunk = "RCPT TO:<1@y.example>\r\n.\r\nDATA\r\n";
        greeted()
                .says("MAIL FROM:<a@b.example> BODY=BINARYMIME", "RCPT TO:<x@y.example>", "BDAT " + chunk.length())
                .sends(chunk)
                .says("RCPT TO:<z@y.example>", "BDAT " + chunk.length() + " LAST")
                .sends(chunk.substring(0, 20))
                .sends(chunk.substring(20))
                .answers("250 ok", "250 ok", "250 got it", "550 no", "250 queued");
        assertThat(heard(sessions).words()).isEqualTo(SPAM);
    }

    @Test
    void whatABrokenChunkMeansIsNotGuessed() {
        greeted()
                .says("BDAT 99999999999999999999999 LAST", "RCPT TO:<x@y.example>")
                .says("BDAT -5", "BDAT");
        assertThat(heard(sessions).recipients).isZero();
    }

    @Test
    void afterStartTlsNothingIsRead() {
        greeted()
                .says("STARTTLS")
                .answers("220 go on")
                .says("MAIL FROM:<a@b.example>")
                .answers("250 ok");
        assertThat(heard(sessions).words())
                .isEqualTo("[mail.example] [] 0 messages, 0 recipients, refused {}, encrypted");
    }

    @Test
    void aRefusedStartTlsChangesNothing() {
        greeted()
                .says("STARTTLS")
                .answers("454 not now")
                .says("MAIL FROM:<a@b.example>")
                .answers("250 ok");
        assertThat(heard(sessions).words())
                .isEqualTo("[mail.example] [a@b.example] 1 messages, 0 recipients, refused {}");
    }

    @Test
    void aConnectionInTheMidstOfTlsIsToldByItsRecords() {
        new SmtpConversation(sessions, 40_001).sends(new byte[] {0x17, 3, 3, 0, 5, 1, 2, 3, 4, 5});
        assertThat(heard(sessions).words()).isEqualTo("[] [] 0 messages, 0 recipients, refused {}, encrypted");
    }

    @Test
    void aPasswordThatSpellsACommandIsNone() {
        greeted()
                .says("AUTH LOGIN")
                .answers("334 VXNlcm5hbWU6")
                .says("DATA")
                .answers("334 UGFzc3dvcmQ6")
                .says("STARTTLS")
                .answers("235 welcome")
                .says("MAIL FROM:<a@b.example>")
                .answers("250 ok");
        assertThat(heard(sessions).words())
                .isEqualTo("[mail.example] [a@b.example] 1 messages, 0 recipients, refused {}");
    }

    @Test
    void repeatedAndReorderedSegmentsAreReadOnceInTheirOrder() {
        greeted();
        SmtpSegment mail = talk.said("MAIL FROM:<a@b.example>");
        SmtpSegment one = talk.said("RCPT TO:<x@y.example>");
        SmtpSegment two = talk.said("RCPT TO:<z@y.example>", "DATA");
        SmtpSegment replies = talk.answered("250 ok", "250 ok", "550 no", "354 go on");
        SmtpSegment body = talk.said("RCPT TO:<1@y.example>", ".");
        SmtpSegment end = talk.answered("250 queued");
        talk.capture(replies)
                .capture(two)
                .capture(mail)
                .capture(mail)
                .capture(two)
                .capture(body);
        assertThat(heard(sessions).words()).endsWith("[a@b.example] 1 messages, 0 recipients, refused {}");
        talk.capture(one).capture(one).capture(end).capture(body).capture(replies);
        assertThat(heard(sessions).words()).isEqualTo("[] [] 0 messages, 2 recipients, refused {550=1}");
    }

    @Test
    void overlappingSegmentsAreReadOnce() {
        greeted();
        SmtpSegment first = talk.said("MAIL FROM:<a@b.example>");
        SmtpSegment second = talk.said("RCPT TO:<x@y.example>", "RCPT TO:<z@y.example>");
        SmtpSegment both = new SmtpConversation(new SmtpSessions(), 40_000)
                .said("MAIL FROM:<a@b.example>", "RCPT TO:<x@y.example>", "RCPT TO:<z@y.example>");
        both.seq = first.seq;
        both.ack = first.ack;
        talk.capture(first).capture(both).capture(second).answers("250 ok", "550 no", "250 ok");
        assertThat(heard(sessions).words()).isEqualTo(SPAM);
    }

    @Test
    void afterALostCommandNothingIsReadUntilAServerSaysYesToAll() {
        greeted();
        talk.lost(talk.said("MAIL FROM:<a@b.example>"));
        talk.answers("250 ok")
                .says("RCPT TO:<x@y.example>")
                .answers("250 ok")
                .says("RCPT TO:<z@y.example>")
                .answers("550 no");
        talk.passes(1_000).says("NOOP");
        SmtpConversation.Heard all = heard(sessions);
        assertThat(all.words()).isEqualTo("[mail.example] [] 0 messages, 2 recipients, refused {}");
        assertThat(all.replies).as("what the refusal was for is not guessed").containsEntry(550, 1L);
    }

    @Test
    void whereTheCommandIsLostThatBeginsAMessageItsLinesAreNotRead() {
        greeted().says("MAIL FROM:<a@b.example>").answers("250 ok");
        talk.lost(talk.said("RCPT TO:<x@y.example>", "DATA"));
        talk.answers("250 ok", "354 go on")
                .says("RCPT TO:<1@y.example>", "EHLO evil.example")
                .says("RCPT TO:<2@y.example>", ".")
                .answers("250 queued")
                .passes(1_000)
                .says("RCPT TO:<3@y.example>")
                .answers("250 ok");
        assertThat(heard(sessions).words())
                .isEqualTo("[mail.example] [a@b.example] 1 messages, 1 recipients, refused {}");
    }

    @Test
    void whereTheReplyIsLostAsWellThatWantsAMessageItsLinesAreNotRead() {
        greeted().says("MAIL FROM:<a@b.example>").answers("250 ok");
        talk.lost(talk.said("RCPT TO:<x@y.example>", "DATA"));
        talk.answers("250 ok").lost(talk.answered("354 go on"));
        for (int i = 0; i < 20; i++) {
            talk.passes(100).says("RCPT TO:<" + i + "@y.example>");
        }
        talk.says(".")
                .answers("250 queued")
                .says("RCPT TO:<x@y.example>")
                .answers("250 ok")
                .passes(1_000)
                .says("NOOP");
        assertThat(heard(sessions).recipients).isEqualTo(1);
    }

    @Test
    void ofALongMessageOnlyTheHeadIsCapturedAndTheReplyTellsItsEnd() {
        greeted().says("MAIL FROM:<a@b.example>", "RCPT TO:<x@y.example>", "DATA");
        talk.answers("250 ok", "250 ok", "354 go on");
        talk.capture(talk.said("Subject: x", "", "x".repeat(60_000), "."), 900)
                .capture(talk.said("x".repeat(60_000), "."), 900)
                .answers("250 queued")
                .says("MAIL FROM:<c@b.example>", "RCPT TO:<z@y.example>")
                .answers("250 ok", "550 no");
        assertThat(heard(sessions).words())
                .isEqualTo("[mail.example] [a@b.example, c@b.example] 2 messages, 2 recipients, refused {550=1}");
    }

    @Test
    void aMessageThatIsRefusedInItsMidstGoesOnBeingAMessage() {
        greeted().says("MAIL FROM:<a@b.example>", "RCPT TO:<x@y.example>", "DATA");
        talk.answers("250 ok", "250 ok", "354 go on");
        talk.capture(talk.said("x".repeat(60_000)), 900)
                .answers("552 too large")
                .says("", "RCPT TO:<1@y.example>", "DATA");
        assertThat(heard(sessions).recipients).isEqualTo(1);
    }

    @Test
    void aBeginInTheMidstIsReadFromTheNextYes() {
        SmtpConversation late = new SmtpConversation(sessions, 40_001);
        late.says("RCPT TO:<1@y.example>", "DATA") // for all that is known, a line of a message
                .answers("250 ok", "354 go on")
                .says("EHLO evil.example", ".")
                .answers("250 queued")
                .says("MAIL FROM:<a@b.example>", "RCPT TO:<x@y.example>")
                .answers("250 ok", "450 later");
        SmtpConversation.Heard all = heard(sessions);
        assertThat(all.words()).isEqualTo("[] [a@b.example] 1 messages, 1 recipients, refused {450=1}");
    }

    @Test
    void aGreetingIsABeginEvenWhereTheFirstPacketsWereNotCaptured() {
        new SmtpConversation(sessions, 40_001)
                .answers("220-mx.example", "220 ESMTP")
                .says("HELO mail.example")
                .answers("250 ok")
                .says("MAIL FROM:<>")
                .answers("250 ok")
                .says("RCPT TO:<x@y.example>")
                .answers("421 too many");
        assertThat(heard(sessions).words()).isEqualTo("[mail.example] [<>] 1 messages, 1 recipients, refused {421=1}");
    }

    @Test
    void oneDirectionAloneIsReadFromTheBegin() {
        talk.says("EHLO mail.example");
        talk.says("MAIL FROM:<a@b.example>", "RCPT TO:<x@y.example>", "RCPT TO:<z@y.example>", "DATA")
                .says("RCPT TO:<1@y.example>", ".")
                .says("QUIT");
        assertThat(heard(sessions).words())
                .isEqualTo("[mail.example] [a@b.example] 1 messages, 2 recipients, refused {}");
    }

    @Test
    void aClientThatDoesNotWaitIsReadAsTheServerReadsIt() {
        talk.says(
                "EHLO mail.example",
                "MAIL FROM:<a@b.example>",
                "RCPT TO:<x@y.example>",
                "RCPT TO:<z@y.example>",
                "DATA");
        talk.says("EHLO evil.example", ".");
        talk.answers("220 mx.example", "250 ok", "250 ok", "550 no", "250 ok", "354 go on", "250 queued");
        assertThat(heard(sessions).words()).isEqualTo(SPAM);
    }

    @Test
    void aPortThatIsUsedAgainIsAnotherConnection() {
        greeted().says("QUIT").answers("221 bye");
        SmtpConversation.begun(sessions, 40_000)
                .answers("220 mx")
                .says("EHLO other.example")
                .answers("250 ok");
        SmtpConversation.Heard all = heard(sessions);
        assertThat(all.greetings).containsExactly("mail.example", "other.example");
    }

    @Test
    void addressesInEveryFormThatSomebodyMayWrite() {
        greeted()
                .says("MAIL FROM:<@a.example,@b.example:c@d.example>")
                .says("MAIL FROM:<\"a> b\\\">\"@c.example> BODY=8BITMIME")
                .says("MAIL FROM: plain@c.example SIZE=1")
                .says("MAIL FROM:<never ends")
                .says("MAIL FROM:", "MAIL", "MAIL :", "MAIL FROM:<@>", "MAIL FROM:<")
                .says("MAIL FROM:<" + "a".repeat(10_000) + ">");
        SmtpConversation.Heard all = heard(sessions);
        assertThat(all.messages).isEqualTo(10);
        assertThat(all.senders)
                .startsWith("c@d.example", "\"a> b\\\">\"@c.example", "plain@c.example", "never ends")
                .allSatisfy(sender -> assertThat(sender).hasSizeLessThanOrEqualTo(256));
    }
}
