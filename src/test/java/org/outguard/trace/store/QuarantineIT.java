package org.outguard.trace.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.app.output.KernelAttributes;
import org.outguard.app.output.OpenedFiles;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.FileStep;
import org.outguard.guard.action.Outcome;

/** Files that are taken away and put back have all that they had, by the kernel's own word. Needs root. */
class QuarantineIT {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-30T10:00:00Z"), ZoneOffset.UTC);
    private static final int MODE_WITH_SETUID = 04750;

    /* linux/posix_acl_xattr.h: version 2; the owner rw, user 1000 r, the group r, mask rwx, others nothing. */
    private static final String LIST = "02000000" + "01000600ffffffff" + "02000400e8030000" + "04000400ffffffff"
            + "10000700ffffffff" + "20000000ffffffff";
    /* linux/capability.h: version 2, effective; CAP_NET_RAW. */
    private static final String CAPABILITIES = "0100000200200000" + "000000000000000000000000";

    private final KernelAttributes attributes = new KernelAttributes();

    @TempDir
    private Path root;

    @ParameterizedTest
    @ValueSource(strings = {"the same file system", "another"})
    void aFileComesBackWithListCapabilitiesAndLabels(String where) throws IOException {
        Path other = Files.createTempDirectory(Path.of("/dev/shm"), "outguard-test-");
        try {
            Path store = where.equals("another") ? other : root.resolve("store");
            FileRunner runner = new FileRunner(
                    root,
                    new OpenedFiles(),
                    attributes,
                    (argv, stdin, limit) -> {
                        throw new AssertionError("no program is needed");
                    },
                    store,
                    CLOCK);
            Path file = Files.createDirectories(root.resolve("opt")).resolve("ping\u001b");
            Files.writeString(file, "\u007fELF");
            Files.setAttribute(file, "unix:uid", 33);
            Files.setAttribute(file, "unix:gid", 34);
            Files.setAttribute(file, "unix:mode", MODE_WITH_SETUID);
            set(file, "system.posix_acl_access", LIST);
            set(file, "security.capability", CAPABILITIES);
            set(file, "user.origin", "00ff");
            set(file, "trusted.overlay.x", "");
            Files.getFileAttributeView(file, BasicFileAttributeView.class)
                    .setTimes(FileTime.from(Instant.parse("2019-03-04T05:06:07.123456789Z")), null, null);
            Map<String, Object> before = facts(file);

            FileStep taken = runner.prepare(new FileStep.Quarantine("/opt/ping\u001b"));
            assertThat(run(runner, taken).result()).isEqualTo(Outcome.Result.DONE);
            assertThat(file).doesNotExist();
            assertThat(run(runner, (FileStep) taken.undo("a-1").orElseThrow()))
                    .extracting(Outcome::result, Outcome::detail)
                    .containsExactly(Outcome.Result.DONE, "");

            assertThat(facts(file)).isEqualTo(before).containsEntry("security.capability", CAPABILITIES);
            try (var left = Files.list(store)) {
                assertThat(left).isEmpty();
            }
        } finally {
            try (var left = Files.walk(other)) {
                left.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            }
        }
    }

    @Test
    void anAttributeThatSomebodyAddedMeanwhileDoesNotComeBackWithIt() throws IOException {
        Path store = root.resolve("store");
        FileRunner runner =
                new FileRunner(root, new OpenedFiles(), attributes, (argv, stdin, limit) -> null, store, CLOCK);
        Files.writeString(root.resolve("x.php"), "<?php");
        FileStep.Quarantine taken = (FileStep.Quarantine) runner.prepare(new FileStep.Quarantine("/x.php"));
        run(runner, taken);
        set(Path.of(taken.kept().orElseThrow().store()), "trusted.later", "01");
        run(runner, (FileStep) taken.undo("a-1").orElseThrow());
        assertThat(attributes.of(root.resolve("x.php"))).doesNotContainKey("trusted.later");
    }

    private void set(Path file, String name, String value) throws IOException {
        attributes.set(file, name, HexFormat.of().parseHex(value));
    }

    private Map<String, Object> facts(Path file) throws IOException {
        Map<String, Object> facts = new TreeMap<>(
                Files.readAttributes(file, "unix:mode,uid,gid,size,lastModifiedTime", LinkOption.NOFOLLOW_LINKS));
        attributes
                .of(file)
                .forEach((name, value) -> facts.put(name, HexFormat.of().formatHex(value)));
        facts.put("content", new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        return facts;
    }

    private static Outcome run(FileRunner runner, FileStep step) {
        return runner.run(new Action("a-1", CLOCK.instant(), "test", "test", step, runner.plan(step)), step);
    }
}
