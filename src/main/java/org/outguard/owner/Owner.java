package org.outguard.owner;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What /proc says of a process. All text comes from whoever started it: it may hold anything, and is made safe by the
 * text package before it is shown.
 *
 * @param id which process
 * @param program what it runs
 * @param credentials as whom it runs
 * @param placement where it runs
 * @param parents its ancestors, nearest first
 */
public record Owner(
        ProcessId id, Program program, Credentials credentials, Placement placement, List<Ancestor> parents) {

    public Owner {
        parents = List.copyOf(parents);
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
        return new Owner(other, program, credentials, placement, parents);
    }

    /** The number alone, negative where it runs elsewhere, see {@link ProcessId}. */
    public int pid() {
        return id.pid();
    }

    /**
     * What it runs.
     *
     * @param command its name, comm of proc(5), at most 15 bytes and chosen by the process
     * @param exe path of its program, empty where it cannot be read
     * @param exeDeleted whether that file is gone
     * @param exeSince when the program's file became what it is (st_ctime, which cannot be set); empty where unknown
     * @param cwd working directory, empty where it cannot be read
     * @param commandLine arguments, empty for a kernel thread
     * @param script the script that an interpreter runs, empty where unknown
     */
    public record Program(
            String command,
            String exe,
            boolean exeDeleted,
            Optional<Instant> exeSince,
            String cwd,
            List<String> commandLine,
            String script) {
        public Program {
            commandLine = List.copyOf(commandLine);
        }
    }

    /**
     * As whom it runs.
     *
     * @param uid effective user id
     * @param user name of that user, or the number as text
     * @param loginUid user that logged in (audit), empty where none did
     */
    public record Credentials(int uid, String user, OptionalInt loginUid) {}

    /**
     * Where it runs.
     *
     * @param cgroup path in the cgroup v2 hierarchy, or the deepest v1 path
     * @param unit systemd unit by that path, empty where none
     * @param container container id by that path, empty where none
     * @param netns inode of its network namespace, 0 where it cannot be read
     */
    public record Placement(String cgroup, String unit, String container, long netns) {}

    /** {@link Program#command}. */
    public String command() {
        return program.command();
    }

    /** {@link Program#exe}. */
    public String exe() {
        return program.exe();
    }

    /** {@link Program#exeDeleted}. */
    public boolean exeDeleted() {
        return program.exeDeleted();
    }

    /** {@link Program#exeSince}. */
    public Optional<Instant> exeSince() {
        return program.exeSince();
    }

    /** {@link Program#cwd}. */
    public String cwd() {
        return program.cwd();
    }

    /** {@link Program#commandLine}. */
    public List<String> commandLine() {
        return program.commandLine();
    }

    /** {@link Program#script}. */
    public String script() {
        return program.script();
    }

    /** {@link Credentials#uid}. */
    public int uid() {
        return credentials.uid();
    }

    /** {@link Credentials#user}. */
    public String user() {
        return credentials.user();
    }

    /** {@link Credentials#loginUid}. */
    public OptionalInt loginUid() {
        return credentials.loginUid();
    }

    /** {@link Placement#cgroup}. */
    public String cgroup() {
        return placement.cgroup();
    }

    /** {@link Placement#unit}. */
    public String unit() {
        return placement.unit();
    }

    /** {@link Placement#container}. */
    public String container() {
        return placement.container();
    }

    /** {@link Placement#netns}. */
    public long netns() {
        return placement.netns();
    }
}
