package org.outguard.tui;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.Command;
import org.outguard.guard.snapshot.BlockChoices;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.tui.draw.Size;
import org.outguard.tui.state.Setting;

/** What a person does at the screen, and what the guard hears of it. */
class ScreenLoopTest {

    private final FakeDesk desk = new FakeDesk(Scenes.flood());
    private final FakeTerminal terminal = new FakeTerminal(new Size(120, 34));

    private void run() {
        new ScreenLoop(terminal, desk, Scenes.SETTING, terminal::nanoTime).run();
    }

    private void see(String... texts) {
        terminal.then(() -> assertThat(terminal.screen()).contains(texts));
    }

    @Test
    void theFirstFrameComesBeforeAnythingElse() {
        desk.snapshot = Scenes.nothing();
        see("OUTGUARD", "STARTING", "starting: libpcap is opening");
        terminal.type("q");
        run();
        assertThat(terminal.writes).isEqualTo(1);
    }

    @Test
    void bAndYBlockTheWorst() {
        terminal.type("b");
        see("Block php8.2 /var/www/shop/cache/x7.php (pid 48213, www-data)?", "nft add element", "nft delete element");
        terminal.type("y").type("q");
        run();
        assertThat(desk.commands)
                .containsExactly(
                        new Command.Block(Scenes.FLOOD, Scenes.target(), Duration.ofMinutes(10), "root on pts/0"));
    }

    @Test
    void arrowsChooseScopeAndTime() {
        terminal.type("b\033[B\033[C").type("\r").type("q");
        run();
        assertThat(desk.commands)
                .containsExactly(new Command.Block(
                        Scenes.FLOOD,
                        BlockChoices.of(Scenes.flooder(List.of())).get(1),
                        Duration.ofHours(1),
                        "root on pts/0"));
    }

    @Test
    void nAndEscAndAnUnknownKeyDoNotBlock() {
        terminal.type("bn")
                .type("b")
                .type("\033")
                .pass(200)
                .type("bx")
                .type("\033")
                .pass(200)
                .type("q");
        run();
        assertThat(desk.commands).isEmpty();
    }

    @Test
    void aPasteDoesNotBlock() {
        terminal.type("\033[200~by\033[201~").type("q");
        run();
        assertThat(desk.commands).isEmpty();
    }

    @Test
    void whatIsTypedBehindTheColonIsForTheConsoleAndNotForTheTable() {
        terminal.type(":kill -y \177\r").type("q");
        run();
        assertThat(terminal.toConsole).containsExactly("kill -y \177\r");
        assertThat(desk.commands).isEmpty();
    }

    @Test
    void aLateAnswerIsWaitedForWhateverElseHappensBeforeTheConsoleHasTheTerminal() {
        terminal.answerOnlyWhenAsked();
        // So late that the next frame is drawn without it; then the size changes while it is still waited for.
        terminal.pass(1_500).pass(300);
        terminal.type(":jo");
        terminal.resize(new Size(100, 30));
        terminal.answer();
        terminal.type("urnal\r").answer();
        terminal.type("q").answer();
        run();
        assertThat(terminal.toConsole).hasSize(1);
        assertThat(terminal.toConsole.get(0)).startsWith("jo").doesNotContain("\033");
    }

    @Test
    void theDialogStaysWithItsTalkerWhateverTheRowsDo() {
        terminal.type("jb")
                .then(() -> desk.snapshot = Scenes.snapshot(
                        List.of(Scenes.flooder(List.of()), Scenes.unnamed(), Scenes.slow()), List.of()));
        terminal.pass(300).type("y").type("q");
        run();
        assertThat(desk.commands).hasSize(1);
        assertThat(((Command.Block) desk.commands.get(0)).offenderId()).isEqualTo(Scenes.SLOW);
    }

    @Test
    void aTalkerThatIsGoneIsNotBlocked() {
        terminal.type("b").then(() -> desk.snapshot = Scenes.empty()).pass(300);
        see("is no longer seen");
        terminal.type("y");
        see("nothing was blocked");
        terminal.type("q");
        run();
        assertThat(desk.commands).isEmpty();
    }

