package org.outguard.procfs.evidence;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.owner.Owner;
import org.outguard.procfs.ProcFile;

/**
 * What PHP's process manager says that a worker of it is at, where its status page is switched on ({@code pm.status_path},
 * in the pool's file). It is asked in full and as JSON, at its own socket where it has one ({@code pm.status_listen}), since
 * the workers may all be busy with the attack.
 */
final class FpmStatus {

    private static final String POOL = "pool ";
    private static final int MAX_CONFIG_BYTES = 1 << 20;

    private final Path root;

    /** @param root where the machine's own files are: {@code /} */
    FpmStatus(Path root) {
        this.root = root;
    }

    /**
     * A pool that can be asked.
     *
     * @param listen address of its status page: a path, {@code ADDRESS:PORT} or {@code PORT}
     * @param path of its status page
     */
    record Pool(String listen, String path) {}

    /** The entry of one worker; empty where it is none, or nobody can be asked. */
    Optional<Map<String, Object>> of(Owner owner) {
        if (!owner.script().startsWith(POOL)) {
            return Optional.empty();
        }
        return pool(owner.script().substring(POOL.length()))
                .flatMap(pool -> FastCgi.get(root, pool.listen(), pool.path(), "full&json"))
                .flatMap(page -> worker(page, owner.pid()));
    }

    Optional<Pool> pool(String name) {
        for (Path file : files()) {
            String section = "";
            Map<String, String> settings = new LinkedHashMap<>();
            for (String line : ProcFile.text(file, MAX_CONFIG_BYTES).orElse("").split("\n")) {
                String word = line.strip();
                if (word.startsWith("[") && word.endsWith("]")) {
                    section = word.substring(1, word.length() - 1);
                } else if (section.equals(name) && word.contains("=") && !word.startsWith(";")) {
                    String[] halves = word.split("=", 2);
                    settings.put(halves[0].strip(), unquoted(halves[1].strip()).replace("$pool", name));
                }
            }
            String path = settings.getOrDefault("pm.status_path", "");
            String listen = settings.getOrDefault("pm.status_listen", settings.getOrDefault("listen", ""));
            if (!path.isEmpty() && !listen.isEmpty()) {
                return Optional.of(new Pool(listen, path));
            }
        }
        return Optional.empty();
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() > 1 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    private List<Path> files() {
        List<Path> files = new ArrayList<>();
        for (Path version : list(root.resolve("etc/php"))) {
            files.addAll(list(version.resolve("fpm/pool.d")));
        }
        files.addAll(list(root.resolve("etc/php-fpm.d")));
        files.removeIf(file -> !file.toString().endsWith(".conf"));
        return files;
    }

    private static List<Path> list(Path folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
            stream.forEach(entries::add);
        } catch (IOException | DirectoryIteratorException e) {
            // Not there on this machine.
        }
        entries.sort(null);
        return entries;
    }

    static Optional<Map<String, Object>> worker(String page, int pid) {
        try {
            Object processes = JSON.std.mapFrom(page).get("processes");
            if (processes instanceof List<?> list) {
                for (Object each : list) {
                    if (each instanceof Map<?, ?> map && map.get("pid") instanceof Integer number && number == pid) {
                        Map<String, Object> worker = new LinkedHashMap<>();
                        map.forEach((key, value) -> worker.put(String.valueOf(key), value));
                        return Optional.of(worker);
                    }
                }
            }
        } catch (IOException e) {
            // No status page, whatever it is.
        }
        return Optional.empty();
    }
}
