package org.outguard.procfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/** Where cgroup2 is mounted, by proc_pid_mountinfo(5), and where processes are in it. */
public final class CgroupMount {

    private static final String SYSFS = "/sys/fs/cgroup";

    private CgroupMount() {}

    /** Where it is mounted; empty where it is not, or nobody says. */
    public static Optional<Path> find(Path mountinfo) {
        try {
            for (String line : Files.readAllLines(mountinfo, StandardCharsets.ISO_8859_1)) {
                int separator = line.indexOf(" - ");
                String[] fields = line.split(" ");
                if (separator > 0 && line.startsWith("cgroup2 ", separator + 3) && fields.length > 4) {
                    return Optional.of(Path.of(fields[4]));
                }
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** The part of that path that nft wants before a control group's own: {@code "unified/"}, or nothing. */
    public static String prefix(Path mountinfo) {
        Path below = find(mountinfo)
                .filter(mount -> mount.startsWith(SYSFS))
                .map(mount -> Path.of(SYSFS).relativize(mount))
                .orElse(Path.of(""));
        return below.toString().isEmpty() ? "" : below + "/";
    }

    /**
     * The control group of a process in cgroup2, beginning with a slash; empty where it is gone.
     *
     * @param process its folder in /proc
     */
    public static Optional<String> pathOf(Path process) {
        return line(process.resolve("cgroup"), "0::");
    }

    /** The effective uid of a process; empty where it is gone. */
    public static OptionalInt uidOf(Path process) {
        // Uid: real, effective, saved set and file system (proc_pid_status(5)).
        Optional<String> uids = line(process.resolve("status"), "Uid:");
        return uids.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseUnsignedInt(uids.get().strip().split("\\s+")[1]));
    }

    private static Optional<String> line(Path file, String begin) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith(begin))
                    .map(line -> line.substring(begin.length()))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
