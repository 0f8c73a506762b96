package org.outguard.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Nothing that a process may call itself does anything to a terminal. */
class SafeTextTest {

    @Test
    void ordinaryTextIsLeftAlone() {
        String name = "php-fpm: pool www";
        assertThat(SafeText.clean(name)).isSameAs(name);
        assertThat(SafeText.clean("Jörg, 日本語, Ελλάδα")).isEqualTo("Jörg, 日本語, Ελλάδα");
    }

    @Test
    void controlsAreShownByTheirCode() {
        assertThat(SafeText.clean("\u001b[2J")).isEqualTo("\\x1b[2J");
        assertThat(SafeText.clean("a\u0007b\u007fc\u0000")).isEqualTo("a\\x07b\\x7fc\\x00");
        assertThat(SafeText.clean("\u009b31m")).isEqualTo("\\x9b31m");
        assertThat(SafeText.clean("line\nbreak\ttab\u2028")).isEqualTo("line\\x0abreak\\x09tab\\u2028");
    }

    @Test
    void whatReversesOrHidesIsShownByItsCode() {
        assertThat(SafeText.clean("exe\u202egpj")).isEqualTo("exe\\u202egpj");
        assertThat(SafeText.clean("a\u200db\ufeff\u3164")).isEqualTo("a\\u200db\\ufeff\\u3164");
        assertThat(SafeText.clean("\ud800x")).isEqualTo("\\ud800x");
        assertThat(SafeText.clean(Character.toString(0xE0041))).isEqualTo("\\U000e0041");
    }

    @Test
    void marksDoNotPileUp() {
        assertThat(SafeText.clean("e" + "\u0301".repeat(200))).isEqualTo("e\u0301\u0301");
        assertThat(SafeText.clean("\u0301x")).isEqualTo("\u25cc\u0301x");
    }

    @RepeatedTest(50)
    void nothingUnsafeIsLeftAndTwiceIsOnce() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        StringBuilder hostile = new StringBuilder();
        for (int i = 0; i < 300; i++) {
            int bound = new int[] {0x20, 0xA0, 0x400, 0x2100, 0x10000, 0x110000}[random.nextInt(6)];
            hostile.appendCodePoint(random.nextInt(bound));
        }
        String safe = SafeText.clean(hostile.toString());
        assertThat(SafeText.clean(safe)).as("seed %d", seed).isEqualTo(safe);
        assertThat(safe.codePoints()).as("seed %d", seed).noneMatch(point -> {
            int type = Character.getType(point);
            return type == Character.CONTROL
                    || type == Character.FORMAT
                    || type == Character.SURROGATE
                    || type == Character.PRIVATE_USE
                    || type == Character.UNASSIGNED
                    || type == Character.LINE_SEPARATOR
                    || type == Character.PARAGRAPH_SEPARATOR;
        });
        int columns = random.nextInt(40);
        assertThat(Columns.width(Columns.fit(safe, columns)))
                .as("seed %d", seed)
                .isEqualTo(columns);
    }

    @Test
    void longTextIsBounded() {
        assertThat(SafeText.clean("x".repeat(1_000_000))).hasSize(SafeText.MAX_CHARS);
        String codes = SafeText.clean("\u001b".repeat(SafeText.MAX_CHARS));
        assertThat(codes).hasSize(SafeText.MAX_CHARS);
        assertThat(SafeText.clean(codes)).isEqualTo(codes);
    }
}
