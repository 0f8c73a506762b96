package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.exec.CommandRunner;

/** What the real program makes of what the environment says of a real terminal; it only looks at the loopback interface. */
class ProgramOnTerminalIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /* Each way to set a colour: of the sixteen, of xterm's 256, and any (ISO 8613-6). */
    private static final String SIXTEEN = "\033\\[(?:[0-9;]*;)?(?:3[0-7]|4[0-7]|9[0-7]|10[0-7])[;m]";
    private static final String MANY = "\033\\[(?:[0-9;]*;)?[34]8;5;";
    private static final String TRUE = "\033\\[(?:[0-9;]*;)?[34]8;2;";

    @TempDir
    private static Path folder;

    private Tmux terminal;

    @AfterEach
    void close() {
        terminal.close();
    }

    private void type(Map<String, String> environment, String more, String... arguments) throws Exception {
        Path script = folder.resolve("start-" + System.nanoTime());
        Files.writeString(
                script, "exec " + CommandRunner.describe(ProgramUnderTest.command(arguments)) + " " + more + "\n");
        terminal = new Tmux(80, 24, environment);
        terminal.typeLine("sh " + script);
    }

    /* What the screen looks like, with its control sequences; the program is told to end. */
    private String look(Map<String, String> environment, String... arguments) throws Exception {
        type(environment, "", arguments);
        terminal.awaitScreen("the screen", PATIENCE, screen -> screen.contains("1 Offenders"));
        String look = terminal.styledScreen();
        terminal.press("q");
        terminal.awaitScreen("the shell", PATIENCE, screen -> screen.contains("ready>"));
        return look;
    }

    private static boolean has(String look, String pattern) {
        // The numbers of a colour of the 256, or of any, are none of the sixteen.
        String read = pattern.equals(SIXTEEN) ? look.replaceAll("[34]8;(?:5;\\d+|2;\\d+;\\d+;\\d+)", "") : look;
        return Pattern.compile(pattern).matcher(read).find();
    }

    @Test
    void withNoColorSetTheScreenHasBoldAndReverseButNoColour() throws Exception {
        String look = look(Map.of("NO_COLOR", "1"), "-i", "lo");
        assertThat(has(look, SIXTEEN + "|" + MANY + "|" + TRUE)).as(look).isFalse();
        assertThat(look).as("the chosen view is reverse").containsPattern("\033\\[(?:[0-9;]*;)?7[;m]");
    }

    @Test
    void theOptionWinsOverTheVariable() throws Exception {
        String look = look(Map.of("NO_COLOR", "1"), "-i", "lo", "--color", "always");
        assertThat(has(look, MANY)).as(look).isTrue();
    }

    @Test
    void anEmptyNoColorSaysNothing() throws Exception {
        String look = look(Map.of("NO_COLOR", ""), "-i", "lo");
        assertThat(has(look, MANY)).as(look).isTrue();
    }

    @Test
    void withoutColourByTheOption() throws Exception {
        String look = look(Map.of(), "-i", "lo", "--color", "never");
        assertThat(has(look, SIXTEEN + "|" + MANY + "|" + TRUE)).as(look).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "xterm, '', sixteen",
        "linux, '', sixteen",
        "xterm-256color, '', many",
        "xterm-256color, truecolor, true",
        "tmux-256color, 24bit, true"
    })
    void asManyColoursAreUsedAsTheTerminalHas(String term, String depth, String expected) throws Exception {
        String look = look(Map.of("TERM", term, "COLORTERM", depth), "-i", "lo");
        assertThat(has(look, SIXTEEN)).as(look).isEqualTo(expected.equals("sixteen"));
        assertThat(has(look, MANY)).as(look).isEqualTo(expected.equals("many"));
        assertThat(has(look, TRUE)).as(look).isEqualTo(expected.equals("true"));
    }

    @Test
    void onALightBackgroundTheChosenViewIsLight() throws Exception {
        String dark = look(Map.of("COLORFGBG", "15;0"), "-i", "lo");
        close();
        String light = look(Map.of("COLORFGBG", "0;15"), "-i", "lo");
        // Of xterm's 256: 23 is a dark cyan, 153 a pale blue.
        assertThat(dark).contains("48;5;23m").doesNotContain("48;5;153m");
        assertThat(light).contains("48;5;153m").doesNotContain("48;5;23m");
    }

    @Test
    void whereTheLanguageHasNoUtf8OnlyAsciiIsDrawn() throws Exception {
        type(Map.of("LANG", "C"), "", "-i", "lo");
        String screen = terminal.awaitScreen("the screen", PATIENCE, text -> text.contains("1 Offenders"));
        assertThat(screen).matches("\\p{ASCII}*");
        terminal.press("?");
        assertThat(terminal.awaitScreen("help", PATIENCE, text -> text.contains("quit")))
                .matches("\\p{ASCII}*");
    }

    @Test
    void aDumbTerminalGetsOneLookAndWhy() throws Exception {
        type(Map.of("TERM", "dumb"), "", "-i", "lo");
        String screen = terminal.awaitScreen("the shell", PATIENCE, ProgramOnTerminalIT::looked);
        assertThat(screen).contains("no screen: the terminal is dumb (TERM=dumb); one look instead");
        assertThat(terminal.isAlternateScreen()).isFalse();
        assertThat(terminal.isMouseTaken()).isFalse();
    }

    @Test
    void withoutATerminalThereIsOneLookAndNoControlSequence() throws Exception {
        Path out = folder.resolve("out-" + System.nanoTime());
        type(Map.of(), "< /dev/null > " + out + " 2>&1", "-i", "lo");
        Patience.until("the look", PATIENCE, () -> looked(text(out)));
        assertThat(text(out))
                .contains("no screen: standard input and output are not both a terminal; one look instead")
                .doesNotContain("\033");
        assertThat(terminal.isAlternateScreen()).isFalse();
    }

    /* Others on this machine may be over the limits. */
    private static boolean looked(String text) {
        return text.contains("nothing over the limits") || text.contains("VERDICT");
    }

    private static String text(Path file) {
        return Files.exists(file) ? Programs.output("cat", file.toString()) : "";
    }
}
