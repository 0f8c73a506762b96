package org.outguard.trace.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.FileStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.UnitStep;
import org.outguard.guard.port.StepRunner;
import org.outguard.procfs.ForeignFiles;
import org.outguard.trace.tree.ForeignText;

/** Carries out steps on files. */
public final class FileRunner implements StepRunner<FileStep> {

    private static final int MAX_TEXT_BYTES = 4 << 20;
    private static final long MAX_FILE_BYTES = 64L << 30;
    private static final String MARK = "outguard off: ";

    private final Path root;
    private final ForeignFiles foreign;
    private final Manifests manifests;
    private final ForeignText texts;
    private final Path folder;
    private final Clock clock;
    private final Units units;

    /**
     * @param root what paths begin at: {@code /}
     * @param foreign opens folders and files
     * @param attributes reads and sets extended attributes
     * @param runner starts systemctl
     * @param folder where files are kept that were taken away; made when it is needed
     */
    public FileRunner(
            Path root,
            ForeignFiles foreign,
            FileAttributes attributes,
            CommandRunner runner,
            Path folder,
            Clock clock) {
        this.root = root;
        this.foreign = foreign;
        this.manifests = new Manifests(foreign, attributes);
        this.texts = new ForeignText(root, foreign);
        this.folder = folder;
        this.clock = clock;
        this.units = new Units(root, foreign, runner);
    }

    @Override
    public Action.Plan plan(FileStep step) {
        if (step instanceof UnitStep unit) {
            return units.plan(unit);
        }
        if (step instanceof FileStep.Quarantine taken) {
            return new Action.Plan(
                    away(taken.path(), taken.kept()),
                    taken.kept().map(kept -> back(taken.path(), kept)).orElse("outguard undo ID"));
        }
        if (step instanceof FileStep.Restore restored) {
            return new Action.Plan(
                    back(restored.path(), restored.kept()), away(restored.path(), Optional.of(restored.kept())));
        }
        if (step instanceof FileStep.Disable line) {
            return new Action.Plan(off(line.path(), line.line()), on(line.path(), line.line()));
        }
        FileStep.Enable line = (FileStep.Enable) step;
        return new Action.Plan(on(line.path(), line.line()), off(line.path(), line.line()));
    }

    private String away(String path, Optional<FileStep.Kept> kept) {
        String store = kept.map(FileStep.Kept::store).orElse(folder.toString());
        return CommandRunner.describe(List.of("mv", path, store)) + " && "
                + CommandRunner.describe(List.of("chmod", "0", store)) + Units.reloadWords(path);
    }

    private static String back(String path, FileStep.Kept kept) {
        return CommandRunner.describe(List.of("chmod", String.format("%o", kept.mode() & 07777), kept.store())) + " && "
                + CommandRunner.describe(List.of("mv", kept.store(), path)) + Units.reloadWords(path);
    }

    private static String off(String path, int line) {
        return CommandRunner.describe(List.of("sed", "-i", line + "s/^/" + sign(path) + MARK + "/", path));
    }

    private static String on(String path, int line) {
        return CommandRunner.describe(List.of("sed", "-i", line + "s/^" + sign(path) + MARK + "//", path));
    }

    /* What begins a comment: a semicolon in PHP's settings, a number sign elsewhere. */
    private static String sign(String path) {
        return path.endsWith(".ini") ? ";" : "#";
    }

    @Override
    public FileStep prepare(FileStep step) {
        try {
            if (step instanceof FileStep.Quarantine taken && taken.kept().isEmpty()) {
                return new FileStep.Quarantine(taken.path(), Optional.of(kept(taken.path())));
            }
            if (step instanceof FileStep.Disable line && line.text().isEmpty()) {
                return new FileStep.Disable(line.path(), line.line(), lineOf(line.path(), line.line()));
            }
            if (step instanceof UnitStep.Disable unit && unit.before().isEmpty()) {
                return units.prepare(unit);
            }
        } catch (IOException e) {
            // It is said when it is run: nothing was changed by then.
        }
        return step;
    }

    private FileStep.Kept kept(String path) throws IOException {
        try (HeldFile file = HeldFile.open(root, foreign, path)) {
            Map<String, Object> facts = file.attributes();
            String sha256 = texts.digest(path, "SHA-256", MAX_FILE_BYTES)
                    .orElseThrow(() -> new IOException(path + " cannot be read"));
            String name = digest(
                            (path + " " + facts.get("ino") + " " + clock.instant()).getBytes(StandardCharsets.UTF_8))
                    .substring(0, 24);
            return new FileStep.Kept(
                    folder.resolve(name).toString(),
                    number(facts, "mode") & 07777,
                    Integer.toUnsignedLong(number(facts, "uid")),
                    Integer.toUnsignedLong(number(facts, "gid")),
                    facts.get("size") instanceof Long size ? size : 0,
                    String.valueOf(facts.get("lastModifiedTime")),
                    String.valueOf(facts.get("lastAccessTime")),
                    sha256);
        }
    }

