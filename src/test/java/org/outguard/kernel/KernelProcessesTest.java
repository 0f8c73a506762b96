package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.outguard.kernel.KernelEye.Facts;
import org.outguard.kernel.KernelRecords.Born;
import org.outguard.kernel.KernelRecords.Lineage;
import org.outguard.kernel.KernelRecords.Told;
import org.outguard.owner.ProcessId;

class KernelProcessesTest {

    /* Perf buffers, one for each CPU, are read one after another: a process that moved between two programs comes in any order. */
    @Test
    void theProgramThatBeganLastCountsInWhateverOrderItComes() {
        Told helper = began("/usr/lib/jvm/lib/jspawnhelper", 1_000);
        Told python = began("/usr/bin/python3", 2_000);
        assertThat(Told.later(helper, python)).isSameAs(python);
        assertThat(Told.later(python, helper)).isSameAs(python);
    }

    /* One clock reading for two words: the one that came behind the other is the later one. */
    @Test
    void ofTheSameTimeTheOneThatCameLastCounts() {
        Told first = began("/usr/bin/env", 1_000);
        Told second = began("/usr/bin/php", 1_000);
        assertThat(Told.later(first, second)).isSameAs(second);
    }

    private static Told began(String program, long atNanos) {
        Born self = new Born(7, 1);
        ProcessId id = new ProcessId(7, 1);
        Facts facts = new Facts(
                id,
                "sender",
                program,
                false,
                0,
                0,
                "/",
                List.of(program),
                33,
                OptionalInt.empty(),
                0,
                "",
                1,
                List.of(),
                id);
        return new Told(self, new Lineage(new Born(1, 0), self, "sender", 33, 0, 1, false, 7), facts, atNanos);
    }
}
