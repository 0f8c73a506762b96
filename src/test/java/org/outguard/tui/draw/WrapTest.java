package org.outguard.tui.draw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Text in lines: nothing is left out, and a command is broken where it can be read. */
class WrapTest {

    @Test
    void aWordThatIsLongerThanALineIsBroken() {
        assertThat(Wrap.lines("to 203.0.113.80 now", 8)).containsExactly("to", "203.0.11", "3.80 now");
    }

    @Test
    void aCommandIsCutBehindItsStatementsButNotInBraces() {
        assertThat(Wrap.statements(
                        "nft 'table inet t { set s { type uid; }; };flush chain inet t c; add rule inet t c'"))
                .containsExactly(
                        "nft 'table inet t { set s { type uid; }; };", "flush chain inet t c; ", "add rule inet t c'");
        assertThat(Wrap.statements("postsuper -h -; ")).containsExactly("postsuper -h -; ");
        assertThat(Wrap.statements("")).isEqualTo(List.of(""));
    }

    @Test
    void noCharacterOfACommandIsLost() {
        String command = "printf '%s\\n' A B | postsuper -H -; postqueue -f;; }} { ; odd";
        assertThat(String.join("", Wrap.statements(command))).isEqualTo(command);
    }
}
