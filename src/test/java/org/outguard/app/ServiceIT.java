package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.exec.CommandResult;

/** The unit of packaging/, run by a real systemd that is the first process of namespaces of its own. */
class ServiceIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path PROJECT =
            ProgramUnderTest.NATIVE.toAbsolutePath().getParent().getParent();

    @TempDir
    private Path folder;

    /** NET_ADMIN, NET_RAW, BPF, PERFMON, SYS_PTRACE and DAC_READ_SEARCH. */
    private static final String TO_WATCH = "000000c000083004";

    /** CHOWN, DAC_OVERRIDE, DAC_READ_SEARCH, FOWNER, KILL, SETGID, SETUID, NET_ADMIN and SYS_PTRACE. */
    private static final String TO_ACT = "00000000000810ef";

    private static final String FLOOD = """
            use Socket;
            socket(my $out, PF_INET, SOCK_DGRAM, 0) or die $!;
            connect($out, sockaddr_in(80, inet_aton('203.0.113.80'))) or die $!;
            send($out, 'x', 0) while 1;
            """;

    private Process lab;
    private long systemd;

    @BeforeEach
    void boot() throws IOException {
        Programs.requireRoot();
        for (String script : List.of("start.sh", "boot.sh")) {
            Files.copy(
                    Objects.requireNonNull(ServiceIT.class.getResourceAsStream("/service-lab/" + script), script),
                    folder.resolve(script));
        }
        Path disk = Files.createDirectory(folder.resolve("disk"));
        Path out = folder.resolve("out");
        lab = new ProcessBuilder("bash", folder.resolve("start.sh").toString(), PROJECT.toString(), disk.toString())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        Patience.until(
                () -> "systemd starts: " + MailLab.read(out),
                PATIENCE,
                () -> lab.descendants().anyMatch(ServiceIT::isSystemd));
        systemd = lab.descendants()
                .filter(ServiceIT::isSystemd)
                .findFirst()
                .orElseThrow()
                .pid();
    }

    private static boolean isSystemd(ProcessHandle process) {
        return process.info().command().orElse("").endsWith("/systemd/systemd");
    }

    @AfterEach
    void halt() throws IOException, InterruptedException {
        lab.getOutputStream().close();
        assertThat(lab.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    private List<String> within(String... argv) {
        List<String> command =
                new ArrayList<>(List.of("nsenter", "-t", Long.toString(systemd), "-m", "-n", "-u", "-p", "-i", "-C"));
        command.addAll(Arrays.asList(argv));
        return command;
    }

    private String run(String... argv) {
        return Programs.output("", within(argv));
    }

    /* Standard output of a program that may fail, as systemctl does before systemd listens to it. */
    private String tried(String... argv) {
        return Programs.RUNNER.run(within(argv), "", PATIENCE) instanceof CommandResult.Finished finished
                ? finished.stdout().strip()
                : "";
    }

    /* It says whether it runs before it can be asked for anything. */
    private void awaitSystemd() {
        Patience.until(
                "systemd listens",
                PATIENCE,
                () -> !tried("systemctl", "show", "--value", "-p", "Version").isEmpty());
    }

    private Path inside(String path) {
        return Path.of("/proc/" + systemd + "/root" + path);
    }

    @Test
    void systemdRunsItLogsForItAndStopsIt() throws IOException {
        // Without a way out there is nothing to watch yet, as at a boot before the network: it is tried again.
        Patience.until(
                () -> "it says why it cannot: " + tried("journalctl", "-u", "outguard", "--no-pager"),
                PATIENCE,
                () -> tried("journalctl", "-u", "outguard", "--no-pager").contains("there is no default route"));
        run("ip", "route", "add", "default", "via", "192.0.2.1");
        Path log = inside("/var/log/outguard/watch.ndjson");
        Patience.until(
                "it says what it does",
                PATIENCE,
                () -> tried("journalctl", "-u", "outguard", "--no-pager")
                        .contains("watches uplink with the kernel eye"));
        assertThat(run("systemctl", "is-active", "outguard").strip()).isEqualTo("active");
        assertThat(run("systemctl", "show", "outguard", "--value", "-p", "NRestarts")
                        .strip())
                .isNotEqualTo("0");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inside("/var/log/outguard"))))
                .isEqualTo("rwxr-x---");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inside("/var/lib/outguard"))))
                .isEqualTo("rwx------");
        run("systemctl", "stop", "outguard");
        assertThat(run("systemctl", "show", "outguard", "-p", "Result,ActiveState")
                        .lines())
                .containsExactlyInAnyOrder("Result=success", "ActiveState=inactive");
        assertThat(ProgramUnderTest.ndjson(Files.readString(log)))
                .as("its last word")
                .last()
                .satisfies(line -> assertThat(Json.isType(line, "summary")).isTrue());
    }

    @Test
    void theOneThatOnlyWatchesTakesItsPlaceWithFarLess() throws IOException {
        awaitSystemd();
        run("ip", "route", "add", "default", "via", "192.0.2.1");
        run("systemctl", "start", "outguard-watcher");
        assertThat(run("systemctl", "is-active", "outguard-watcher").strip()).isEqualTo("active");
        assertThat(tried("systemctl", "is-active", "outguard")).isNotEqualTo("active");
        Patience.until(
                () -> "it watches: " + tried("journalctl", "-u", "outguard-watcher", "--no-pager"),
                PATIENCE,
                () -> tried("journalctl", "-u", "outguard-watcher", "--no-pager")
                                .contains("watches uplink with the kernel eye")
                        && tried("journalctl", "-u", "outguard-watcher", "--no-pager")
                                .contains("outguard: confined: no new privileges"));
        assertThat(run("journalctl", "-u", "outguard-watcher", "--no-pager"))
                .contains("/var/log/outguard/watch.ndjson has")
                .doesNotContain("cannot be opened", "did not count");
        String pid = run("systemctl", "show", "outguard-watcher", "--value", "-p", "MainPID")
                .strip();
        assertThat(Files.readString(inside("/proc/" + pid + "/status")).replaceAll("[ \\t]+", " "))
                .contains("CapEff: " + TO_WATCH + "\n", "CapBnd: " + TO_WATCH + "\n", "NoNewPrivs: 1\n", "Seccomp: 2\n")
                .doesNotContain("Uid: 0 ");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(inside("/var/log/outguard"))))
                .isEqualTo("rwxr-x---");
    }

    @Test
    void itHasTheActorDoWhatARuleSays() throws IOException {
        awaitSystemd();
        run("ip", "route", "add", "default", "via", "192.0.2.1");
        Path more = Files.createDirectories(inside("/etc/systemd/system/outguard-watcher.service.d"));
        Files.writeString(
                more.resolve("enforce.conf"),
                "[Service]\nExecStart=\nExecStart=/usr/bin/outguard watch --enforce --no-history --json /var/log/outguard/watch.ndjson\n");
        run("systemctl", "daemon-reload");
        run("systemctl", "start", "outguard-actor.socket", "outguard-watcher");
        Patience.until(
                () -> "it watches: " + tried("journalctl", "-u", "outguard-watcher", "--no-pager"),
                PATIENCE,
                () -> tried("journalctl", "-u", "outguard-watcher", "--no-pager")
                        .contains("outguard: confined: no new privileges"));
        assertThat(tried("systemctl", "is-active", "outguard-actor")).isEqualTo("inactive");
        // Neighbours that answer are not needed for packets to leave.
        run("ip", "neigh", "replace", "192.0.2.1", "lladdr", "02:00:00:00:00:01", "dev", "uplink");
        Process flood = new ProcessBuilder(within("setpriv", "--reuid=www-data", "--clear-groups", "perl", "-e", FLOOD))
                .start();
        try {
            Patience.until(
                    () -> "it is blocked: " + tried("journalctl", "--no-pager"),
                    PATIENCE,
                    () -> tried("nft", "list", "ruleset").contains("203.0.113.80"));
        } finally {
            flood.destroyForcibly();
        }
        Path journal = inside("/var/lib/outguard/journal.ndjson");
        Patience.until(
                "it is journaled",
                PATIENCE,
                () -> Files.exists(journal) && MailLab.read(journal).contains("\"result\":\"DONE\""));
        assertThat(Files.readString(journal)).contains("\"by\":\"outguard: policy\"", "\"remote\":\"203.0.113.80\"");
        String pid = run("systemctl", "show", "outguard-actor", "--value", "-p", "MainPID")
                .strip();
        assertThat(Files.readString(inside("/proc/" + pid + "/status")).replaceAll("[ \\t]+", " "))
                .contains("CapEff: " + TO_ACT + "\n", "CapBnd: " + TO_ACT + "\n", "NoNewPrivs: 1\n", "Seccomp: 2\n");
    }

    @Test
    void systemdFindsNothingWrongWithThem() {
        CommandResult verified = Programs.RUNNER.run(
                within(
                        "systemd-analyze",
                        "verify",
                        "/etc/systemd/system/outguard.service",
                        "/etc/systemd/system/outguard-watcher.service",
                        "/etc/systemd/system/outguard-actor.service",
                        "/etc/systemd/system/outguard-actor.socket"),
                "",
                PATIENCE);
        assertThat(verified)
                .isInstanceOfSatisfying(
                        CommandResult.Finished.class,
                        finished -> assertThat(finished.stderr() + finished.exitStatus())
                                .isEqualTo("0"));
    }
}
