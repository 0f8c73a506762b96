package org.outguard.tui;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.SourceCounts;
import org.outguard.guard.snapshot.Talker;
import org.outguard.tui.draw.Size;
import org.outguard.tui.terminal.TerminalPort;

/** What the screen costs on the line, and how old it is at the other end of a slow one. Time is what the link says. */
class LinkTest {

    private static final int ROWS = 30;

    /**
     * A terminal at the other end of a link: bytes arrive after a while and at a speed, answers come back as slowly. The guard
     * publishes a new snapshot four times a second.
     */
    private static final class Link implements TerminalPort {
        private final Size size;
        private final FakeDesk desk;
        private final long delayNanos;
        private final double bytesPerSecond;
        private final long endNanos;
        private final Queue<Arrival> arrivals = new ArrayDeque<>();
        private long nanos;
        private long lineFreeNanos;
        private long bytes;
        private long oldest;
        private long fromNanos;
        private boolean alone;

        private record Arrival(long atNanos, boolean asks, long drawnNanos) {}

        Link(Size size, double bytesPerSecond, Duration delay, Duration length) {
            this.size = size;
            this.bytesPerSecond = bytesPerSecond;
            this.delayNanos = delay.toNanos();
            this.endNanos = length.toNanos();
            this.desk = new FakeDesk(changing(0, Scenes.NOW));
        }

        void run() {
            new ScreenLoop(this, desk, Scenes.SETTING, () -> nanos).run();
        }

        /** Counts from now on: the first frame is sent whole. */
        private void start() {
            bytes = 0;
            oldest = 0;
            fromNanos = nanos;
        }

        double bytesEachSecond() {
            return bytes / ((endNanos - fromNanos) / 1e9);
        }

        @Override
        public Size size() {
            return size;
        }

        @Override
        public int read(byte[] into, int timeoutMillis) {
            if (!alone) {
                // Without the details there is room for more rows that change.
                alone = true;
                into[0] = '\r';
                return 1;
            }
            long until = nanos + Math.max(1, timeoutMillis) * 1_000_000L;
            Arrival next = arrivals.peek();
            if (next != null && next.atNanos + delayNanos <= until) {
                arrivals.remove();
                pass(Math.max(nanos, next.atNanos + delayNanos));
                // What is shown now stays until the next frame arrives.
                oldest = Math.max(oldest, nanos - delayNanos - next.drawnNanos);
                byte[] answer = "\033[0n".getBytes(StandardCharsets.US_ASCII);
                System.arraycopy(answer, 0, into, 0, answer.length);
                return next.asks ? answer.length : NOTHING;
            }
            pass(until);
            return nanos >= endNanos ? CLOSED : NOTHING;
        }

        private void pass(long to) {
            if (fromNanos == 0 && to > 5_000_000_000L) {
                nanos = to;
                start();
            }
            nanos = to;
            int quarter = (int) (nanos / 250_000_000L);
            desk.snapshot = changing(quarter, Scenes.NOW.plusMillis(quarter * 250L));
        }

        @Override
        public void write(byte[] buffer, int length) {
            bytes += length;
            lineFreeNanos = Math.max(nanos, lineFreeNanos) + (long) (length / bytesPerSecond * 1e9);
            boolean asks = new String(buffer, 0, length, StandardCharsets.UTF_8).contains("\033[5n");
            arrivals.add(new Arrival(lineFreeNanos + delayNanos, asks, nanos));
        }

        @Override
        public int suspend() {
            return REDRAW;
        }
    }

    /* Thirty senders of which every figure is another one each time. */
    static Snapshot changing(int quarter, Instant at) {
        SplittableRandom random = new SplittableRandom(quarter);
        List<Talker> talkers = IntStream.range(0, ROWS)
                .mapToObj(i -> talker(i, at.getEpochSecond(), random))
                .toList();
        Snapshot plain = Scenes.snapshot(talkers, List.of());
        return new Snapshot(
                new Snapshot.Tick(quarter + 1L, at),
                new Snapshot.Counting(plain.eye(), "", List.of(), plain.sources()),
                plain.totals(),
                talkers,
                new Snapshot.Enforcement(List.of(), List.of(), List.of()),
                MailSnapshot.NONE,
                Snapshot.Deliveries.NONE,
                new Snapshot.Events(plain.notices(), List.of()));
    }

    private static Talker talker(int number, long second, SplittableRandom random) {
        Talker plain = number == 0 ? Scenes.flooder(List.of()) : Scenes.slow();
        double pps = 1_000 + random.nextInt(9_000);
        return new Talker(
                "o-" + number,
                new Talker.Assessment(
                        plain.kind(), plain.verdict(), plain.reason(), 90 - number, 0, OptionalInt.empty()),
                plain.sender(),
                plain.flows(),
                new Talker.Counts(
                        plain.packets() + second,
                        plain.bytes() + second * 100,
                        plain.connects(),
                        new Talker.Rates(pps, pps, pps, pps * 480 + random.nextInt(1_000_000)),
                        Scenes.history(i -> (second - 60 + i) * 7_919L % 9_000 + number),
                        plain.firstSeen(),
                        plain.lastSeen(),
                        SourceCounts.ofWire(plain.packets() + second, plain.bytes() + second * 100)),
                plain.mail(),
                List.of(),
                plain.status());
    }

    @ParameterizedTest
    @CsvSource({"120, 34, 1000", "200, 50, 1500"})
    void aMinuteOfChangesCostsLittle(int columns, int rows, int most) {
        Link link = new Link(new Size(columns, rows), 1e9, Duration.ofMillis(1), Duration.ofSeconds(66));
        link.run();
        assertThat(link.bytesEachSecond()).as("bytes a second").isBetween(100.0, (double) most);
    }

    @ParameterizedTest
    @CsvSource({"120, 34", "200, 50"})
    void onASlowLinkThePresentIsShown(int columns, int rows) {
        Link link = new Link(new Size(columns, rows), 8_000, Duration.ofMillis(200), Duration.ofSeconds(66));
        link.run();
        assertThat(Duration.ofNanos(link.oldest))
                .as("age of a frame when it is there")
                .isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void aMinuteWithoutChangesCostsNothing() {
        FakeTerminal terminal = new FakeTerminal(new Size(120, 34));
        FakeDesk desk = new FakeDesk(Scenes.flood());
        for (long i = 0; i < 240; i++) {
            long sequence = 1_000 + i;
            terminal.then(() -> desk.snapshot = Scenes.tick(sequence)).pass(250);
        }
        new ScreenLoop(terminal, desk, Scenes.SETTING, terminal::nanoTime).run();
        assertThat(terminal.writes).isEqualTo(1);
    }
}
