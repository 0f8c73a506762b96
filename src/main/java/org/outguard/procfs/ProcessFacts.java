package org.outguard.procfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** Reads what /proc says of a process. Bounded, whatever the process wrote there. For one thread at a time. */
public final class ProcessFacts {

    private static final String DELETED = " (deleted)";
    private static final int MAX_ARGUMENT_BYTES = 4_096;
    private static final int MAX_ARGUMENTS = 128;
    private static final int MAX_PARENTS = 32;
    private static final int MAX_FILE_BYTES = 16_384;
    private static final int TRIES = 3;
    /* The audit system's word for "nobody logged in": -1 as an unsigned number. */
    private static final String NO_LOGIN = "4294967295";

    private final Path proc;
    private final PasswdFile users;

    /**
     * @param proc where proc(5) is mounted
     * @param users names of users
     */
    public ProcessFacts(Path proc, PasswdFile users) {
        this.proc = proc;
        this.users = users;
    }

    /**
     * The process with this number, all of it read from one and the same process. What may not be read is empty.
     *
     * @return empty where there is none
     */
    public Optional<Owner> read(int pid) {
        Path process = proc.resolve(Integer.toString(pid));
        for (int attempt = 0; attempt < TRIES; attempt++) {
            Optional<ProcessStat> before = ProcessStat.read(process);
            if (before.isEmpty()) {
                return Optional.empty();
            }
            Owner owner = facts(process, pid, before.get());
            Optional<ProcessStat> after = ProcessStat.read(process);
            if (after.isPresent() && after.get().startTicks() == before.get().startTicks()) {
                return Optional.of(owner);
            }
        }
        return Optional.empty();
    }

    private Owner facts(Path process, int pid, ProcessStat stat) {
        String exe = ProcFile.link(process.resolve("exe")).orElse("");
        boolean deleted = exe.endsWith(DELETED);
        if (deleted) {
            exe = exe.substring(0, exe.length() - DELETED.length());
        }
        String cwd = ProcFile.link(process.resolve("cwd")).orElse("");
        List<String> arguments = arguments(process);
        int uid = effectiveUid(process);
        ControlGroup group = text(process, "cgroup").map(ControlGroup::parse).orElse(ControlGroup.NONE);
        return new Owner(
                new ProcessId(pid, stat.startTicks()),
                new Owner.Program(
                        stat.command(),
                        exe,
                        deleted,
                        since(process.resolve("exe")),
                        cwd,
                        arguments,
                        Script.of(exe, arguments, cwd)),
                new Owner.Credentials(uid, users.nameOf(uid), loginUid(process)),
                new Owner.Placement(
                        group.path(),
                        group.unit(),
                        group.container(),
                        inode(ProcFile.link(process.resolve("ns/net")).orElse(""), "net:[")),
                parents(pid, stat.parent()));
    }

    /* Of the file that runs, also where its name is gone. */
    private static Optional<Instant> since(Path exe) {
        try {
            return Files.getAttribute(exe, "unix:ctime") instanceof FileTime time
                    ? Optional.of(time.toInstant())
                    : Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            // A kernel thread has none, and others' may not be asked for.
            return Optional.empty();
        }
    }

    /**
     * The same process with what follows from the facts that are there: names of its user, unit, container and script.
     */
    public Owner complete(Owner owner) {
        ControlGroup group = ControlGroup.parse("0::" + owner.cgroup());
        return new Owner(
                owner.id(),
                new Owner.Program(
                        owner.command(),
                        owner.exe(),
                        owner.exeDeleted(),
                        owner.exeSince(),
                        owner.cwd(),
                        owner.commandLine(),
                        Script.of(owner.exe(), owner.commandLine(), owner.cwd())),
                new Owner.Credentials(owner.uid(), users.nameOf(owner.uid()), owner.loginUid()),
                new Owner.Placement(owner.cgroup(), group.unit(), group.container(), owner.netns()),
                owner.parents());
    }

