package org.outguard.trace.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.app.output.KernelAttributes;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.FileStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.StepFields;
import org.outguard.guard.action.UnitStep;
import org.outguard.guard.port.StepRunner;
import org.outguard.procfs.TestFiles;

class UnitsTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-30T10:00:00Z"), ZoneOffset.UTC);
    private static final String SYSTEM = "/etc/systemd/system/";
    private static final String HOME = "/home/anna/.config/systemd/user/";

    @TempDir
    private Path root;

    private final FakeSystemd systemd = new FakeSystemd();
    private FileRunner runner;

    @BeforeEach
    void make() throws IOException {
        runner = new FileRunner(root, new TestFiles(), new KernelAttributes(), systemd, root.resolve("store"), CLOCK);
        write("/etc/passwd", "root:x:0:0::/root:/bin/bash\nanna:x:1000:1001::/home/anna:/bin/bash\n");
        write("/run/systemd/system/x", "");
        write(SYSTEM + "evil.service", "[Service]\nExecStart=/var/tmp/.x\nRestart=always\n");
        write(SYSTEM + "evil.timer", "[Timer]\nOnCalendar=minutely\n");
        write(SYSTEM + "nightly.timer", "[Timer]\nOnCalendar=daily\nUnit = evil.service\n");
        write(SYSTEM + "honest.timer", "[Timer]\nOnCalendar=daily\n");
        link(SYSTEM + "multi-user.target.wants/evil.service", "/etc/systemd/system/evil.service");
        link(SYSTEM + "timers.target.wants/evil.timer", "../evil.timer");
        link(SYSTEM + "timers.target.wants/honest.timer", "../honest.timer");
        link(SYSTEM + "dbus-evil.service", "evil.service");
    }

    @Test
    void aUnitEndsWithWhatStartsItAndComesBackLinkByLink() throws IOException {
        systemd.running.addAll(List.of("evil.service", "evil.timer", "honest.timer"));
        Map<String, String> before = tree();
        FileStep off = runner.prepare(new UnitStep.Disable(SYSTEM + "evil.service"));
        assertThat(runner.plan(off).command())
                .contains("rm -- " + SYSTEM + "multi-user.target.wants/evil.service", "systemctl stop -- ")
                .endsWith("nightly.timer evil.service && systemctl daemon-reload");
        assertThat(runner.plan(off).undo())
                .contains("ln -s -- ../evil.timer " + SYSTEM + "timers.target.wants/evil.timer")
                .endsWith("systemctl start -- evil.timer evil.service");
        assertThat(run(off)).isEqualTo("");
        assertThat(systemd.running).containsExactly("honest.timer");
        assertThat(tree())
                .doesNotContainKeys(
                        SYSTEM + "multi-user.target.wants/evil.service",
                        SYSTEM + "timers.target.wants/evil.timer",
                        SYSTEM + "dbus-evil.service")
                .containsKeys(SYSTEM + "timers.target.wants/honest.timer", SYSTEM + "evil.service");
        assertThat(runner.happened(off)).contains(StepRunner.Extent.ALL);

        FileStep taken = runner.prepare(new FileStep.Quarantine(SYSTEM + "evil.service"));
        run(taken);
        assertThat(systemd.told).last().isEqualTo("systemctl daemon-reload");

        run(undo(taken));
        assertThat(run(undo(off))).isEqualTo("");
        assertThat(tree()).isEqualTo(before);
        assertThat(systemd.running).containsExactlyInAnyOrder("honest.timer", "evil.timer", "evil.service");
        assertThat(runner.happened(off)).contains(StepRunner.Extent.NOTHING);
    }

    @Test
    void whatDidNotRunIsNotStartedByUndo() throws IOException {
        FileStep off = runner.prepare(new UnitStep.Disable(SYSTEM + "evil.timer"));
        run(off);
        run(undo(off));
        assertThat(systemd.running).isEmpty();
        assertThat(systemd.told).noneMatch(line -> line.contains("start"));
    }

    @Test
    void aUnitOfAUserIsStoppedUnderThatUsersManager() throws IOException {
        write(HOME + "sync.service", "[Service]\nExecStart=/dev/shm/x\n");
        link(HOME + "default.target.wants/sync.service", HOME + "sync.service");
        write("/run/user/1000/systemd/private", "");
        systemd.running.add("1000 sync.service");
        FileStep off = runner.prepare(new UnitStep.Disable(HOME + "sync.service"));
        assertThat(run(off)).isEqualTo("");
        assertThat(systemd.running).isEmpty();
        assertThat(systemd.told)
                .contains("setpriv --reuid=1000 --regid=1001 --init-groups -- env XDG_RUNTIME_DIR=/run/user/1000"
                        + " systemctl --user stop -- sync.service");
        run(undo(off));
        assertThat(systemd.running).containsExactly("1000 sync.service");
        assertThat(Files.readSymbolicLink(at(HOME + "default.target.wants/sync.service")))
                .hasToString(HOME + "sync.service");
    }

    @Test
    void whereNoManagerRunsOnlyLinksAreChangedAndThatIsSaid() throws IOException {
        write(HOME + "sync.service", "[Service]\nExecStart=/dev/shm/x\n");
        link(HOME + "default.target.wants/sync.service", HOME + "sync.service");
        FileStep off = runner.prepare(new UnitStep.Disable(HOME + "sync.service"));
        assertThat(run(off)).contains("manager does not run");
        assertThat(systemd.told).isEmpty();
        assertThat(Files.exists(at(HOME + "default.target.wants/sync.service"), LinkOption.NOFOLLOW_LINKS))
                .isFalse();
    }

    @Test
    void aLinkThatWasExchangedMeanwhileIsLeftAndSaid() throws IOException {
        FileStep off = runner.prepare(new UnitStep.Disable(SYSTEM + "evil.service"));
        Files.delete(at(SYSTEM + "dbus-evil.service"));
        link(SYSTEM + "dbus-evil.service", "honest.timer");
        Outcome outcome = outcome(off);
        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.detail()).contains("does not lead to evil.service any more");
        assertThat(tree()).containsKey(SYSTEM + "dbus-evil.service");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SYSTEM + "*.service",
                SYSTEM + "a b.service",
                "/tmp/evil.service",
                "/home/anna/evil.timer",
                SYSTEM + "none.socket"
            })
    void whatIsNoUnitIsRefusedAndNothingIsStopped(String path) throws IOException {
        if (!path.contains("none")) {
            write(path, "[Service]\nExecStart=/x\n");
            assertThat(outcome(runner.prepare(new UnitStep.Disable(path))).result())
                    .isEqualTo(Outcome.Result.FAILED);
            assertThat(systemd.told).isEmpty();
        } else {
            // A unit whose file is gone may still run.
            systemd.running.add("none.socket");
            assertThat(run(runner.prepare(new UnitStep.Disable(path)))).isEqualTo("");
            assertThat(systemd.running).isEmpty();
        }
    }

    private static FileStep undo(FileStep step) {
        return (FileStep)
                StepFields.read(step.word(), step.fields()).undo("a-1").orElseThrow();
    }

    private String run(FileStep step) {
        Outcome outcome = outcome(step);
        assertThat(outcome.result()).as(outcome.detail()).isEqualTo(Outcome.Result.DONE);
        return outcome.detail();
    }

    private Outcome outcome(FileStep step) {
        return runner.run(new Action("a-1", CLOCK.instant(), "test", "test", step, runner.plan(step)), step);
    }

    private Path at(String path) {
        return root.resolve(path.substring(1));
    }

    private void write(String path, String text) throws IOException {
        Files.createDirectories(at(path).getParent());
        Files.writeString(at(path), text);
    }

    private void link(String path, String target) throws IOException {
        Files.createDirectories(at(path).getParent());
        Files.createSymbolicLink(at(path), Path.of(target));
    }

    private Map<String, String> tree() throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root.resolve("etc"))) {
            for (Path path : all.filter(one -> !Files.isDirectory(one, LinkOption.NOFOLLOW_LINKS))
                    .toList()) {
                tree.put(
                        "/" + root.relativize(path),
                        Files.isSymbolicLink(path) ? "-> " + Files.readSymbolicLink(path) : Files.readString(path));
            }
        }
        return tree;
    }
}