    @Test
    void uAndYTakeTheNewestBlockBack() {
        desk.snapshot = Scenes.blocked();
        terminal.type("u");
        see("Take this back?", "uid 33 to 203.0.113.80 udp port 80", "9:58");
        terminal.type("y").type("q");
        run();
        assertThat(desk.commands).containsExactly(new Command.Undo(Scenes.BLOCK, "root on pts/0"));
    }

    @Test
    void uFindsTheNewestOfAllWhereTheSelectedTalkerHasNone() {
        desk.snapshot = Scenes.blocked();
        terminal.type("Gu").type("y").type("q");
        run();
        assertThat(desk.commands).containsExactly(new Command.Undo(Scenes.BLOCK, "root on pts/0"));
    }

    @Test
    void aKeyThatDoesNothingSaysWhy() {
        terminal.type("u");
        see("u: nothing is in force");
        terminal.pass(6_000);
        terminal.then(() -> assertThat(terminal.screen()).doesNotContain("nothing is in force"));
        run();
        assertThat(desk.commands).isEmpty();
    }

    @Test
    void theSelectionFollowsItsTalker() {
        terminal.type("j")
                .then(() -> desk.snapshot =
                        Scenes.snapshot(List.of(Scenes.slow(), Scenes.flooder(List.of()), Scenes.dns()), List.of()));
        terminal.pass(3_000);
        see("── perl /tmp/.x/mailer.pl · pid 47990");
        run();
    }

    @Test
    void untilAPersonChoosesTheWorstIsSelected() {
        desk.snapshot = Scenes.empty();
        terminal.then(() -> desk.snapshot = Scenes.flood()).pass(300);
        see("── php8.2 /var/www/shop/cache/x7.php · pid 48213");
        run();
    }

    @Test
    void pHoldsTheScreenStill() {
        terminal.type("p").then(() -> desk.snapshot = Scenes.empty()).pass(300);
        see("PAUSED", "ATTACK");
        terminal.type("p");
        see("WATCHING");
        run();
    }

    @Test
    void sSortsAndSTurnsRound() {
        terminal.type("s");
        see("pps▾");
        terminal.type("S");
        see("pps▴");
        run();
    }

    @Test
    void vHidesTheDetailsAndShowsThem() {
        terminal.type("v");
        terminal.then(() -> assertThat(terminal.screen()).doesNotContain("sock_diag"));
        terminal.type("v");
        see("sock_diag");
        run();
    }

    @Test
    void enterOpensThePageOfTheSenderAndEscGoesBack() {
        terminal.type("\r");
        see(" Who ", "Where", "Packets", "Mail", "Actions", "Timeline", "sha256", "Esc back");
        terminal.type("\033[C");
        see("1 destination", "100 %");
        terminal.type("b");
        see("Block php8.2");
        terminal.type("n").type("\033").pass(200);
        see("1 Offenders", "state▾");
        runWithLookups();
    }

    @Test
    void aKeyOfTheTableIsNoneOfThePage() {
        terminal.type("\rs");
        see("no key s; ? lists them");
        runWithLookups();
    }

    @Test
    void thePageStaysWithItsSenderWhateverTheRowsDo() {
        terminal.type("j\r").then(() -> desk.snapshot = Scenes.empty()).pass(300);
        see("it is no longer seen");
        terminal.type("b");
        terminal.then(() -> assertThat(terminal.screen()).doesNotContain("Block smtp"));
        terminal.type("y").type("q");
        runWithLookups();
        assertThat(desk.commands).isEmpty();
    }

    @Test
    void whatHappenedStandsInTheTimeline() {
        terminal.then(() -> desk.snapshot = Scenes.blockedTick(900)).pass(300);
        terminal.then(() -> desk.snapshot = Scenes.empty()).pass(300);
        terminal.type("5");
        see("began", "peak", "block of uid 33 to 203.0.113.80 udp port 80", "sends no more");
        run();
    }

    private void runWithLookups() {
        new ScreenLoop(terminal, desk, Scenes.SETTING, terminal::nanoTime, new FakeLookups()).run();
    }

