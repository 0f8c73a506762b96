package org.outguard.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What becomes of mail at the other end of the lab is decided by its recipient alone. */
class SinkDialogueTest {

    private final SinkDialogue session = new SinkDialogue();

    @Test
    void aMessageIsTakenAndItsLinesAreNoCommands() {
        assertThat(session.reply("EHLO mail.example.org")).hasValue("250 mx.example.com");
        assertThat(session.reply("MAIL FROM:<www-data@mail.example.org> SIZE=300"))
                .hasValue("250 2.1.0 Ok");
        assertThat(session.reply("RCPT TO:<v1@example.com>")).hasValue("250 2.1.5 Ok");
        assertThat(session.reply("DATA"))
                .hasValueSatisfying(reply -> assertThat(reply).startsWith("354 "));
        assertThat(session.reply("QUIT")).isEmpty();
        assertThat(session.isOver()).isFalse();
        assertThat(session.reply(".")).hasValue("250 2.0.0 Ok: queued");
        assertThat(session.reply("quit")).hasValue("221 2.0.0 Bye");
        assertThat(session.isOver()).isTrue();
    }

    @Test
    void recipientsArePutOffOrRefusedByTheirDomain() {
        session.reply("MAIL FROM:<>");
        assertThat(session.reply("RCPT TO:<v4@example.net>"))
                .hasValueSatisfying(reply -> assertThat(reply).startsWith("450 4.7.1 <v4@example.net>: "));
        assertThat(session.reply("RCPT TO:<www-data@mail.example.org>"))
                .hasValueSatisfying(reply -> assertThat(reply).startsWith("452 4.2.2 "));
        assertThat(session.reply("RCPT TO:<v9@customers.example>"))
                .hasValueSatisfying(reply -> assertThat(reply).startsWith("550 5.1.1 "));
        assertThat(session.reply("DATA"))
                .hasValueSatisfying(reply -> assertThat(reply).startsWith("554 "));
    }

    @Test
    void whatIsNoCommandIsSaidToBeNone() {
        assertThat(session.reply("")).hasValue("502 5.5.1 Error: command not implemented");
        assertThat(session.reply("RCPT TO:")).hasValue("501 5.1.3 Bad recipient address syntax");
    }
}
