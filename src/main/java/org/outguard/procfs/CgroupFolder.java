package org.outguard.procfs;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The control group that can stop all of its processes at once: that of v2 with {@code cgroup.freeze} (Linux 5.2), else
 * that of the freezer of v1 (cgroups(7); Documentation/admin-guide/cgroup-v2.rst, cgroup-v1/freezer-subsystem.rst).
 *
 * @param folder its folder
 * @param path its path within the hierarchy, never the root
 * @param v2 whether it is one of v2
 */
record CgroupFolder(Path folder, String path, boolean v2) {

    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_FOLDERS = 1_024;

    /**
     * That of a process; empty where it is in none but the root, or where there is no freezer.
     *
     * @param proc where proc(5) is mounted
     * @param root where control groups are mounted: /sys/fs/cgroup
     */
    static Optional<CgroupFolder> of(Path proc, Path root, int pid) {
        String text = ProcFile.text(proc.resolve(Integer.toString(pid)).resolve("cgroup"), MAX_BYTES)
                .orElse("");
        Optional<CgroupFolder> unified = Optional.empty();
        Optional<CgroupFolder> freezer = Optional.empty();
        for (String line : text.split("\n")) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3
                    || !fields[2].startsWith("/")
                    || fields[2].length() == 1
                    || fields[2].contains("..")) {
                continue;
            }
            if (fields[0].equals("0") && fields[1].isEmpty()) {
                unified = unified(root, fields[2]);
            } else if (List.of(fields[1].split(",")).contains("freezer")) {
                freezer = at(root.resolve("freezer"), fields[2], "freezer.state", false);
            }
        }
        return unified.isPresent() ? unified : freezer;
    }

    /* A hybrid set-up has v2 beside v1, in a folder of its own. */
    private static Optional<CgroupFolder> unified(Path root, String path) {
        Optional<CgroupFolder> alone = at(root, path, "cgroup.freeze", true);
        return alone.isPresent() ? alone : at(root.resolve("unified"), path, "cgroup.freeze", true);
    }

    private static Optional<CgroupFolder> at(Path root, String path, String file, boolean v2) {
        Path folder = root.resolve(path.substring(1));
        return Files.exists(folder.resolve(file)) ? Optional.of(new CgroupFolder(folder, path, v2)) : Optional.empty();
    }

    /** Numbers of the processes in it and below it. */
    List<Integer> pids() {
        List<Integer> pids = new ArrayList<>();
        for (Path each : withThoseBelow()) {
            ProcFile.text(each.resolve("cgroup.procs"), MAX_BYTES)
                    .orElse("")
                    .lines()
                    .filter(line -> line.matches("[1-9]\\d{0,8}"))
                    .forEach(line -> pids.add(Integer.valueOf(line)));
        }
        return pids;
    }

    private List<Path> withThoseBelow() {
        List<Path> folders = new ArrayList<>(List.of(folder));
        for (int i = 0; i < folders.size() && folders.size() < MAX_FOLDERS; i++) {
            try (DirectoryStream<Path> below = Files.newDirectoryStream(folders.get(i), Files::isDirectory)) {
                below.forEach(folders::add);
            } catch (IOException | DirectoryIteratorException e) {
                // It went away.
            }
        }
        return folders;
    }

    /** The file that stops it or lets it go on. */
    Path switchFile() {
        return folder.resolve(v2 ? "cgroup.freeze" : "freezer.state");
    }

    /** What is written there. */
    String switchWord(boolean frozen) {
        if (v2) {
            return frozen ? "1" : "0";
        }
        return frozen ? "FROZEN" : "THAWED";
    }

    /** Stops it or lets it go on; why not, empty where it was asked for. */
    Optional<String> turn(boolean frozen) {
        return write(switchFile(), switchWord(frozen));
    }

    /** Whether all of it stands still. */
    boolean isFrozen() {
        String file = v2 ? "cgroup.events" : "freezer.state";
        String text = ProcFile.text(folder.resolve(file), MAX_BYTES).orElse("");
        return v2 ? text.contains("frozen 1") : text.strip().equals("FROZEN");
    }

    /** Ends all of it, what is forked meanwhile too (Linux 5.14); why not, empty where it was asked for. */
    Optional<String> killAll() {
        Path file = folder.resolve("cgroup.kill");
        return Files.exists(file) ? write(file, "1") : Optional.of("this kernel has no cgroup.kill");
    }

    private static Optional<String> write(Path file, String word) {
        try {
            Files.writeString(file, word, StandardOpenOption.WRITE);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(file + " cannot be written: " + e.getMessage());
        }
    }
}
