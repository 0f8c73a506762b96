package org.outguard.headless;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.headless.ndjson.NdjsonTest;

/** Which lines a log gets, and when. */
class WatchLogTest {

    private final StringBuilder out = new StringBuilder();
    private final WatchLog log = new WatchLog(out, false);

    @Test
    void anOffenderIsLoggedWhenItAppearsAndThenOnceASecondWhileItGrows() throws IOException {
        for (int tick = 0; tick <= 12; tick++) {
            see(tick * 0.25, flood(1000L * (tick + 1)));
        }
        assertThat(seen("offender", "packets")).containsExactly(1000, 5000, 9000, 13000);
    }

    @Test
    void oneThatDoesNotGrowIsNotLoggedAgain() throws IOException {
        for (int second = 0; second < 9; second++) {
            see(second, flood(1000));
        }
        assertThat(seen("offender", "packets")).containsExactly(1000);
    }

    @Test
    void whatTurnsOutToBeAnothersIsTakenOff() throws IOException {
        see(0, Samples.talker("o-7", Verdict.SUSPECT, Samples.NOBODY, 900));
        see(1, Samples.talker("o-7", Verdict.SUSPECT, Samples.NOBODY, 300));
        assertThat(seen("offender", "packets")).containsExactly(900, 300);

        Snapshot after = Samples.snapshot(Samples.after(1.25), List.of(), flood(900));
        for (int tick = 0; tick < 2; tick++) {
            log.accept(Samples.moved(
                    after,
                    new Snapshot.Moved("o-7", Optional.of("o-1")),
                    new Snapshot.Moved("never logged", Optional.empty())));
        }
        assertThat(seen("moved", "id")).containsExactly("o-7");
        assertThat(seen("moved", "to")).containsExactly("o-1");
    }

    @Test
    void aChangeOfVerdictOwnerOrBlockIsLoggedAtOnce() throws IOException {
        see(0, Samples.talker("o-1", Verdict.SUSPECT, Samples.NOBODY, 1));
        see(0.1, Samples.talker("o-1", Verdict.OFFENDING, Samples.NOBODY, 1));
        see(0.2, Samples.talker("o-1", Verdict.OFFENDING, Samples.EXACT, 1));
        see(0.3, flood(1, Samples.block(ActiveBlock.State.STARTING, 0)));
        see(0.4, flood(1, Samples.block(ActiveBlock.State.STANDING, 0)));
        see(0.5, flood(1, Samples.block(ActiveBlock.State.STANDING, 900)));
        see(0.6, flood(1));

        assertThat(seen("offender", "verdict"))
                .containsExactly("SUSPECT", "OFFENDING", "OFFENDING", "OFFENDING", "OFFENDING", "OFFENDING");
        assertThat(seen("offender", "match")).containsExactly("NONE", "NONE", "EXACT", "EXACT", "EXACT", "EXACT");
    }

    @Test
    void aCleanTalkerIsNotLoggedUntilItWasWorse() throws IOException {
        see(0, Samples.talker("o-1", Verdict.CLEAN, Samples.EXACT, 1));
        assertThat(out).isEmpty();
        see(1, flood(2));
        see(2, Samples.talker("o-1", Verdict.CLEAN, Samples.EXACT, 3));
        see(9, Samples.talker("o-1", Verdict.CLEAN, Samples.EXACT, 4));
        assertThat(seen("talker", "packets")).containsExactly(3);
    }

    @Test
    void aSummaryComesEachTenSecondsAndAtTheEnd() throws IOException {
        for (int second = 0; second <= 25; second++) {
            see(second);
        }
        log.finish(Samples.snapshot(Samples.after(26), List.of()));
        assertThat(seen("summary", "seconds")).containsExactly(10, 20, 26);
    }

    @Test
    void atTheEndEveryOffenderIsLoggedOnceMoreAndCleanOnesWhereAsked() throws IOException {
        Talker clean = Samples.talker("o-2", Verdict.CLEAN, Samples.NOBODY, 5);
        see(0, flood(1), clean);
        log.finish(Samples.snapshot(Samples.after(0.1), List.of(), flood(2), clean));
        assertThat(seen("offender", "packets")).containsExactly(1, 2);
        assertThat(seen("talker", "id")).isEmpty();

        new WatchLog(out, true).finish(Samples.snapshot(Samples.after(0.1), List.of(), flood(2), clean));
        assertThat(seen("talker", "id")).containsExactly("o-2");
    }