    private static int number(Map<String, Object> facts, String name) {
        return facts.get(name) instanceof Integer number ? number : 0;
    }

    private static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    private String lineOf(String path, int line) throws IOException {
        try (HeldFile file = HeldFile.open(root, foreign, path)) {
            String[] lines = text(file).split("\n", -1);
            if (line < 1 || line > lines.length || lines[line - 1].isBlank()) {
                throw new IOException(path + " has no line " + line);
            }
            return lines[line - 1];
        }
    }

    private static String text(HeldFile file) throws IOException {
        byte[] bytes = file.read(MAX_TEXT_BYTES + 1);
        if (bytes.length > MAX_TEXT_BYTES) {
            throw new IOException("it is longer than " + (MAX_TEXT_BYTES >> 20) + " MiB");
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Override
    public Optional<Extent> happened(FileStep step) {
        if (step instanceof FileStep.Quarantine taken) {
            return Optional.of(Extent.of(taken.kept().filter(this::stored).isPresent()));
        }
        if (step instanceof FileStep.Restore restored) {
            return Optional.of(Extent.of(!stored(restored.kept())));
        }
        if (step instanceof UnitStep unit) {
            return units.happened(unit);
        }
        int line = step instanceof FileStep.Disable off ? off.line() : ((FileStep.Enable) step).line();
        try {
            boolean off = lineOf(step.path(), line).startsWith(sign(step.path()) + MARK);
            return Optional.of(Extent.of(off == step instanceof FileStep.Disable));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private boolean stored(FileStep.Kept kept) {
        return Files.isRegularFile(Path.of(kept.store()), LinkOption.NOFOLLOW_LINKS);
    }

    @Override
    public Outcome run(Action action, FileStep step) {
        try (HeldFile file = HeldFile.open(root, foreign, step.path())) {
            String detail = step instanceof UnitStep unit ? units.run(unit) : act(file, step);
            return new Outcome(action.id(), clock.instant(), Outcome.Result.DONE, detail);
        } catch (IOException | RuntimeException e) {
            return new Outcome(action.id(), clock.instant(), Outcome.Result.FAILED, reason(e, step.path()));
        }
    }

    private static String reason(Exception e, String path) {
        if (e instanceof NoSuchFileException) {
            return path + ": there is no such file";
        }
        boolean forbidden = e instanceof AccessDeniedException
                || e instanceof FileSystemException failed
                        && String.valueOf(failed.getReason()).contains("not permitted");
        if (forbidden) {
            return path + ": not permitted; where lsattr shows an i, 'chattr -i' takes that off first";
        }
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }

    private String act(HeldFile file, FileStep step) throws IOException {
        if (step instanceof FileStep.Quarantine taken) {
            return away(file, taken);
        }
        if (step instanceof FileStep.Restore restored) {
            Path store = Path.of(restored.kept().store());
            // With mode 0 it can be read by root alone, which this is.
            if (!stored(restored.kept())) {
                throw new IOException(store + " is not there any more");
            }
            List<String> words = new ArrayList<>();
            if (!file.takeFrom(store, restored.kept(), inside -> words.addAll(manifests.restore(store, inside)))) {
                words.add("its content is not what it was: a program that had it open has written to it");
            }
            manifests.forget(store);
            units.reload(restored.path());
            return String.join("; ", words);
        }
        if (step instanceof FileStep.Disable line) {
            if (line.text().isEmpty()) {
                throw new IOException(line.path() + " has no line " + line.line() + ", or it is empty");
            }
            exchange(file, line.line(), line.text(), sign(line.path()) + MARK + line.text(), line.path());
            return "";
        }
        FileStep.Enable line = (FileStep.Enable) step;
        exchange(file, line.line(), sign(line.path()) + MARK + line.text(), line.text(), line.path());
        return "";
    }

    private String away(HeldFile file, FileStep.Quarantine taken) throws IOException {
        FileStep.Kept kept = taken.kept()
                .orElseThrow(() -> new IOException(taken.path() + " is not a regular file that can be read"));
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        Path store = Path.of(kept.store());
        manifests.write(store, taken.fields(), file.name());
        try {
            file.moveTo(store);
        } catch (IOException e) {
            manifests.forget(store);
            throw e;
        }
        units.reload(taken.path());
        return "kept in " + store + ", SHA-256 " + kept.sha256();
    }

    /* By its number; where lines came in before it, by its text, if that stands there once. */
    private static void exchange(HeldFile file, int line, String before, String after, String path) throws IOException {
        String[] lines = text(file).split("\n", -1);
        int at = line - 1;
        if (at >= lines.length || !lines[at].equals(before)) {
            at = -1;
            for (int i = 0; i < lines.length; i++) {
                if (lines[i].equals(before)) {
                    if (at >= 0) {
                        throw new IOException(path + " has changed: the line stands there more than once");
                    }
                    at = i;
                }
            }
        }
        if (at < 0) {
            throw new IOException(path + " has changed: the line does not stand there any more");
        }
        lines[at] = after;
        file.replace(String.join("\n", lines).getBytes(StandardCharsets.ISO_8859_1));
    }
}
