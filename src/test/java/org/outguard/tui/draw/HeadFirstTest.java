package org.outguard.tui.draw;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.tui.GoldenScreensTest;
import org.outguard.tui.terminal.FrameEncoder;

/** Over a slow link a frame is cut off where the line is: what has come by then is its head. */
class HeadFirstTest {

    private static final Size SIZE = new Size(120, 34);

    @ParameterizedTest
    @ValueSource(strings = {"flood", "mail", "help", "block-dialog"})
    void whatIsCutOffIsTheFoot(String scene) {
        Grid grid = GoldenScreensTest.draw(GoldenScreensTest.scenes().get(scene), SIZE);
        FrameEncoder encoder = new FrameEncoder();
        encoder.encode(grid);
        byte[] whole = Arrays.copyOf(encoder.bytes(), encoder.length());
        int rowsBefore = 0;
        for (int tenth = 1; tenth <= 10; tenth++) {
            int rows = rowsShown(grid, whole, beforeControl(whole, whole.length * tenth / 10));
            assertThat(rows).as("%s: rows after %d tenths", scene, tenth).isGreaterThanOrEqualTo(rowsBefore);
            rowsBefore = rows;
            if (tenth == 5) {
                assertThat(rows).as("the header and the first rows are there").isGreaterThan(8);
            }
        }
        assertThat(rowsBefore).isEqualTo(SIZE.rows());
    }

    /* How many rows are as they shall be; those below the next are still blank. */
    private static int rowsShown(Grid grid, byte[] bytes, int length) {
        Emulator emulator = new Emulator(SIZE);
        emulator.take(bytes, length);
        int rows = 0;
        while (rows < SIZE.rows() && emulator.text(rows).equals(grid.text(rows))) {
            rows++;
        }
        for (int below = rows + 1; below < SIZE.rows(); below++) {
            assertThat(emulator.text(below))
                    .as("row %d, of which none has come", below)
                    .isBlank();
        }
        return rows;
    }

    /* The emulator wants whole control sequences and characters. */
    private static int beforeControl(byte[] bytes, int length) {
        int end = length;
        while (end < bytes.length && bytes[end] != '\033') {
            end--;
        }
        return end;
    }
}
