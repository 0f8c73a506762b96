package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rails, lockdown and what is put back, as a person types them. */
class ResponseByWordIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String SESSION = "203.0.113.9";

    @TempDir
    private static Path folder;

    private OwnNamespace namespace;

    @BeforeEach
    void makeNamespace() {
        namespace = new OwnNamespace("word");
    }

    @AfterEach
    void removeNamespace() {
        namespace.close();
    }

    @Test
    void theSessionItRunsInIsNeverBlockedAndTheReasonIsGiven() {
        for (String option : List.of("--yes", "--dry-run")) {
            ProgramUnderTest.Ended refused = run("block", "--remote", SESSION, "--anyway", option);
            assertThat(refused.status()).as(refused.all()).isEqualTo(4);
            assertThat(refused.stderr()).contains("refused: it would cut off the SSH session from " + SESSION);
        }
        assertThat(tables()).isEmpty();

        assertThat(run("block", "--remote", SESSION, "--uid", "33", "--yes").status())
                .as("the session's socket is not of that user")
                .isZero();
    }

    @Test
    void aLockdownIsShownConfirmedAndLifted() {
        ProgramUnderTest.Ended tried = run("lockdown", "--confirm-within", "1h", "--yes");
        assertThat(tried.status()).as(tried.all()).isZero();
        assertThat(tried.stdout())
                .contains("everybody from tcp port 22: SSH sessions", "uid 0 to tcp port 443", "lockdown --confirm");
        assertThat(lockdownSwitch()).contains("ipv4 timeout 1h");

        assertThat(run("lockdown", "--confirm", "--yes").status()).isZero();
        assertThat(lockdownSwitch()).contains("ipv4").doesNotContain("timeout 1h");
        assertThat(run("lift", "--yes").status()).isZero();
        assertThat(lockdownSwitch()).doesNotContain("ipv4");
        assertThat(run("lockdown", "--confirm", "--yes").status()).isEqualTo(4);
    }

    @Test
    void whatAFlushTookIsPutBack() {
        run("block", "--remote", "198.51.100.7", "--yes");
        run("block", "--uid", "33", "--rate", "50/s", "--yes");
        namespace.nft("flush", "ruleset");

        ProgramUnderTest.Ended back = run("reapply", "--all", "--yes");

        assertThat(back.status()).as(back.all()).isZero();
        assertThat(tables()).contains("198.51.100.7 counter").contains("33 limit rate over 50/second");
        assertThat(run("reapply", "--all", "--yes").stderr()).contains("nothing to put back");
        assertThat(run("undo", "--all", "--yes").status()).isZero();
        assertThat(tables()).doesNotContain("198.51.100.7").doesNotContain("50/second");
    }

    private String lockdownSwitch() {
        return namespace.nft("list", "set", "inet", "outguard", "lockdown_on");
    }

    private String tables() {
        return namespace.nft("list", "ruleset");
    }

    private ProgramUnderTest.Ended run(String... words) {
        List<String> arguments = new ArrayList<>(List.of(words));
        arguments.addAll(List.of("--netns", namespace.name));
        List<String> command = new ArrayList<>(List.of("env", "SSH_CONNECTION=" + SESSION + " 50022 192.0.2.1 22"));
        command.addAll(ProgramUnderTest.command(arguments.toArray(String[]::new)));
        return ProgramUnderTest.start(folder, command).await(LIMIT).withoutStackTrace();
    }
}
