package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.outguard.app.Programs;
import org.outguard.exec.CommandResult;

/** The row of packaging/verify-kernels says of a kernel what its machine measured, and a wrong count fails. */
class VerifyKernelsTest {

    private static final List<String> KINDS = List.of(
            "connected", "unconnected", "IPv6", "raw", "packet", "bypass", "connects", "SMTP", "container", "forged");

    private static final String EXACT = machine("");

    /* All kinds sent 400 each, from process 101 on, to port 8001 on; all of it was counted. */
    private static String machine(String limits) {
        StringBuilder sent = new StringBuilder("MACHINE 6.1.0 cgroup=v2\n");
        StringBuilder counted = new StringBuilder("EYE open 1.9\n" + limits);
        for (int i = 1; i <= KINDS.size(); i++) {
            sent.append("SENT %s {\"attack\":\"x\",\"pid\":%d,\"port\":%d,\"sent\":400}\n"
                    .formatted(KINDS.get(i - 1), 100 + i, 8000 + i));
            counted.append("EYE count ip %d 400 400 %d 0 33\n".formatted(8000 + i, 100 + i));
        }
        return sent.append(counted).append("EYE all 3600 0 0\nMACHINE end 40\n").toString();
    }

    private static CommandResult.Finished judge(String printed) {
        return judge("packaging/kernels/judge.awk", printed);
    }

    private static CommandResult.Finished judge(String script, String printed) {
        CommandResult result = Programs.RUNNER.run(
                List.of(
                        "awk",
                        "-v",
                        "kernel=6.1.0",
                        "-f",
                        Path.of(script).toAbsolutePath().toString()),
                printed,
                Duration.ofSeconds(60));
        assertThat(result)
                .isInstanceOfSatisfying(
                        CommandResult.Finished.class,
                        row -> assertThat(row.stderr()).isEmpty());
        return (CommandResult.Finished) result;
    }

    private static void assertWrong(String printed, String why) {
        CommandResult.Finished row = judge(printed);
        assertThat(row.stdout()).contains("WRONG: " + why);
        assertThat(row.exitStatus()).isEqualTo(1);
    }

    @Test
    void allThatWasSentIsCounted() {
        CommandResult.Finished row = judge(EXACT);
        assertThat(row.stdout()).isEqualTo("| 6.1.0 | kernel | 1.9 s | " + String.join(", ", KINDS) + " |  |  |\n");
        assertThat(row.exitStatus()).isZero();
    }

    @Test
    void aPacketTooFewOrTooManyIsWrong() {
        assertWrong(EXACT.replace("ip 8004 400 400", "ip 8004 399 399"), "raw: 399 of 400");
        assertWrong(EXACT.replace("ip 8009 400 400", "ip 8009 800 0"), "container: 800 of 400");
        assertWrong(EXACT.replace("ip 8007 400 400", "ip 8007 400 398"), "connects: 398 of 400");
    }

    @Test
    void whatIsCreditedToSomebodyElseIsWrong() {
        assertWrong(EXACT.replace("EYE all", "EYE count ip 8002 3 0 77 0 0\nEYE all"), "unconnected: 3 of others");
        assertWrong(EXACT.replace("8001 400 400 101 0", "8001 400 400 101 77"), "connected: 400 contested of 400");
    }

    @Test
    void lessIsNoFailureOnlyOfKindsThatTheEyeSaysItDoesNotSee() {
        String limit = "EYE limit frames of AF_PACKET sockets that bypass the queueing discipline are not seen\n";
        CommandResult.Finished row = judge(machine(limit).replace("EYE count ip 8006 400", "EYE count ip 8006 0"));
        assertThat(row.stdout()).contains("bypass: 0 of 400").doesNotContain("WRONG");
        assertThat(row.exitStatus()).isZero();
        assertWrong(machine(limit).replace("ip 8001 400 400", "ip 8001 0 0"), "connected: 0 of 400");
        assertWrong(EXACT.replace("EYE count ip 8006 400", "EYE count ip 8006 0"), "bypass: 0 of 400");
    }

    @Test
    void aKernelThatSaysNothingOrStopsHalfwayIsWrong() {
        assertWrong("", "the machine said nothing of the eye");
        assertWrong("Kernel panic - not syncing: no init\n", "Kernel panic - not syncing: no init");
        assertWrong("EYE refused 0.1 no BTF\nMACHINE end 3\n", "refused: no BTF");
        assertWrong(EXACT.replace("MACHINE end 40\n", ""), "the machine did not come to its end");
        assertWrong(EXACT.replaceFirst("SENT SMTP .*\n", ""), "only 9 of 10 kinds were sent");
        assertWrong(
                EXACT.replaceFirst("(SENT raw) .*", "$1 raw: Operation not permitted"), "sender raw: raw: Operation");
        assertWrong(EXACT.replaceFirst("(?s)EYE all.*", "MACHINE end 40\n"), "the eye did not say what it counted");
    }

    @Test
    void ofTheProgramItselfEverythingMustWork() {
        String script = "packaging/kernels/judge-product.awk";
        String all = "PRODUCT ok thing\n".repeat(8) + "PRODUCT end\n";
        assertThat(judge(script, all).exitStatus()).isZero();
        for (String printed : List.of(
                all.replace("PRODUCT end\n", ""),
                all.replaceFirst("PRODUCT ok thing\n", ""),
                all.replaceFirst("ok thing", "wrong block by user: 200 packets/s behind it"),
                "")) {
            CommandResult.Finished row = judge(script, printed);
            assertThat(row.stdout()).contains("WRONG: ");
            assertThat(row.exitStatus()).isEqualTo(1);
        }
    }
}
