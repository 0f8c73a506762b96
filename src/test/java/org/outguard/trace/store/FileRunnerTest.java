package org.outguard.trace.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.output.KernelAttributes;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.FileStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.guard.action.StepFields;
import org.outguard.guard.port.StepRunner;
import org.outguard.procfs.TestFiles;

class FileRunnerTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-30T10:00:00Z"), ZoneOffset.UTC);

    @TempDir
    private Path root;

    private final FakeSystemd systemd = new FakeSystemd();
    private FileRunner runner;
    private Path store;

    @BeforeEach
    void make() {
        store = root.resolve("store");
        runner = new FileRunner(root, new TestFiles(), new KernelAttributes(), systemd, store, CLOCK);
    }

    @Test
    void whatIsTakenAwayComesBackAsItWas() throws IOException {
        Path file = write("www/shell.php", "<?php \u00ff");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-x--x"));
        Files.setAttribute(file, "user:origin", "x".getBytes(StandardCharsets.UTF_8));
        Files.getFileAttributeView(file, BasicFileAttributeView.class)
                .setTimes(FileTime.from(Instant.parse("2019-03-04T05:06:07.123456789Z")), null, null);
        byte[] content = Files.readAllBytes(file);
        Map<String, Object> before = facts(file);

        FileStep taken = runner.prepare(new FileStep.Quarantine("/www/shell.php"));
        assertThat(run(taken).result()).isEqualTo(Outcome.Result.DONE);
        assertThat(file).doesNotExist();
        FileStep.Kept kept = ((FileStep.Quarantine) taken).kept().orElseThrow();
        assertThat(Path.of(kept.store())).hasParent(store);
        assertThat((Integer) Files.getAttribute(Path.of(kept.store()), "unix:mode") & 07777)
                .isZero();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(store)))
                .isEqualTo("rwx------");
        assertThat(Path.of(kept.store() + ".json")).content().contains(kept.sha256(), "/www/shell.php");
        assertThat(runner.happened(taken)).contains(StepRunner.Extent.ALL);

        Step back = StepFields.read(taken.word(), taken.fields()).undo("a-1").orElseThrow();
        assertThat(run((FileStep) back))
                .extracting(Outcome::result, Outcome::detail)
                .containsExactly(Outcome.Result.DONE, "");
        assertThat(facts(file)).isEqualTo(before);
        assertThat(Files.readAllBytes(file)).isEqualTo(content);
        assertThat((byte[]) Files.getAttribute(file, "user:origin")).isEqualTo("x".getBytes(StandardCharsets.UTF_8));
        assertThat(leftBeside(file)).isZero();
    }

    @Test
    void noOtherFileIsOverwrittenByWhatComesBack() throws IOException {
        Path file = write("www/shell.php", "one");
        FileStep taken = runner.prepare(new FileStep.Quarantine("/www/shell.php"));
        run(taken);
        write("www/shell.php", "another");
        Outcome outcome = run((FileStep) taken.undo("a-1").orElseThrow());
        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.detail()).contains("another file in its place");
        assertThat(file).hasContent("another");
        assertThat(runner.happened(taken)).contains(StepRunner.Extent.ALL);
    }

    @Test
    void aLinkIsNotFollowedAndNothingIsTakenTwice() throws IOException {
        write("secret", "s");
        Files.createDirectories(root.resolve("www"));
        Files.createSymbolicLink(root.resolve("www/link"), root.resolve("secret"));
        assertThat(run(runner.prepare(new FileStep.Quarantine("/www/link"))).result())
                .isEqualTo(Outcome.Result.FAILED);
        assertThat(run(runner.prepare(new FileStep.Quarantine("/www/none"))).result())
                .isEqualTo(Outcome.Result.FAILED);
        assertThat(run(runner.prepare(new FileStep.Quarantine("/www"))).result())
                .isEqualTo(Outcome.Result.FAILED);
        assertThat(root.resolve("secret")).hasContent("s");
    }

    @Test
    void aLineBecomesACommentAndComesBackToTheByte() throws IOException {
        Path file = write("cron", "# m h\r\n*/5 * * * * curl \u00e9 | sh\r\n1 1 * * * x");
        byte[] before = Files.readAllBytes(file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        FileStep off = runner.prepare(new FileStep.Disable("/cron", 2));
        assertThat(run(off).result()).isEqualTo(Outcome.Result.DONE);
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).contains("\n#outguard off: */5 * * * * curl");
        assertThat(runner.happened(off)).contains(StepRunner.Extent.ALL);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");

        Step back = StepFields.read(off.word(), off.fields()).undo("a-1").orElseThrow();
        assertThat(run((FileStep) back).result()).isEqualTo(Outcome.Result.DONE);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        assertThat(leftBeside(file)).isZero();
    }

    @Test
    void aLineThatMovedIsFoundAndOneThatIsGoneIsSaid() throws IOException {
        Path file = write("keys.ini", "a=1\nb=2\n");
        FileStep off = runner.prepare(new FileStep.Disable("/keys.ini", 2));
        run(off);
        assertThat(file).hasContent("a=1\n;outguard off: b=2\n");
        write("keys.ini", "new\na=1\n;outguard off: b=2\n");
        FileStep back = (FileStep) off.undo("a-1").orElseThrow();
        assertThat(run(back).result()).isEqualTo(Outcome.Result.DONE);
        assertThat(file).hasContent("new\na=1\nb=2\n");
        assertThat(run(back).detail()).contains("does not stand there any more");
        assertThat(run(runner.prepare(new FileStep.Disable("/keys.ini", 99))).detail())
                .contains("no line 99");
    }

    private Outcome run(FileStep step) {
        return runner.run(new Action("a-1", CLOCK.instant(), "test", "test", step, runner.plan(step)), step);
    }

    private static Map<String, Object> facts(Path file) throws IOException {
        return Files.readAttributes(
                file, "unix:mode,uid,gid,size,lastModifiedTime,lastAccessTime", LinkOption.NOFOLLOW_LINKS);
    }

    private static long leftBeside(Path file) throws IOException {
        try (Stream<Path> names = Files.list(file.getParent())) {
            return names.filter(name -> name.getFileName().toString().startsWith(".outguard-"))
                    .count();
        }
    }

    private Path write(String path, String text) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