    @Test
    void theHelpNamesEveryKeyAndAnyKeyClosesIt() {
        terminal.type("?");
        see("drop what the sender sends", "nothing is in force");
        terminal.type("x");
        terminal.then(() -> assertThat(terminal.screen()).doesNotContain("drop what the sender sends"));
        terminal.type("q").type("this is not read any more");
        run();
    }

    @Test
    void anotherSizeIsDrawnAtOnce() {
        terminal.resize(new Size(80, 24));
        see("state▾          pid process");
        terminal.resize(new Size(30, 5));
        see("terminal too small (30x5)");
        run();
    }

    @Test
    void nothingIsWrittenWhileNothingChanges() {
        for (int i = 0; i < 20; i++) {
            // Ticks go on, and bring nothing new.
            long sequence = i + 2L;
            terminal.then(() -> desk.snapshot = Scenes.tick(sequence)).pass(300);
        }
        run();
        assertThat(terminal.writes).isEqualTo(1);
    }

    private void changeEachSecond(int times) {
        for (int i = 1; i <= times; i++) {
            int second = i;
            terminal.then(() -> desk.snapshot = Scenes.later(second)).pass(1_000);
        }
    }

    @Test
    void aFrameWaitsUntilTheLastOneIsShown() {
        terminal.answerOnlyWhenAsked();
        terminal.answer();
        changeEachSecond(5);
        terminal.then(() -> assertThat(terminal.writes).isEqualTo(2));
        terminal.answer();
        terminal.then(() -> assertThat(terminal.writes).isEqualTo(3));
        see(Scenes.clock(5));
        run();
    }

    @Test
    void aTerminalThatNeverAnswersGetsItsFramesNonetheless() {
        terminal.mute();
        changeEachSecond(6);
        see(Scenes.clock(6));
        run();
        assertThat(terminal.writes).isGreaterThanOrEqualTo(6);
    }

    @Test
    void figuresAreDrawnOnceASecond() {
        for (int i = 1; i <= 20; i++) {
            int quarter = i;
            terminal.then(() -> desk.snapshot = Scenes.at(Scenes.NOW.plusMillis(250L * quarter)))
                    .pass(250);
        }
        run();
        assertThat(terminal.writes).isEqualTo(6);
    }

    @Test
    void theQuestionIsAnsweredBeforeTheTerminalIsGivenBack() {
        terminal.answerOnlyWhenAsked();
        terminal.type("q");
        terminal.then(() -> {}).answer();
        terminal.then(() -> {
            throw new AssertionError("it listens on");
        });
        run();
    }

    @Test
    void synchronizedOutputIsUsedWhereTheTerminalSaysSo() {
        Setting asking = Scenes.firstRun();
        terminal.type("\033[?2026;2$y").type("?");
        terminal.then(
                () -> assertThat(terminal.last()).startsWith("\033[?2026h").contains("\033[?2026l"));
        new ScreenLoop(terminal, desk, asking, terminal::nanoTime).run();
        assertThat(terminal.first()).contains("\033[?2026$p").doesNotContain("\033[?2026h");
    }

    @Test
    void aFailedBlockIsTold() {
        ActiveBlock failed = Scenes.block(ActiveBlock.State.FAILED);
        Snapshot.Notice notice = new Snapshot.Notice(
                Scenes.NOW.minusSeconds(1), Snapshot.Notice.Level.ERROR, "block failed: Operation not permitted");
        desk.snapshot = Scenes.with(
                Scenes.snapshot(List.of(Scenes.flooder(List.of(failed))), List.of(failed)), List.of(), List.of(notice));
        see("✗ block failed: Operation not permitted", "1 ATTACK", "failed");
        run();
    }

    @Test
    void dataThatDoNotComeCarryTheirAge() {
        terminal.pass(1_000);
        terminal.then(() -> assertThat(terminal.screen()).doesNotContain("s old"));
        terminal.pass(3_100);
        see("4 s old");
        terminal.then(() -> desk.snapshot = Scenes.later(5)).pass(300);
        terminal.then(() -> assertThat(terminal.screen()).doesNotContain("s old"));
        run();
    }