    @Test
    void aNoticeIsLoggedOnceAlsoWhenTheListMovesOn() throws IOException {
        Snapshot.Notice first = Samples.notice(1, "eth0 is gone");
        Snapshot.Notice second = Samples.notice(2, "eth0 is back\033[2J");
        Snapshot.Notice third = Samples.notice(3, "refused");
        log.accept(Samples.snapshot(Samples.after(1), List.of(first)));
        log.accept(Samples.snapshot(Samples.after(2), List.of(first, second)));
        log.accept(Samples.snapshot(Samples.after(3), List.of(second, third)));
        log.accept(Samples.snapshot(Samples.after(4), List.of(second, third)));

        assertThat(seen("notice", "text")).containsExactly("eth0 is gone", "eth0 is back\\x1b[2J", "refused");
    }

    @Test
    void growthOfManyOffendersIsLimitedAndTheWorstComeFirst() throws IOException {
        see(0, crowd(1));
        see(2, crowd(2));
        assertThat(seen("offender", "packets"))
                .filteredOn(Integer.valueOf(2)::equals)
                .hasSize(WatchLog.MAX_GROWTH_LINES);
    }

    @Test
    void aClockThatIsSetBackDoesNotSilenceIt() throws IOException {
        see(100, flood(1));
        see(50, flood(2));
        assertThat(seen("offender", "packets")).containsExactly(1, 2);
    }

    @Test
    void aFullDiskIsAResultThatCountsAndTheNextLineStandsAlone() throws IOException {
        Breaking breaking = new Breaking();
        WatchLog full = new WatchLog(breaking, false);
        breaking.room = 10;
        assertThat(full.accept(Samples.snapshot(Samples.after(0), List.of(), flood(1))))
                .isEqualTo(new LogResult.Failed("No space left on device", 1));
        assertThat(full.accept(Samples.snapshot(Samples.after(2), List.of(), flood(2))))
                .isEqualTo(new LogResult.Failed("No space left on device", 2));

        breaking.room = 1 << 20;
        assertThat(full.accept(Samples.snapshot(Samples.after(4), List.of(), flood(3))))
                .isEqualTo(new LogResult.Written(1));
        String last = breaking.text.substring(breaking.text.lastIndexOf("\n", breaking.text.length() - 2) + 1);
        assertThat(NdjsonTest.parse(last)).containsEntry("packets", 3);
    }

    private void see(double seconds, Talker... talkers) {
        assertThat(log.accept(Samples.snapshot(Samples.after(seconds), List.of(), talkers)))
                .isInstanceOf(LogResult.Written.class);
    }

    private static Talker flood(long packets, ActiveBlock... blocks) {
        return Samples.talker("o-1", Verdict.OFFENDING, Samples.EXACT, packets, blocks);
    }

    private static Talker[] crowd(long packets) {
        List<Talker> crowd = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            crowd.add(Samples.talker("o-" + i, Verdict.OFFENDING, Samples.NOBODY, packets));
        }
        return crowd.toArray(Talker[]::new);
    }

    private List<Object> seen(String type, String field) throws IOException {
        List<Object> values = new ArrayList<>();
        for (String line : out.toString().lines().toList()) {
            Map<String, Object> object = NdjsonTest.parse(line);
            if (object.get("type").equals(type)) {
                values.add(object.get(field));
            }
        }
        return values;
    }

    /** A disk with little room. */
    private static final class Breaking implements Appendable {
        private final StringBuilder text = new StringBuilder();
        private int room;

        @Override
        public Appendable append(CharSequence line) throws IOException {
            int written = Math.min(room, line.length());
            text.append(line, 0, written);
            room -= written;
            if (written < line.length()) {
                throw new IOException("No space left on device");
            }
            return this;
        }

        @Override
        public Appendable append(CharSequence line, int start, int end) throws IOException {
            return append(line.subSequence(start, end));
        }

        @Override
        public Appendable append(char c) throws IOException {
            return append(String.valueOf(c));
        }
    }
}
