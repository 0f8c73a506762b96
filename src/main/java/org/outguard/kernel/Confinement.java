package org.outguard.kernel;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes from this process what it does not need, for good, and on all of its threads: capabilities (capabilities(7)), new
 * privileges by a program that it starts (no_new_privs in prctl(2)), system calls (seccomp(2)), and where it only reads,
 * changes to files and connections (landlock(7)). Each is probed: what the kernel does not have is said.
 *
 * <p>Landlock is for readers alone: a process that it confines sees no other process's files in /proc (ptrace(2), access
 * mode checks), which is what a watcher lives on.
 */
public final class Confinement {

    private static final int ENOSYS = 38;
    private static final int EINVAL = 22;
    private static final int ETIMEDOUT = 110;
    private static final int EOPNOTSUPP = 95;
    private static final int NOT_ASKED = -1;

    /* The same numbers stand in native/jni/Confinement.c. */
    private static final int READS_ONLY = 1;
    private static final int STARTS_NOTHING = 2;

    private Confinement() {}

    /** Capabilities that something here has a use for, with the numbers of linux/capability.h. */
    public enum Capability {
        DAC_OVERRIDE(1),
        DAC_READ_SEARCH(2),
        SETGID(6),
        SETUID(7),
        NET_ADMIN(12),
        NET_RAW(13),
        SYS_CHROOT(18),
        SYS_PTRACE(19),
        SYS_ADMIN(21),
        PERFMON(38),
        BPF(39);

        private final int number;

        Capability(int number) {
            this.number = number;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What is left to a process. */
    public sealed interface Profile {

        /**
         * Looks into the machine, and starts programs that do.
         *
         * @param kept the capabilities
         */
        record Watches(Set<Capability> kept) implements Profile {

            public Watches {
                kept = Set.copyOf(kept);
            }
        }

        /**
         * Reads files and writes to what is open: no connections, no signals to others.
         *
         * @param writable folders below which it may write nevertheless
         * @param starts whether it starts programs, which are confined like it
         */
        record Reads(List<Path> writable, boolean starts) implements Profile {

            public Reads {
                writable = List.copyOf(writable);
            }
        }
    }

    /**
     * What is in force.
     *
     * @param words for people, one each: {@code "no new privileges"}
     * @param missing what is not, with the reason
     */
    public record Confined(List<String> words, List<String> missing) {

        /** Nothing was taken. */
        public static final Confined NOT = new Confined(List.of(), List.of());

        public Confined {
            words = List.copyOf(words);
            missing = List.copyOf(missing);
        }

        /** One line: {@code "confined: no new privileges; …; without Landlock: …"}. */
        public String line() {
            String without = missing.stream().map(what -> "; " + what).collect(Collectors.joining());
            return "confined: " + (words.isEmpty() ? "not at all" : String.join("; ", words)) + without;
        }
    }

    /**
     * Gives everything up that the profile does not have. What cannot be given up is said and kept: a kernel without
     * something is no reason not to run.
     */
    public static Confined confine(Profile profile) {
        Optional<String> noLibrary = NativeLibrary.problem();
        if (noLibrary.isPresent()) {
            return new Confined(List.of(), List.of(noLibrary.get()));
        }
        Set<Capability> kept = EnumSet.noneOf(Capability.class);
        List<Path> writable = List.of();
        int what = 0;
        if (profile instanceof Profile.Watches watches) {
            kept.addAll(watches.kept());
        } else if (profile instanceof Profile.Reads reads) {
            writable = reads.writable();
            what = READS_ONLY | (reads.starts() ? 0 : STARTS_NOTHING);
            kept.add(Capability.DAC_READ_SEARCH);
            if (!writable.isEmpty()) {
                kept.add(Capability.DAC_OVERRIDE);
            }
        }
        byte[][] paths = writable.stream()
                .map(path -> path.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        int[] results = confine(mask(kept), what, paths);
        return describe(results, kept, what);
    }

    private static long mask(Set<Capability> kept) {
        long mask = 0;
        for (Capability capability : kept) {
            mask |= 1L << capability.number;
        }
        return mask;
    }

    private static Confined describe(int[] results, Set<Capability> kept, int what) {
        List<String> words = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        if (results[0] == 0) {
            words.add("no new privileges");
            words.add("capabilities at most "
                    + kept.stream().map(Capability::word).collect(Collectors.joining(" ")));
        } else {
            missing.add("capabilities are kept: " + reason(results[0]));
        }
        if (results[2] == 0) {
            boolean reads = (what & READS_ONLY) != 0;
            words.add("seccomp refuses " + (reads ? "connections, signals, " : "") + "mounts, modules, clocks, tracing"
                    + ((what & STARTS_NOTHING) != 0 ? ", programs" : ""));
        } else {
            missing.add("without seccomp: " + reason(results[2]));
        }
        if (results[1] == 0) {
            words.add("Landlock refuses changes to files");
        } else if (results[1] == NOT_ASKED) {
            missing.add("without Landlock, which would hide other processes");
        } else {
            missing.add("without Landlock: " + reason(results[1]));
        }
        return new Confined(words, missing);
    }

    private static String reason(int error) {
        return switch (error) {
            case ENOSYS, EINVAL -> "this kernel has none";
            case EOPNOTSUPP -> "it is switched off in this kernel (lsm=)";
            case ETIMEDOUT -> "a thread did not answer";
            default -> "error " + error;
        };
    }

    /** What this kernel has of all this, as one line; nothing is given up. */
    public static String available() {
        Optional<String> noLibrary = NativeLibrary.problem();
        if (noLibrary.isPresent()) {
            return "confined: not at all: " + noLibrary.get();
        }
        int landlock = landlockVersion();
        return "confined: watch and once by capabilities and no_new_privs, "
                + (hasFilters() ? "and by seccomp" : "without seccomp, which this kernel does not have")
                + "; replay, explain and report "
                + (landlock > 0
                        ? "by Landlock, version " + landlock + ", too"
                        : "without Landlock, which this kernel does not have");
    }

    private static native int[] confine(long keep, int what, byte[][] writable);

    private static native int landlockVersion();

    private static native boolean hasFilters();
}
