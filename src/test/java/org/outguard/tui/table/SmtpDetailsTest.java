package org.outguard.tui.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.SmtpSnapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.tui.MailScenes;
import org.outguard.tui.Scenes;
import org.outguard.tui.view.TalkerDetails;

/** The details say what was heard of a sender's SMTP, in two lines. */
class SmtpDetailsTest {

    private static final List<SmtpSnapshot.Code> REPLIES =
            List.of(new SmtpSnapshot.Code(250, 400), new SmtpSnapshot.Code(550, 312));

    private static List<String> lines(SmtpSnapshot smtp) {
        Talker talker = MailScenes.saying(Scenes.slow(), Optional.empty(), smtp);
        return TalkerDetails.of(talker, Scenes.snapshot(List.of(talker), List.of()), Scenes.TIMES).told().stream()
                .filter(line -> List.of("smtp", "heard").contains(line.label()))
                .map(line -> line.label() + ": " + line.text())
                .toList();
    }

    @Test
    void namesSendersAndHowManyWereRefused() {
        assertThat(lines(MailScenes.SAID))
                .containsExactly(
                        "smtp: EHLO spam.example · EHLO localhost · from win@b.example, the last of 38"
                                + " · 41 connections, 2 of them encrypted",
                        "heard: 40 messages begun, 712 recipients, refused 421 ×1, 550 ×311");
    }

    @Test
    void ofAnEncryptedConnectionThereIsNoMoreThanThat() {
        SmtpSnapshot smtp = new SmtpSnapshot(
                1, 1, List.of(new MailSnapshot.Counted("a.example", 1)), "", 0, 0, 0, List.of(), REPLIES);
        assertThat(lines(smtp)).containsExactly("smtp: EHLO a.example · 1 connection, encrypted");
    }
}
