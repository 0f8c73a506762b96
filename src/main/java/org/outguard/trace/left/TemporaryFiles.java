package org.outguard.trace.left;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.outguard.text.Severity;
import org.outguard.trace.tree.FileEntry;
import org.outguard.trace.tree.TreeWalk;

/** Programs where everybody may write: /tmp, /var/tmp, /dev/shm, /run. */
final class TemporaryFiles implements LeftCheck {

    private static final List<String> FOLDERS =
            List.of("/tmp", "/var/tmp", "/dev/shm", "/run", "/run/lock", "/run/shm", "/dev/mqueue", "/var/lock");
    private static final int MAX_FOUND = 500;
    private static final int MAX_UNREADABLE_HEADS = 20_000;

    private static final CheckInfo PROGRAM = new CheckInfo(
            "temporary-program",
            Severity.HIGH,
            "programs and scripts in /tmp, /var/tmp, /dev/shm and /run, and ELF files there that can be made to run",
            "what comes in through a hole in a site lands where everybody may write, and runs from there");

    @Override
    public List<CheckInfo> about() {
        return List.of(PROGRAM);
    }

    @Override
    public void look(Scene scene, Consumer<Leftover> found) {
        TreeWalk walk = scene.walk();
        int[] count = {0, 0};
        for (String folder : FOLDERS) {
            walk.walk(folder, path -> path.startsWith("/run/user/"), entry -> {
                boolean worth =
                        entry.isFile() && entry.size() > 1 && (entry.executable() || count[1]++ < MAX_UNREADABLE_HEADS);
                if (worth && count[0] < MAX_FOUND) {
                    finding(scene, entry).ifPresent(one -> {
                        count[0]++;
                        found.accept(one);
                    });
                }
            });
        }
        walk.cut().ifPresent(why -> found.accept(Walks.cut("the temporary folders", why, walk.entries())));
    }

    private static Optional<Leftover> finding(Scene scene, FileEntry entry) {
        byte[] head = scene.texts().head(entry.path(), 4).orElse(new byte[0]);
        String magic = new String(head, StandardCharsets.ISO_8859_1);
        boolean elf = magic.equals("\u007fELF");
        boolean script = magic.startsWith("#!");
        boolean runs = entry.executable() && (elf || script);
        if (!runs && !elf || !runs && entry.uid() == 0) {
            return Optional.empty();
        }
        List<String> evidence = new ArrayList<>();
        evidence.add(elf ? "an ELF program" + (entry.executable() ? "" : " that is not executable now") : "a script");
        evidence.add("owner " + scene.users().name(entry.uid()) + ", mode " + entry.permissions() + ", " + entry.size()
                + " bytes, changed " + entry.written());
        if (entry.hidden()) {
            evidence.add("hidden by its name");
        }
        return Optional.of(new Leftover(
                PROGRAM.id(),
                severity(scene, entry, runs),
                entry.path(),
                (entry.hidden() ? "a hidden " : "a ") + (elf ? "program" : "script")
                        + " lies in a folder that everybody may write to: " + entry.path(),
                evidence,
                Mend.quarantine(entry.path())));
    }

    /* People build programs in /tmp, and packages leave scripts of root's there; a user that nobody logs in as does neither. */
    private static Severity severity(Scene scene, FileEntry entry, boolean runs) {
        boolean service = scene.users().service(entry.uid());
        boolean name = entry.name().startsWith(".") || entry.path().matches("(?s).*/\\.{3,}/.*|.*/\\. +/.*");
        if (runs && (service || name)) {
            return Severity.HIGH;
        }
        return service || entry.hidden() ? Severity.MEDIUM : Severity.LOW;
    }
}
