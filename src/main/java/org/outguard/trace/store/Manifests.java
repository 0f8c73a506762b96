package org.outguard.trace.store;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.outguard.procfs.ForeignFiles;

/**
 * What lies beside each file that is kept, in a folder of root's own: what the file was, with its extended attributes, so its
 * access control list and its capabilities too. Taking permissions off, and giving a file back to its owner, changes these.
 */
final class Manifests {

    private static final String ATTRIBUTES = "attributes";
    private static final String MISSING = "its extended attributes were not written down";
    private static final HexFormat HEX = HexFormat.of();

    private final ForeignFiles foreign;
    private final FileAttributes attributes;

    Manifests(ForeignFiles foreign, FileAttributes attributes) {
        this.foreign = foreign;
        this.attributes = attributes;
    }

    private static Path of(Path store) {
        return store.resolveSibling(store.getFileName() + ".json");
    }

    /**
     * Writes down what a file is.
     *
     * @param fields of the step that takes it away
     */
    void write(Path store, Map<String, Object> fields, Path file) throws IOException {
        Map<String, String> values = new TreeMap<>();
        attributes.of(file).forEach((name, value) -> values.put(name, HEX.formatHex(value)));
        Map<String, Object> all = new LinkedHashMap<>(fields);
        all.put(ATTRIBUTES, values);
        Files.writeString(of(store), JSON.std.asString(all) + "\n");
        Files.setPosixFilePermissions(of(store), PosixFilePermissions.fromString("rw-------"));
    }

    void forget(Path store) throws IOException {
        Files.deleteIfExists(of(store));
    }

    /** Gives a file the attributes that are written down, and no others; returns what could not be, in words. */
    List<String> restore(Path store, Path file) throws IOException {
        Map<String, byte[]> before = new LinkedHashMap<>();
        Path manifest = of(store);
        if (!Files.exists(manifest)) {
            return List.of(MISSING);
        }
        Map<String, Object> all;
        try (InputStream in = foreign.open(Path.of("/"), manifest.toString().substring(1), Optional.empty())) {
            all = JSON.std.mapFrom(in);
        }
        if (!(all.get(ATTRIBUTES) instanceof Map<?, ?> written)) {
            return List.of(MISSING);
        }
        written.forEach((name, value) -> before.put(String.valueOf(name), HEX.parseHex(String.valueOf(value))));
        List<String> problems = new ArrayList<>();
        Map<String, byte[]> now = attributes.of(file);
        for (String name : now.keySet()) {
            if (!before.containsKey(name)) {
                change(() -> attributes.remove(file, name), problems);
            }
        }
        before.forEach((name, value) -> {
            if (!Arrays.equals(value, now.get(name))) {
                change(() -> attributes.set(file, name, value), problems);
            }
        });
        return problems;
    }

    private interface Change {
        void run() throws IOException;
    }

    private static void change(Change change, List<String> problems) {
        try {
            change.run();
        } catch (IOException e) {
            problems.add(String.valueOf(e.getMessage()));
        }
    }
}
