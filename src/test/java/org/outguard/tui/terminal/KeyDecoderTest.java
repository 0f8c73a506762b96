package org.outguard.tui.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyDecoderTest {

    private final KeyDecoder decoder = new KeyDecoder();

    private List<String> keys(String typed) {
        byte[] bytes = typed.getBytes(StandardCharsets.UTF_8);
        return names(decoder.take(bytes, bytes.length));
    }

    private static List<String> names(List<Input> inputs) {
        return inputs.stream()
                .map(input -> input instanceof Input.Key key ? key.name() : input.toString())
                .toList();
    }

    @Test
    void keysHaveNames() {
        assertThat(keys("bS?\r\n\f")).containsExactly("b", "S", "?", "Enter", "Enter", "Ctrl-L");
        assertThat(keys("\033[A\033OB\033[C\033[D")).containsExactly("Up", "Down", "Right", "Left");
        assertThat(keys("\033[5~\033[6~\033[H\033[4~")).containsExactly("PgUp", "PgDn", "Home", "End");
        assertThat(keys("\033[21~\033OP\033[[A")).containsExactly("F10", "F1", "F1");
    }

    @Test
    void aSequenceMayArriveInParts() {
        List<String> got = new ArrayList<>(keys("\033"));
        assertThat(decoder.waiting()).isTrue();
        got.addAll(keys("["));
        got.addAll(keys("B"));
        assertThat(got).containsExactly("Down");
    }

    @Test
    void aLoneEscapeIsAKeyOnceNothingFollows() {
        assertThat(keys("\033")).isEmpty();
        assertThat(names(decoder.timeOut())).containsExactly("Esc");
        assertThat(decoder.waiting()).isFalse();
    }

    @Test
    void lettersOfEveryAlphabetAreKeys() {
        assertThat(keys("é漢😀")).containsExactly("é", "漢", "😀");
        byte[] half = "漢".getBytes(StandardCharsets.UTF_8);
        assertThat(decoder.take(half, 2)).isEmpty();
        assertThat(decoder.take(new byte[] {half[2]}, 1)).containsExactly(new Input.Key("漢"));
    }

    @Test
    void whatIsNoKeyTypesNothing() {
        assertThat(keys("\033[99;99~\u009b\u202e\033[<0;3;4mq")).containsExactly("q");
        assertThat(decoder.take(new byte[] {(byte) 0xff, (byte) 0xc3, 'x'}, 3)).containsExactly(new Input.Key("x"));
    }

    @Test
    void reportsOfTheTerminalAreTold() {
        byte[] bytes = "\033[0n\033[?2026;2$y\033[?2026;0$y\033[<0;3;4M\033[<65;1;1M".getBytes(StandardCharsets.UTF_8);
        assertThat(decoder.take(bytes, bytes.length))
                .containsExactly(
                        new Input.Shown(),
                        new Input.Synchronized(true),
                        new Input.Synchronized(false),
                        new Input.Mouse(Input.Button.LEFT, 2, 3),
                        new Input.Mouse(Input.Button.WHEEL_DOWN, 0, 0));
    }

    @Test
    void aPasteTypesNothing() {
        assertThat(keys("\033[200~b\ny\n\033[A\033[201~q")).containsExactly("q");
    }

    @Test
    void aPasteWithoutEndIsNotKept() {
        keys("\033[200~");
        for (int i = 0; i < 1_000; i++) {
            assertThat(keys("by".repeat(50))).isEmpty();
        }
        assertThat(keys("\033[201~u")).containsExactly("u");
    }
}
