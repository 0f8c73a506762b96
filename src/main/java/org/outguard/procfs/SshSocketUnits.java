package org.outguard.procfs;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Ports at which the service manager listens for sshd: socket units (systemd.socket(5)) whose service starts it, with their
 * drop-ins, from the folders in which only root can put units.
 */
public final class SshSocketUnits {

    /** Where units lie, the first place wins (systemd.unit(5)). */
    public static final List<Path> FOLDERS = List.of(
            Path.of("/etc/systemd/system"),
            Path.of("/run/systemd/system"),
            Path.of("/run/systemd/generator"),
            Path.of("/usr/local/lib/systemd/system"),
            Path.of("/usr/lib/systemd/system"),
            Path.of("/lib/systemd/system"));

    private static final int MAX_BYTES = 65_536;
    private static final String SOCKET = ".socket";

    private final List<Path> folders;

    /** @param folders see {@link #FOLDERS} */
    public SshSocketUnits(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /** Ports of all such units, whether they are started or not. */
    public Set<Integer> ports() {
        Set<Integer> ports = new LinkedHashSet<>();
        Set<String> units = new LinkedHashSet<>();
        folders.forEach(folder -> units.addAll(names(folder, "*" + SOCKET)));
        for (String unit : units) {
            List<String> lines = lines(unit);
            String name = unit.substring(0, unit.length() - SOCKET.length());
            String service = last(lines, "Service=").orElse(name + ".service");
            if (startsSshd(service) || startsSshd(name + "@.service")) {
                ports.addAll(listened(lines));
            }
        }
        return ports;
    }

    private boolean startsSshd(String service) {
        return lines(service).stream()
                .filter(line -> line.startsWith("ExecStart="))
                .map(line -> line.substring(10).replaceFirst("^[-@:+!|]*", "").split("\\s+", 2)[0])
                .anyMatch(program -> program.endsWith("/sshd") || program.endsWith("/dropbear"));
    }

    /* An empty value clears what stood before. */
    private static Set<Integer> listened(List<String> lines) {
        Set<Integer> ports = new LinkedHashSet<>();
        for (String line : lines) {
            if (line.startsWith("ListenStream=")) {
                String value = line.substring(13).strip();
                if (value.isEmpty()) {
                    ports.clear();
                }
                String port = value.substring(value.lastIndexOf(':') + 1);
                if (port.matches("\\d{1,5}") && !value.startsWith("/")) {
                    ports.add(Integer.parseInt(port));
                }
            }
        }
        return ports;
    }

    private static Optional<String> last(List<String> lines, String key) {
        return lines.stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()).strip())
                .reduce((before, after) -> after);
    }

    /* The unit's file, then its drop-ins in the order of their names. */
    private List<String> lines(String unit) {
        List<String> lines = new ArrayList<>();
        folders.stream()
                .map(folder -> folder.resolve(unit))
                .filter(Files::isRegularFile)
                .findFirst()
                .ifPresent(file -> add(file, lines));
        Map<String, Path> dropIns = new TreeMap<>();
        for (Path folder : folders) {
            Path below = folder.resolve(unit + ".d");
            names(below, "*.conf").forEach(name -> dropIns.putIfAbsent(name, below.resolve(name)));
        }
        dropIns.values().forEach(file -> add(file, lines));
        return lines;
    }

    private static void add(Path file, List<String> lines) {
        ProcFile.text(file, MAX_BYTES).orElse("").lines().map(String::strip).forEach(lines::add);
    }

    private static List<String> names(Path folder, String glob) {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, glob)) {
            files.forEach(file -> names.add(String.valueOf(file.getFileName())));
        } catch (IOException | DirectoryIteratorException e) {
            // Not there, as most of them.
        }
        return names;
    }
}
