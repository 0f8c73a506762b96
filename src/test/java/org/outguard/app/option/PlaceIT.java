package org.outguard.app.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.OwnNamespace;
import org.outguard.app.ProgramUnderTest;
import org.outguard.app.Tmux;
import org.outguard.exec.CommandRunner;

/** Commands act in the network namespace and by the policy that they are given, on whichever way they are given them. */
class PlaceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private OwnNamespace namespace;
    private String netns;

    @BeforeEach
    void makeNamespace() {
        namespace = new OwnNamespace("place").withWayOut("out");
        netns = namespace.name;
    }

    @AfterEach
    void removeNamespace() {
        namespace.close();
    }

    private static ProgramUnderTest.Ended run(String... arguments) {
        return ProgramUnderTest.run(folder, PATIENCE, arguments).withoutStackTrace();
    }

    private static String done(String... arguments) {
        ProgramUnderTest.Ended ended = run(arguments);
        assertThat(ended.status()).as(ended.all()).isZero();
        return ended.stdout();
    }

    private String rules() {
        return namespace.nft("list", "ruleset");
    }

    private String journal() throws IOException {
        Path file = ProgramUnderTest.journal(netns);
        return Files.exists(file) ? Files.readString(file) : "";
    }

    private Path policy(String text) throws IOException {
        return Files.writeString(folder.resolve("policy.toml"), text);
    }

    @Test
    void anOptionMayStandOnEitherSideOfTheCommand() throws Exception {
        done("--netns", netns, "block", "--remote", "198.51.100.7", "--yes");
        assertThat(rules()).contains("198.51.100.7");
        assertThat(journal()).contains("198.51.100.7");
        assertThat(done("--color=never", "--netns=" + netns, "journal")).contains("198.51.100.7");
        assertThat(done("journal", "--netns", netns, "--color", "never", "-v")).contains("198.51.100.7");
        assertThat(done("journal")).doesNotContain("198.51.100.7");
        assertThat(done("report", "--netns", netns)).contains("198.51.100.7");

        assertThat(done("--version", "block")).startsWith("outguard ").isEqualTo(done("block", "--version"));
        assertThat(run("-i", "out", "block", "--remote", "198.51.100.7").stderr())
                .as("an option that the command does not have")
                .contains("there is no option");
        assertThat(run("--netns", "../up", "journal").status()).isEqualTo(2);
    }

    @Test
    void theLinesOfAConsoleAreMeantForWhereItWasOpened() throws Exception {
        done("console", "--netns", netns, "-c", "block --remote 198.51.100.8 --yes");
        assertThat(rules()).contains("198.51.100.8");
        assertThat(done("--netns", netns, "console", "-c", "journal")).contains("198.51.100.8");
        done("console", "--netns", netns, "-c", "undo --all --yes");
        assertThat(rules()).doesNotContain("198.51.100.8");

        assertThat(run("console", "--netns", "og-no-such", "-c", "journal").stderr())
                .contains("there is no network namespace");
    }

    @Test
    void soAreThoseOfTheConsoleOnTheScreen() throws Exception {
        Path start = folder.resolve("start");
        Files.writeString(
                start,
                "exec " + CommandRunner.describe(ProgramUnderTest.command("--netns", netns, "--eye", "wire")) + "\n");
        try (Tmux terminal = new Tmux(100, 30, Map.of())) {
            terminal.typeLine("sh " + start);
            terminal.awaitScreen("the screen", PATIENCE, screen -> screen.contains("OUTGUARD"));
            terminal.press(":");
            terminal.awaitScreen("a prompt", PATIENCE, screen -> screen.contains("outguard>"));
            terminal.typeLine("block --remote 198.51.100.9 --yes");
            terminal.awaitScreen("the act", PATIENCE, screen -> screen.contains(" done"));
            assertThat(rules()).contains("198.51.100.9");
            assertThat(journal()).contains("198.51.100.9");
            terminal.press("C-d");
            terminal.awaitScreen("the screen again", PATIENCE, screen -> screen.contains("OUTGUARD"));
            terminal.press("q");
        }
    }

    @Test
    void aMailUserOfThePolicyIsNotCutOff() throws Exception {
        String policy = policy("[users]\nmail = [\"nobody\"]\n").toString();
        assertThat(run("block", "--netns", netns, "--uid", "nobody", "--dry-run")
                        .status())
                .isZero();

        ProgramUnderTest.Ended refused =
                run("block", "--netns", netns, "--uid", "nobody", "--dry-run", "--config", policy);
        assertThat(refused.status()).as(refused.all()).isEqualTo(4);
        assertThat(refused.stderr()).contains("nobody");
        assertThat(run("console", "--netns", netns, "--config", policy, "-c", "block --uid nobody --dry-run")
                        .status())
                .isEqualTo(4);
        assertThat(done("lockdown", "--netns", netns, "--dry-run", "--config", policy))
                .contains("nobody");
        assertThat(done("lockdown", "--netns", netns, "--dry-run")).doesNotContain("nobody");
    }

    @Test
    void aPolicyThatIsWrongIsNamedAndNothingIsDone() throws Exception {
        String policy = policy("[users]\nmale = []\n").toString();
        ProgramUnderTest.Ended ended =
                run("block", "--netns", netns, "--remote", "198.51.100.10", "--yes", "--config", policy);
        assertThat(ended.status()).isEqualTo(1);
        assertThat(ended.stderr()).contains("policy.toml").contains("male");
        assertThat(rules()).doesNotContain("198.51.100.10");
    }
}