    @Test
    void aKeyWithoutMeaningSaysWhereTheKeysAre() {
        terminal.type("E");
        see("no key E; ? lists them");
        terminal.type("bw");
        see("no key w; y does it, Esc cancels");
        run();
        assertThat(desk.commands).isEmpty();
    }

    @Test
    void whatWasDoneIsToldForFiveSecondsWithItsUndo() {
        terminal.type("b")
                .type("y")
                .then(() -> desk.snapshot = Scenes.blocked())
                .pass(300);
        see("✓ 17:00:43 block of uid 33 to 203.0.113.80 udp port 80", "(u undoes)");
        terminal.then(() -> desk.snapshot = Scenes.blockedTick(500)).pass(4_000);
        see("(u undoes)");
        terminal.then(() -> desk.snapshot = Scenes.blockedTick(501)).pass(2_000).pass(300);
        terminal.then(() -> assertThat(terminal.screen()).doesNotContain("(u undoes)"));
        run();
    }

    @Test
    void theFooterCanBeClicked() {
        terminal.type("\033[<0;2;34M");
        see("Block php8.2");
        terminal.type("n").type("q");
        run();
    }

    @Test
    void aLightBackgroundIsAskedForBeforeTheFirstFrame() {
        Setting asking = Scenes.asking();
        terminal.answerOnlyWhenAsked();
        terminal.type("j\033]11;rgb:ffff/ffff/ffff\033\\\033[0n");
        terminal.then(() -> assertThat(terminal.second()).contains("38;5;24m").doesNotContain("38;5;80m"));
        terminal.answer();
        see("── perl /tmp/.x/mailer.pl · pid 47990");
        new ScreenLoop(terminal, desk, asking, terminal::nanoTime).run();
        assertThat(terminal.first()).isEqualTo("\033]11;?\033\\\033[5n");
    }

    @Test
    void aDarkOrSilentTerminalKeepsItsColours() {
        terminal.answerOnlyWhenAsked();
        terminal.pass(100);
        terminal.then(() -> assertThat(terminal.second()).contains("38;5;80m"));
        new ScreenLoop(terminal, desk, Scenes.asking(), terminal::nanoTime).run();
    }

    @Test
    void aSlowLinkIsNotDimmedUnderADialog() {
        terminal.answerOnlyWhenAsked();
        terminal.answer();
        // A frame of some hundred bytes takes more than a second.
        terminal.then(() -> desk.snapshot = Scenes.empty())
                .pass(300)
                .pass(1_200)
                .answer();
        int[] before = new int[1];
        terminal.then(() -> before[0] = terminal.bytes).type("K").pass(300);
        terminal.then(() -> assertThat(terminal.bytes - before[0]).isLessThan(3_000));
        run();
        assertThat(terminal.all()).doesNotContain("\033[38;5;239mOUTGUARD");
    }

    @Test
    void cCopiesToTheClipboard() {
        terminal.type("c");
        see("1 address", "203.0.113.80", "block command");
        terminal.type("1");
        see("copied the address: 203.0.113.80");
        terminal.then(() -> assertThat(terminal.all()).contains("\033]52;c;MjAzLjAuMTEzLjgw\007"));
        run();
    }

    @Test
    void anyTimeCanBeTyped() {
        terminal.type("b45");
        see("typed 45_");
        terminal.type("y");
        see("'45' is no time: 30s, 45m, 2h");
        terminal.type("m");
        see("▸45m", "for 45m");
        terminal.type("y").type("q");
        run();
        assertThat(desk.commands)
                .containsExactly(
                        new Command.Block(Scenes.FLOOD, Scenes.target(), Duration.ofMinutes(45), "root on pts/0"));
    }

    @Test
    void anyRateCanBeTyped() {
        terminal.type("l250/s");
        see("▸250/s");
        terminal.type("\177\177\177\177\177").type("2h");
        see("▸2h", "▸250/s");
        terminal.type("y").type("q");
        run();
        assertThat(desk.commands).hasSize(1);
        assertThat(desk.commands.get(0).toString()).contains("250", "PT2H");
    }
}
