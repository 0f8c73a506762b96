package org.outguard.tui;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.tui.draw.Size;
import org.outguard.tui.terminal.TerminalPort;

/** Drawing takes next to nothing of a core: 30 rows of which every figure is another one each second, a frame a second. */
class DrawingCostTest {

    private static final int SECONDS = 300;
    private static final long SECOND = 1_000_000_000L;

    /** A terminal that shows each frame at once; a second passes whenever nothing is typed. */
    private static final class Seconds implements TerminalPort {
        private final Size size;
        private final FakeDesk desk;
        private final List<Snapshot> snapshots;
        private long nanos;
        private boolean asked;
        private int frames;

        Seconds(Size size, List<Snapshot> snapshots) {
            this.size = size;
            this.snapshots = snapshots;
            this.desk = new FakeDesk(snapshots.get(0));
        }

        @Override
        public Size size() {
            return size;
        }

        @Override
        public int read(byte[] into, int timeoutMillis) {
            if (asked) {
                asked = false;
                byte[] shown = {27, '[', '0', 'n'};
                System.arraycopy(shown, 0, into, 0, shown.length);
                return shown.length;
            }
            int next = (int) (nanos / SECOND) + 1;
            if (next >= snapshots.size()) {
                return CLOSED;
            }
            nanos = next * SECOND;
            desk.snapshot = snapshots.get(next);
            return NOTHING;
        }

        @Override
        public void write(byte[] buffer, int length) {
            frames++;
            asked = true;
        }

        @Override
        public int suspend() {
            return REDRAW;
        }
    }

    private static Seconds run(Size size, List<Snapshot> snapshots) {
        Seconds terminal = new Seconds(size, snapshots);
        new ScreenLoop(terminal, terminal.desk, Scenes.SETTING, () -> terminal.nanos).run();
        return terminal;
    }

    @ParameterizedTest
    @CsvSource({"120, 34", "200, 50"})
    void aFrameASecondIsLessThanAHundredthOfACore(int columns, int rows) {
        Size size = new Size(columns, rows);
        List<Snapshot> snapshots = IntStream.rangeClosed(0, SECONDS)
                .mapToObj(second -> LinkTest.changing(second, Scenes.NOW.plusSeconds(second)))
                .toList();
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        // As a program that has run for some minutes: the first frames are interpreted.
        run(size, snapshots);
        long before = threads.getCurrentThreadCpuTime();
        Seconds measured = run(size, snapshots);
        double share = (threads.getCurrentThreadCpuTime() - before) / (double) (SECONDS * SECOND);
        System.out.printf(
                "drawing at %s: %.2f ms of CPU a frame, %.3f %% of a core%n", size, share * 1_000, share * 100);
        assertThat(measured.frames).isGreaterThanOrEqualTo(SECONDS);
        assertThat(share).as("share of a core").isLessThan(0.01);
    }
}
