package org.outguard.headless;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;
import org.outguard.text.Columns;

/** The table as it is printed. */
class TableReportTest {

    private static final Talker FLOOD = Samples.talker("o-1", Verdict.OFFENDING, Samples.EXACT, 346_000);
    private static final Talker SUSPECT = Samples.talker("o-2", Verdict.SUSPECT, Samples.NOBODY, 2_400);
    private static final Talker CLEAN = Samples.talker("o-3", Verdict.CLEAN, Samples.EXACT, 50);

    @Test
    void eachOffenderHasItsFiguresAndItsReason() {
        assertThat(new TableReport(80, false).print(Samples.snapshot(Samples.after(3), List.of(), FLOOD, SUSPECT)))
                .isEqualTo("""
                VERDICT   KIND           PPS BIT/S PACKETS PROCESS            USER      MATCH
                OFFENDING UDP flood     173k   40M    346k x7[4711]           www-data  exact
                  to 203.0.113.80:80: 173,000 packets/s of UDP, limit 10,000
                SUSPECT   UDP flood     173k   40M    2.4k ?                  ?         none
                  to 203.0.113.80:80: 173,000 packets/s of UDP, limit 10,000
                wg0: no such interface
                limited: kernel eye: not built in
                dropped by the capture: 12 of 348,412 packets
                malformed: 3 packets
                """);
    }

    @Test
    void nothingOverTheLimitsNamesTheBusiest() {
        assertThat(new TableReport(80, false).print(Samples.snapshot(Samples.after(3), List.of(), CLEAN)))
                .startsWith("nothing over the limits; busiest: x7[4711] to 203.0.113.80:80, 50 packets\n");
        assertThat(new TableReport(80, false).print(Samples.snapshot(Samples.after(3), List.of())))
                .startsWith("nothing over the limits; busiest: nobody sent anything\n");
    }

    @Test
    void coloursAreForTheVerdictAndOnlyWhereAsked() {
        var snapshot = Samples.snapshot(Samples.after(3), List.of(), FLOOD, SUSPECT);
        assertThat(new TableReport(80, false).print(snapshot)).doesNotContain("\033");
        assertThat(new TableReport(80, true).print(snapshot))
                .contains("\033[1;31mOFFENDING\033[0m UDP flood")
                .contains("\033[33mSUSPECT\033[0m   UDP flood");
    }

    @Test
    void noLineIsWiderThanAskedAndThePidIsNeverCut() {
        Owner owner = new Owner(
                new ProcessId(4194304, 1),
                new Owner.Program(
                        "\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e\u65e5\u672c\u8a9e\033[2J",
                        "",
                        false,
                        Optional.empty(),
                        "",
                        List.of(),
                        ""),
                new Owner.Credentials(1000, "a-user-with-a-very-long-name", OptionalInt.empty()),
                new Owner.Placement("", "", "", 0),
                List.of());
        Talker talker =
                Samples.talker("o-1", Verdict.OFFENDING, new Attribution.Probable(owner, "guessed"), 1_000_000_000);
        for (int columns : List.of(80, 100, 200)) {
            String table =
                    new TableReport(columns, false).print(Samples.snapshot(Samples.after(3), List.of(), talker, FLOOD));
            assertThat(table.lines().toList())
                    .allSatisfy(line -> assertThat(Columns.width(line)).isLessThanOrEqualTo(columns));
            assertThat(table).contains("[4194304]").doesNotContain("\033");
        }
    }
}