    private static Optional<String> text(Path process, String name) {
        return ProcFile.text(process.resolve(name), MAX_FILE_BYTES);
    }

    private static List<String> arguments(Path process) {
        String text =
                ProcFile.text(process.resolve("cmdline"), MAX_ARGUMENT_BYTES).orElse("");
        List<String> arguments = new ArrayList<>();
        int from = 0;
        while (from < text.length() && arguments.size() < MAX_ARGUMENTS) {
            int end = text.indexOf('\0', from);
            int until = end < 0 ? text.length() : end;
            arguments.add(text.substring(from, until));
            from = until + 1;
        }
        // A process that wrote over its arguments, as setproctitle(3) does, leaves a row of zeros behind them.
        while (!arguments.isEmpty() && arguments.get(arguments.size() - 1).isEmpty()) {
            arguments.remove(arguments.size() - 1);
        }
        return arguments;
    }

    /** Second number of "Uid:" in status: the kernel checks permissions by it. */
    private static int effectiveUid(Path process) {
        return text(process, "status")
                .flatMap(status ->
                        status.lines().filter(line -> line.startsWith("Uid:")).findFirst())
                .map(line -> line.split("\\s+"))
                .filter(fields -> fields.length > 2)
                .map(fields -> number(fields[2]))
                .filter(OptionalInt::isPresent)
                .map(OptionalInt::getAsInt)
                .orElse(NOBODY);
    }

    /** The rights that a process has to files: its user, and its groups with the one for files first (proc(5), status). */
    public static ForeignFiles.Reader rights(Path process, int uid) {
        String status = text(process, "status").orElse("");
        List<Integer> groups = new ArrayList<>();
        status.lines()
                .filter(line -> line.startsWith("Gid:") || line.startsWith("Groups:"))
                .forEach(line -> {
                    String[] fields = line.split("\\s+");
                    // The fourth of the group's numbers is the one for files; "Groups:" has one each.
                    for (int i = line.startsWith("Gid:") ? 4 : 1; i < fields.length; i++) {
                        number(fields[i]).ifPresent(groups::add);
                    }
                });
        return new ForeignFiles.Reader(uid, groups.isEmpty() ? List.of(NOBODY) : groups);
    }

    /** Those of a process that may have ended. */
    ForeignFiles.Reader rightsOf(Owner owner) {
        return rights(proc.resolve(Integer.toString(owner.pid())), owner.uid());
    }

    /* nobody of Debian and overflowuid of the kernel: of a process that vanishes while it is read. */
    private static final int NOBODY = 65_534;

    private static OptionalInt loginUid(Path process) {
        String text = text(process, "loginuid").orElse("").trim();
        return text.equals(NO_LOGIN) ? OptionalInt.empty() : number(text);
    }

    private static OptionalInt number(String text) {
        try {
            return OptionalInt.of(Integer.parseUnsignedInt(text));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }

    /** The number in a link such as {@code net:[4026531840]}, 0 where it is no such link. */
    static long inode(String link, String prefix) {
        if (!link.startsWith(prefix) || !link.endsWith("]")) {
            return 0;
        }
        try {
            return Long.parseUnsignedLong(link.substring(prefix.length(), link.length() - 1));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private List<Owner.Ancestor> parents(int pid, int parent) {
        List<Owner.Ancestor> parents = new ArrayList<>();
        Set<Integer> seen = new HashSet<>(Set.of(pid));
        int next = parent;
        while (next > 0 && parents.size() < MAX_PARENTS && seen.add(next)) {
            Optional<ProcessStat> stat = ProcessStat.read(proc.resolve(Integer.toString(next)));
            if (stat.isEmpty()) {
                break;
            }
            parents.add(new Owner.Ancestor(
                    new ProcessId(next, stat.get().startTicks()), stat.get().command()));
            next = stat.get().parent();
        }
        return parents;
    }
}
