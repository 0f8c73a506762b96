package org.outguard.trace.left;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.outguard.owner.Owner;
import org.outguard.text.Severity;

/** Programs that run and do not want to be seen: without a file, or under the name of a thread of the kernel. */
final class RunningPrograms implements LeftCheck {

    private static final int MAX_PROCESSES = 100_000;
    private static final int MAX_OF_A_PROGRAM = 5;
    private static final int KTHREADD = 2;
    private static final Pattern KERNEL_NAME = Pattern.compile(
            "\\[?(?:kworker|ksoftirqd|kthreadd|migration|rcu_\\w+|watchdog|kswapd|khugepaged|kdevtmpfs|kauditd|kcompactd|kblockd"
                    + "|scsi_eh_|jbd2|ext4-|xfs-|md\\d|irq/|cpuhp|netns|khungtaskd|oom_reaper|writeback|ksmd|kintegrityd|ata_sff"
                    + "|edac-poller|devfreq_wq|kthrotld|ipv6_addrconf|kstrp|zswap|charger_manager|bioset|crypto|events|flush-)[^\\]]*\\]?");
    private static final Pattern SYSTEM = Pattern.compile("(?s)/(?:usr|bin|sbin|lib\\w*|opt|snap|nix|gnu)/.*");

    private static final CheckInfo DELETED = new CheckInfo(
            "deleted-program",
            Severity.HIGH,
            "running programs whose file is deleted, or was only ever in memory (memfd_create(2))",
            "who deletes the file of a running program wants nobody to find it");
    private static final CheckInfo KERNEL = new CheckInfo(
            "false-kernel-thread",
            Severity.HIGH,
            "programs that name themselves like a thread of the kernel",
            "in ps(1) and top(1) it is passed over; threads of the kernel have no program and no arguments");
    private static final CheckInfo TEMPORARY = new CheckInfo(
            "running-from-temporary",
            Severity.HIGH,
            "programs that run from /tmp, /var/tmp, /dev/shm or a hidden folder",
            "what comes in through a hole in a site runs from where everybody may write");

    @Override
    public List<CheckInfo> about() {
        return List.of(DELETED, KERNEL, TEMPORARY);
    }

    @Override
    public void look(Scene scene, Consumer<Leftover> found) {
        if (!scene.live()) {
            return;
        }
        int looked = 0;
        Map<String, Integer> told = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(scene.proc(), "[0-9]*")) {
            for (Path process : processes) {
                if (looked++ == MAX_PROCESSES || scene.stop().getAsBoolean()) {
                    break;
                }
                scene.processes()
                        .read(Integer.parseInt(String.valueOf(process.getFileName())))
                        // A program with a thousand processes is told of a few times.
                        .flatMap(owner -> finding(scene, owner)
                                .filter(one -> told.merge(one.check() + owner.exe() + owner.uid(), 1, Integer::sum)
                                        <= MAX_OF_A_PROGRAM))
                        .ifPresent(found);
            }
        } catch (IOException | DirectoryIteratorException | NumberFormatException e) {
            // What was looked at until then counts.
        }
    }

    static Optional<Leftover> finding(Scene scene, Owner owner) {
        boolean thread = owner.exe().isEmpty()
                || owner.id().pid() == KTHREADD
                || owner.parents().stream().anyMatch(parent -> parent.id().pid() == KTHREADD);
        if (thread) {
            return Optional.empty();
        }
        String title =
                owner.commandLine().isEmpty() ? "" : owner.commandLine().get(0).strip();
        boolean named = KERNEL_NAME.matcher(title).matches() && !title.contains("/") && title.startsWith("[")
                || KERNEL_NAME.matcher(title).matches()
                        && KERNEL_NAME.matcher(owner.command()).matches()
                        && !SYSTEM.matcher(owner.exe()).matches();
        if (named) {
            return Optional.of(
                    of(KERNEL, Severity.HIGH, owner, "names itself " + title + " like a thread of the kernel"));
        }
        if (owner.exe().startsWith("/memfd:")) {
            // Container runtimes and some services of root's run sealed copies of themselves (CVE-2019-5736).
            boolean service = owner.uid() != 0;
            return Optional.of(of(
                    DELETED,
                    service ? Severity.HIGH : Severity.MEDIUM,
                    owner,
                    "runs out of memory: it never had a file"));
        }
        boolean temporary = owner.exe().matches("(?s)/(?:tmp|var/tmp|dev/shm)/.*");
        if (owner.exeDeleted()
                && (temporary
                        || !SYSTEM.matcher(owner.exe()).matches()
                                && owner.container().isEmpty())) {
            // A package that was brought up to date leaves old programs running, but those lie elsewhere.
            boolean sure = temporary
                    || scene.users().service(owner.uid())
                    || owner.exe().contains("/.");
            return Optional.of(
                    of(DELETED, sure ? Severity.HIGH : Severity.MEDIUM, owner, "runs, and its file is deleted"));
        }
        if (temporary) {
            boolean sure = scene.users().service(owner.uid()) || owner.exe().contains("/.");
            return Optional.of(of(
                    TEMPORARY,
                    sure ? Severity.HIGH : Severity.MEDIUM,
                    owner,
                    "runs from a folder that everybody may write to"));
        }
        return Optional.empty();
    }

    private static Leftover of(CheckInfo check, Severity severity, Owner owner, String what) {
        int pid = owner.id().pid();
        List<String> evidence = new ArrayList<>();
        evidence.add("program " + owner.exe() + (owner.exeDeleted() ? " (deleted)" : ""));
        evidence.add("user " + owner.user() + ", in " + owner.cwd());
        if (!owner.commandLine().isEmpty()) {
            evidence.add("arguments " + String.join(" ", owner.commandLine()));
        }
        if (!owner.unit().isEmpty()) {
            evidence.add("unit " + owner.unit());
        }
        return new Leftover(
                check.id(),
                severity,
                "process " + pid,
                "process " + pid + " (" + owner.command() + ") " + what,
                evidence,
                Mend.kill(owner));
    }
}
