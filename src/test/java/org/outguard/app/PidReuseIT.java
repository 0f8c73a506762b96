package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Between the question and the answer the process ends and a bystander gets its number, by ns_last_pid (proc(5)) in a pid
 * namespace of the test's own. The bystander lives.
 */
class PidReuseIT {

    @TempDir
    private Path folder;

    @Test
    void theBystanderThatTookTheNumberLives() throws IOException {
        Programs.requireRoot();
        List<String> command = new ArrayList<>(List.of(
                "unshare",
                "--pid",
                "--fork",
                "--mount-proc",
                "--kill-child",
                "python3",
                "src/test/resources/process/pid_reuse.py"));
        command.addAll(ProgramUnderTest.command("kill", "PID"));

        ProgramUnderTest.Ended ended = ProgramUnderTest.start(folder, command).await(Duration.ofSeconds(30));

        assertThat(ended.status()).as(ended.all()).isZero();
        Map<String, Object> result = JSON.std.mapFrom(ended.stdout());
        assertThat(result).as("the bystander got the number").containsEntry("taken", true);
        assertThat(result).containsEntry("lives", true).containsEntry("status", 1);
        assertThat(String.valueOf(result.get("said")))
                .contains("nothing was done", "has ended, and its number is another's by now");
    }
}
