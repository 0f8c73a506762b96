package org.outguard.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Pages by the keys of less. */
class PagerTest {

    private final Pager pager =
            new Pager(IntStream.rangeClosed(1, 100).mapToObj(i -> "line " + i).toList(), () -> 11);

    private void press(String keys) {
        keys.chars().forEach(key -> assertThat(pager.press(key)).isTrue());
    }

    @Test
    void blankAndBTurnPages() {
        assertThat(pager.shown()).hasSize(10).startsWith("line 1");
        press("  ");
        assertThat(pager.shown()).startsWith("line 21");
        press("b");
        assertThat(pager.shown()).startsWith("line 11");
        press("jjk");
        assertThat(pager.shown()).startsWith("line 12");
    }

    @Test
    void theEndIsTheEnd() {
        press("G ");
        assertThat(pager.shown()).endsWith("line 100").hasSize(10);
        assertThat(pager.status()).contains("91 to 100 of 100, end");
        press("g");
        assertThat(pager.shown()).startsWith("line 1");
    }

    @Test
    void aTextIsSought() {
        press("/LINE 5");
        assertThat(pager.status()).isEqualTo("/LINE 5");
        press("\r");
        assertThat(pager.shown()).startsWith("line 5");
        press("n");
        assertThat(pager.shown()).startsWith("line 50");
        press("/nowhere\r");
        assertThat(pager.status()).isEqualTo("not found: nowhere");
    }

    @Test
    void qAndTheEndOfInputLeave() {
        assertThat(pager.press('q')).isFalse();
        assertThat(pager.press(-1)).isFalse();
    }
}
