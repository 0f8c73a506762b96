package org.outguard.procfs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What starts a user's programs again, or lets the user in again: crontabs (crontab(5)), at jobs (at(1)), systemd units and
 * authorized keys (sshd(8)). Files only, no program is asked: it would run in the middle of the attack.
 */
public final class PersistenceScanner {

    private static final int MAX_BYTES = 256 << 10;
    private static final int MAX_ENTRIES = 4_096;
    private static final int MAX_FOUND = 256;
    private static final int MAX_LINES = 64;

    private static final List<String> CRONTABS = List.of("var/spool/cron/crontabs", "var/spool/cron");
    private static final List<String> AT_JOBS = List.of("var/spool/cron/atjobs", "var/spool/at");
    private static final List<String> UNITS =
            List.of("etc/systemd/system", "run/systemd/system", "usr/lib/systemd/system", "lib/systemd/system");
    private static final List<String> KEYS = List.of(".ssh/authorized_keys", ".ssh/authorized_keys2");

    private final Path root;
    private final ForeignFiles foreign;

    /**
     * @param root where those files are looked for: {@code /}
     * @param foreign opens them
     */
    public PersistenceScanner(Path root, ForeignFiles foreign) {
        this.root = root;
        this.foreign = foreign;
    }

    /**
     * One place.
     *
     * @param kind {@code "crontab"}, {@code "at job"}, {@code "unit"}, {@code "authorized keys"}
     * @param file where
     * @param lines those that matter; empty where the whole file does
     * @param reader with whose rights it is read: its user's, where that is the one who wrote it
     */
    public record Place(String kind, Path file, List<String> lines, Optional<ForeignFiles.Reader> reader) {

        Place(String kind, Path file, List<String> lines) {
            this(kind, file, lines, Optional.empty());
        }

        public Place {
            lines = List.copyOf(lines);
        }
    }

    /**
     * All places of a user.
     *
     * @param uid the user
     * @param name its name
     * @param home its home directory, empty where it has none
     * @param unit systemd unit that its process runs in, empty where none
     * @param reader its rights
     */
    public List<Place> of(int uid, String name, String home, String unit, ForeignFiles.Reader reader) {
        List<Place> places = new ArrayList<>();
        crontabs(name, places);
        for (String folder : AT_JOBS) {
            for (Path job : files(root.resolve(folder), file -> owner(file) == uid)) {
                places.add(new Place(
                        "at job",
                        job,
                        lines(job, line -> isCommand(line) && !line.contains("=") || line.startsWith("#"))));
            }
        }
        units(uid, name, unit, places);
        if (home.startsWith("/") && home.length() > 1) {
            inHome(home, Optional.of(reader), places);
        }
        return List.copyOf(places.subList(0, Math.min(MAX_FOUND, places.size())));
    }

    private void crontabs(String name, List<Place> places) {
        for (String folder : CRONTABS) {
            // The name is one of passwd(5), which root wrote; a slash would still lead elsewhere.
            Path file = root.resolve(folder).resolve(name.replace('/', '_'));
            if (isFile(file)) {
                places.add(new Place("crontab", file, lines(file, PersistenceScanner::isCommand)));
            }
        }
        List<Path> system = new ArrayList<>(List.of(root.resolve("etc/crontab"), root.resolve("etc/anacrontab")));
        system.addAll(files(root.resolve("etc/cron.d"), file -> true));
        for (Path file : system) {
            List<String> his = lines(file, line -> isCommand(line) && runsAs(line, name));
            if (!his.isEmpty()) {
                places.add(new Place("crontab", file, his));
            }
        }
    }

    private static boolean isCommand(String line) {
        return !line.isBlank() && !line.strip().startsWith("#");
    }

    /* "m h dom mon dow user command", or "@reboot user command". */
    private static boolean runsAs(String line, String name) {
        String[] fields = line.strip().split("\\s+");
        int user = fields[0].startsWith("@") ? 1 : 5;
        return fields.length > user + 1 && fields[user].equals(name);
    }

    private void units(int uid, String name, String unit, List<Place> places) {
        List<String> users = List.of("User=" + name, "User=" + Integer.toUnsignedString(uid));
        for (String folder : UNITS) {
            for (Path file : files(root.resolve(folder), PersistenceScanner::isUnit)) {
                List<String> lines = lines(file, PersistenceScanner::saysWhatRuns);
                boolean his = uid != 0 && lines.stream().anyMatch(users::contains);
                if (his || !unit.isEmpty() && String.valueOf(file.getFileName()).equals(unit)) {
                    places.add(new Place("unit", file, lines));
                }
            }
        }
    }

    private void inHome(String home, Optional<ForeignFiles.Reader> reader, List<Place> places) {
        try {
            Path folder = root.resolve(home.substring(1));
            Path units = folder.resolve(".config/systemd/user");
            for (String name : names(units, reader)) {
                Path file = units.resolve(name);
                if (isUnit(file)) {
                    places.add(new Place("unit", file, lines(file, PersistenceScanner::saysWhatRuns, reader), reader));
                }
            }
            for (String keys : KEYS) {
                Path file = folder.resolve(keys);
                if (text(file, reader).isPresent()) {
                    places.add(new Place(
                            "authorized keys", file, lines(file, PersistenceScanner::isCommand, reader), reader));
                }
            }
        } catch (InvalidPathException e) {
            // A home directory that this system's encoding has no name for.
        }
    }

    /* Held open, so that what is listed is the folder that was asked for. */
    private List<String> names(Path folder, Optional<ForeignFiles.Reader> reader) {
        try (ForeignFiles.Folder opened = foreign.folder(root, below(folder), reader)) {
            return files(opened.path(), file -> true).stream()
                    .map(file -> String.valueOf(file.getFileName()))
                    .toList();
        } catch (IOException e) {
            // Not there, or not for that user.
            return List.of();
        }
    }

    private String below(Path file) {
        return root.relativize(file).toString();
    }

    private Optional<String> text(Path file, Optional<ForeignFiles.Reader> reader) {
        try (InputStream in = foreign.open(root, below(file), reader)) {
            return Optional.of(new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static boolean isUnit(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(".service")
                || name.endsWith(".timer")
                || name.endsWith(".socket")
                || name.endsWith(".path");
    }

    private static boolean saysWhatRuns(String line) {
        return line.startsWith("User=")
                || line.startsWith("Exec")
                || line.startsWith("Restart")
                || line.startsWith("On")
                || line.startsWith("Unit=");
    }

    private List<String> lines(Path file, Predicate<String> wanted) {
        return lines(file, wanted, Optional.empty());
    }

    private List<String> lines(Path file, Predicate<String> wanted, Optional<ForeignFiles.Reader> reader) {
        return text(file, reader)
                .orElse("")
                .lines()
                .filter(wanted)
                .limit(MAX_LINES)
                .toList();
    }

    private static boolean isFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private static int owner(Path file) {
        try {
            return (Integer) Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException | UnsupportedOperationException e) {
            return -1;
        }
    }

    private static List<Path> files(Path folder, Predicate<Path> wanted) {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            int looked = 0;
            for (Path entry : entries) {
                if (looked++ == MAX_ENTRIES) {
                    break;
                }
                if (isFile(entry) && wanted.test(entry)) {
                    files.add(entry);
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Not there on this machine.
        }
        files.sort(null);
        return files;
    }
}
