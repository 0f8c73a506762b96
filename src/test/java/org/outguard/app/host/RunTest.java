package org.outguard.app.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.outguard.procfs.PasswdFile;
import org.outguard.procfs.ProcessFacts;

class RunTest {

    private static final Path PROC = Path.of("/proc");

    private final Run run = new Run(PROC, new ProcessFacts(PROC, new PasswdFile(Path.of("/etc/passwd")))::read);

    @Test
    void thisRunHasNotEnded() {
        assertThat(run.word()).matches("\\d+_\\d+_[1-9]\\d*");
        assertThat(run.hasEnded(run.word())).isFalse();
    }

    @Test
    void anotherProcessWithItsNumberIsAnotherRun() {
        assertThat(run.hasEnded(run.word() + "1")).isTrue();
    }

    @Test
    void whereNoProcessHasItsNumberItHasEnded() {
        String namespace = run.word().substring(0, run.word().indexOf('_'));
        // More than the kernel gives out (proc_sys_kernel(5), pid_max).
        assertThat(run.hasEnded(namespace + "_99999999_1")).isTrue();
    }

    @Test
    void ofAnotherPidNamespaceAndOfOtherWordsNothingIsKnown() {
        assertThat(run.hasEnded("1_99999999_1")).isFalse();
        assertThat(run.hasEnded("")).isFalse();
        assertThat(run.hasEnded("mine")).isFalse();
        assertThat(run.hasEnded(run.word().replace('_', '-'))).isFalse();
    }
}
