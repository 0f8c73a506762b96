package org.outguard.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.outguard.Hostile;

/** Whatever is printed, a terminal is given text, line ends, tabs and colours. */
class SafePrintingTest {

    private static String printed(byte[] bytes) {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        PrintStream out = SafePrinting.over(terminal);
        out.write(bytes, 0, bytes.length);
        out.flush();
        return terminal.toString(StandardCharsets.UTF_8);
    }

    @Test
    void textColoursTabsAndLineEndsPass() {
        String text = "one\ttwo \033[1;31mred\033[0m\n漢字 é\n";
        assertThat(printed(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(text);
    }

    @Test
    void whatMovesOrHidesIsShownByItsCode() {
        assertThat(SafePrinting.line("a\033[2Jb\u202ec\u009bd\re")).isEqualTo("a\\x1b[2Jb\\u202ec\\x9bd\\x0de");
    }

    @Test
    void nothingOfALongLineIsLost() {
        String text = "x😀".repeat(20_000);
        assertThat(SafePrinting.line(text)).isEqualTo(text);
    }

    @Test
    void aQuestionIsPrintedBeforeItsLineEnds() {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        PrintStream out = SafePrinting.over(terminal);
        out.print("do it? ");
        out.flush();
        assertThat(terminal.toString(StandardCharsets.UTF_8)).isEqualTo("do it? ");
    }

    @Test
    void nothingElsePassesWhateverTheBytesAre() {
        Hostile hostile = Hostile.begin("SafePrintingTest");
        for (int round = 0; round < 5_000; round++) {
            byte[] bytes = hostile.text().getBytes(StandardCharsets.UTF_8);
            for (int i = hostile.random().nextInt(4); i > 0 && bytes.length > 0; i--) {
                bytes[hostile.random().nextInt(bytes.length)] =
                        (byte) hostile.random().nextInt(256);
            }
            assertThat(Hostile.unsafe(printed(bytes)))
                    .as("seed %d, round %d", hostile.seed(), round)
                    .isEmpty();
        }
    }
}
