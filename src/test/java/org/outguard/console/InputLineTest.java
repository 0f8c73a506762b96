package org.outguard.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How a line is cut into words. */
class InputLineTest {

    private static InputLine line(String text) {
        return ((InputLine.Read) InputLine.read(text)).line();
    }

    @Test
    void blanksPartWordsUnlessTheyAreQuoted() {
        assertThat(line("  block --uid\t33 ").words()).containsExactly("block", "--uid", "33");
        assertThat(line("a 'b  c' \"d \\\" e\" f\\ g '' x'y z'").words())
                .containsExactly("a", "b  c", "d \" e", "f g", "", "xy z");
    }

    @Test
    void nothingElseIsSpecialBecauseNoShellReadsIt() {
        assertThat(line("say $HOME `id` ; rm * & y pps>1000 a'>'b '>'").words())
                .containsExactly("say", "$HOME", "`id`", ";", "rm", "*", "&", "y", "pps>1000", "a>b", ">");
    }

    @Test
    void aLineMayBeEmptyOrAComment() {
        assertThat(line("").words()).isEmpty();
        assertThat(line("  # block everything | less").words()).isEmpty();
        assertThat(line("undo #1").words()).containsExactly("undo", "#1");
    }

    @Test
    void outputIsLedOnBehindABar() {
        InputLine line = line("journal|grep 'a b' | less");
        assertThat(line.words()).containsExactly("journal");
        assertThat(line.filters()).containsExactly(List.of("grep", "a b"), List.of("less"));
        assertThat(line("say '|'").filters()).isEmpty();
    }

    @Test
    void outputGoesIntoAFile() {
        InputLine line = line("journal | grep block > 'my file'");
        assertThat(line.into()).contains(new InputLine.Target("my file", false));
        assertThat(line.words()).containsExactly("journal");
        assertThat(line.filters()).containsExactly(List.of("grep", "block"));
        assertThat(line("journal >>x").into()).contains(new InputLine.Target("x", true));
        assertThat(InputLine.read("journal >")).isInstanceOf(InputLine.Wrong.class);
        assertThat(InputLine.read("journal > a b")).isInstanceOf(InputLine.Wrong.class);
        assertThat(InputLine.read("journal > a > b")).isInstanceOf(InputLine.Wrong.class);
        assertThat(InputLine.read("journal > a | less")).isInstanceOf(InputLine.Wrong.class);
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThat(InputLine.read("say 'x")).isEqualTo(new InputLine.Wrong("a ' is open at the end of the line"));
        assertThat(InputLine.read("journal |")).isInstanceOf(InputLine.Wrong.class);
        assertThat(InputLine.read("| less")).isInstanceOf(InputLine.Wrong.class);
        assertThat(InputLine.read("> file")).isEqualTo(new InputLine.Wrong("no command before the >"));
        assertThat(InputLine.read(" >> 'a file'")).isInstanceOf(InputLine.Wrong.class);
    }
}
