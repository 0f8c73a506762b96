package org.outguard.procfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/**
 * Notices when a program comes back after it was ended: a new process of the same user with the same program, or with the
 * same words on its command line. Safe from any thread.
 */
public final class RespawnWatch {

    /** How often to look, so that a program that is back is noticed within two seconds. */
    public static final Duration EVERY = Duration.ofMillis(500);

    /** How long a program is waited for: cron(8) comes once a minute. */
    public static final Duration KEEP = Duration.ofSeconds(150);

    private static final int MAX_FAMILIES = 64;

    /* A new process is looked at this often: at first it is a copy of its parent, and may still be of another user. */
    private static final int LOOKS = 4;

    private final Path proc;
    private final ProcessFacts facts;
    private final RespawnCause respawnCause;
    private final Map<Family, Ended> families = new LinkedHashMap<>();
    private Map<ProcessId, Integer> looks = new LinkedHashMap<>();

    /**
     * @param proc where proc(5) is mounted
     * @param root where the machine's own files are
     * @param users names and homes of users
     * @param foreign opens the files of users
     */
    public RespawnWatch(Path proc, Path root, PasswdFile users, ForeignFiles foreign) {
        this.proc = proc;
        this.facts = new ProcessFacts(proc, users);
        this.respawnCause = new RespawnCause(facts, new PersistenceScanner(root, foreign), users);
    }

    /**
     * By what a program is known again.
     *
     * @param uid its user
     * @param exe device and inode of its program, empty where that cannot be read
     * @param words its script, or its command line where its program is an interpreter without one
     * @param commandLine all of its arguments
     */
    private record Family(int uid, String exe, String words, List<String> commandLine) {

        boolean hasAgain(Family other) {
            boolean sameProgram = !exe.isEmpty() && exe.equals(other.exe) && words.equals(other.words);
            boolean sameWords = !commandLine.isEmpty() && commandLine.equals(other.commandLine);
            return uid == other.uid && (sameProgram || sameWords);
        }
    }

    private record Ended(String actionId, ProcessId process, Instant until) {}

    /**
     * A program that is back.
     *
     * @param actionId the action that ended it
     * @param owner the new process
     * @param cause who started it
     */
    public record Back(String actionId, Owner owner, RespawnCause.Cause cause) {}

    /** Begins to wait for a process that is about to be ended. */
    public synchronized void expect(String actionId, List<ProcessId> members, Instant now) {
        if (families.isEmpty()) {
            looks = new LinkedHashMap<>();
        }
        ProcessTable.read(proc).all().forEach(row -> looks.put(row.id(), LOOKS));
        for (ProcessId id : members) {
            Optional<Owner> owner =
                    facts.read(id.pid()).filter(found -> found.id().equals(id));
            if (owner.isPresent() && families.size() < MAX_FAMILIES) {
                families.put(family(owner.get()), new Ended(actionId, id, now.plus(KEEP)));
            }
        }
    }

    /** Whether anything is waited for. */
    public synchronized boolean expects() {
        return !families.isEmpty();
    }

    /** What has come back since the last look. */
    public synchronized List<Back> look(Instant now) {
        families.values().removeIf(ended -> now.isAfter(ended.until()));
        if (families.isEmpty()) {
            return List.of();
        }
        List<Back> back = new ArrayList<>();
        Set<Family> seen = new LinkedHashSet<>();
        Map<ProcessId, Integer> next = new LinkedHashMap<>();
        for (ProcessTable.Row row : ProcessTable.read(proc).all()) {
            int times = looks.getOrDefault(row.id(), 0);
            if (times < LOOKS && !row.stat().ended() && !row.stat().kernelThread()) {
                times = isBack(row.id(), seen, back) ? LOOKS : times + 1;
            }
            next.put(row.id(), times);
        }
        looks = next;
        return back;
    }

    /* One of a family that comes back by the dozen is enough. */
    private boolean isBack(ProcessId id, Set<Family> seen, List<Back> back) {
        Optional<Owner> owner = facts.read(id.pid()).filter(found -> found.id().equals(id));
        if (owner.isEmpty()) {
            return false;
        }
        Family family = family(owner.get());
        for (Map.Entry<Family, Ended> each : families.entrySet()) {
            if (each.getKey().hasAgain(family)) {
                if (seen.add(each.getKey())) {
                    back.add(new Back(each.getValue().actionId(), owner.get(), respawnCause.of(owner.get())));
                }
                return true;
            }
        }
        return false;
    }

    private Family family(Owner owner) {
        boolean unnamed = owner.script().isEmpty() && Script.isInterpreter(owner.exe());
        String words = unnamed ? String.join("\0", owner.commandLine()) : owner.script();
        return new Family(owner.uid(), exe(owner.pid()), words, owner.commandLine());
    }

    /* By the link, so that a file that is deleted or in another mount namespace counts as well. */
    private String exe(int pid) {
        try {
            Map<String, Object> file =
                    Files.readAttributes(proc.resolve(Integer.toString(pid)).resolve("exe"), "unix:dev,ino");
            return file.get("dev") + ":" + file.get("ino");
        } catch (IOException | UnsupportedOperationException e) {
            return "";
        }
    }
}
