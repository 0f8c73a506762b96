package org.outguard.owner;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What /proc says of a process. All text comes from whoever started it: it may hold anything, and is made safe by the
 * text room before it is shown.
 *
 * @param id which process
 * @param command its name, comm of proc(5), at most 15 bytes and chosen by the process
 * @param exe path of its program, empty where it cannot be read
 * @param exeDeleted whether that file is gone
 * @param cwd working directory, empty where it cannot be read
 * @param commandLine arguments, empty for a kernel thread
 * @param uid effective user id
 * @param user name of that user, or the number as text
 * @param loginUid user that logged in (audit), empty where none did
 * @param cgroup path in the cgroup v2 hierarchy, or the deepest v1 path
 * @param unit systemd unit by that path, empty where none
 * @param container container id by that path, empty where none
 * @param netns inode of its network namespace, 0 where it cannot be read
 * @param parents its ancestors, nearest first
 * @param script the script that an interpreter runs, empty where unknown
 * @param exeSince when the program's file became what it is (st_ctime, which cannot be set); empty where unknown
 */
public record Owner(
        ProcessId id,
        String command,
        String exe,
        boolean exeDeleted,
        String cwd,
        List<String> commandLine,
        int uid,
        String user,
        OptionalInt loginUid,
        String cgroup,
        String unit,
        String container,
        long netns,
        List<Ancestor> parents,
        String script,
        Optional<Instant> exeSince) {

    public Owner {
        commandLine = List.copyOf(commandLine);
        parents = List.copyOf(parents);
    }

    /** One of which it is not known since when its program is there. */
    public Owner(
            ProcessId id,
            String command,
            String exe,
            boolean exeDeleted,
            String cwd,
            List<String> commandLine,
            int uid,
            String user,
            OptionalInt loginUid,
            String cgroup,
            String unit,
            String container,
            long netns,
            List<Ancestor> parents,
            String script) {
        this(
                id,
                command,
                exe,
                exeDeleted,
                cwd,
                commandLine,
                uid,
                user,
                loginUid,
                cgroup,
                unit,
                container,
                netns,
                parents,
                script,
                Optional.empty());
    }

    /**
     * A process above the owner.
     *
     * @param id which process
     * @param command its name
     */
    public record Ancestor(ProcessId id, String command) {}

    /** The same facts under another process: a child's, told of the parent that stands for it. */
    public Owner withId(ProcessId other) {
        return new Owner(
                other,
                command,
                exe,
                exeDeleted,
                cwd,
                commandLine,
                uid,
                user,
                loginUid,
                cgroup,
                unit,
                container,
                netns,
                parents,
                script,
                exeSince);
    }

    /** The number alone, negative where it runs elsewhere, see {@link ProcessId}. */
    public int pid() {
        return id.pid();
    }
}
