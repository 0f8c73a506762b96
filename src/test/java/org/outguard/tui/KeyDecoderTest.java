package org.outguard.tui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyDecoderTest {

    private final KeyDecoder decoder = new KeyDecoder();

    private List<String> keys(String typed) {
        byte[] bytes = typed.getBytes(StandardCharsets.UTF_8);
        return decoder.take(bytes, bytes.length);
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
        assertThat(decoder.timeOut()).containsExactly("Esc");
        assertThat(decoder.waiting()).isFalse();
    }

    @Test
    void unknownSequencesAndOtherAlphabetsTypeNothing() {
        assertThat(keys("\033[99;99~é漢\033[<0;3;4Mq")).containsExactly("q");
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
