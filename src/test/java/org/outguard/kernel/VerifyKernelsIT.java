package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.outguard.app.Programs;
import org.outguard.exec.CommandResult;

/** packaging/verify-kernels: the kernel eye is exact on older kernels, under emulation. */
class VerifyKernelsIT {

    /* Emulated on a busy machine a kernel takes minutes where it takes one on an idle machine. */
    private static final Duration PATIENCE = Duration.ofMinutes(25);

    @BeforeAll
    static void isRoot() {
        Programs.requireRoot();
    }

    static CommandResult.Finished verify(String... kernels) {
        List<String> argv = new ArrayList<>(
                List.of(Path.of("packaging/verify-kernels").toAbsolutePath().toString()));
        argv.addAll(List.of(kernels));
        CommandResult result = Programs.RUNNER.run(argv, "", PATIENCE);
        assertThat(result).isInstanceOf(CommandResult.Finished.class);
        return (CommandResult.Finished) result;
    }

    static void assertExact(CommandResult.Finished verified, int kernels) {
        assertThat(verified.exitStatus())
                .as(verified.stdout() + verified.stderr())
                .isZero();
        assertThat(verified.stdout().lines().skip(2))
                .hasSize(kernels)
                .allSatisfy(row -> assertThat(row)
                        .contains("| kernel |", "connected, unconnected, IPv6, raw,", "connects, SMTP, container"));
    }

    @Test
    void olderKernels() {
        assertExact(verify("--quick"), 2);
    }

    @Test
    void aKernelThatIsNotToBeHadFails() {
        CommandResult.Finished verified = verify("/nowhere/linux-image-2.4.deb");
        assertThat(verified.stdout()).contains("WRONG: it cannot be had");
        assertThat(verified.stderr()).contains("no file /nowhere/linux-image-2.4.deb");
        assertThat(verified.exitStatus()).isEqualTo(1);
    }
}
