package org.outguard.procfs.evidence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.outguard.procfs.ProcFile;

/**
 * The request that a worker of a web server is at, by its memory: names and values of the variables that the web server
 * handed over stand there one behind the other ({@code SCRIPT_FILENAME}, zero, path, zero: fcgi_hash_set() in PHP's
 * main/fastcgi.c; with an equals sign in an environment). Values of earlier requests may still be there, so all are given.
 */
final class RequestMemory {

    /** Memory of one process that is looked at. */
    static final long MAX_BYTES = 64L << 20;

    static final List<String> NAMES =
            List.of("SCRIPT_FILENAME", "REQUEST_URI", "REMOTE_ADDR", "REQUEST_METHOD", "HTTP_HOST", "HTTP_USER_AGENT");

    private static final int MAX_VALUES = 16;
    private static final int MAX_VALUE_BYTES = 1_024;
    private static final int BLOCK_BYTES = 1 << 20;
    private static final int MAX_MAPS_BYTES = 4 << 20;

    /* A name that reaches over the end of a block is found in the next one, which begins that much earlier. */
    private static final int OVERLAP_BYTES = MAX_VALUE_BYTES + 64;

    private final Map<String, Set<String>> values = new LinkedHashMap<>();
    private long read;
    private boolean cut;

    private RequestMemory() {}

    /**
     * What was found.
     *
     * @param values by name, in order of address
     * @param bytes how much memory was looked at
     * @param cut whether there was more than may be looked at
     */
    record Found(Map<String, List<String>> values, long bytes, boolean cut) {}

    /** Looks through the memory that a process can write to; empty where it may not be read. */
    static Optional<Found> search(Path process) {
        RequestMemory search = new RequestMemory();
        String maps = ProcFile.text(process.resolve("maps"), MAX_MAPS_BYTES).orElse("");
        try (FileChannel memory = FileChannel.open(process.resolve("mem"), StandardOpenOption.READ)) {
            for (String line : maps.split("\n")) {
                search.region(memory, line);
            }
        } catch (IOException e) {
            return Optional.empty();
        }
        Map<String, List<String>> found = new LinkedHashMap<>();
        search.values.forEach((name, seen) -> found.put(name, List.copyOf(seen)));
        return Optional.of(new Found(found, search.read, search.cut));
    }

    /* "7f0000-7f1000 rw-p 00000000 00:00 0 [heap]"; what is mapped from a file holds no requests. */
    private void region(FileChannel memory, String line) {
        String[] fields = line.split("\\s+", 6);
        boolean file = fields.length == 6 && !fields[5].isEmpty() && !fields[5].startsWith("[");
        if (fields.length < 5 || !fields[1].startsWith("rw") || file || line.endsWith("[vvar]")) {
            return;
        }
        String[] ends = fields[0].split("-");
        try {
            scan(memory, Long.parseUnsignedLong(ends[0], 16), Long.parseUnsignedLong(ends[1], 16));
        } catch (NumberFormatException | IOException e) {
            // Gone, or none of the kind that can be read.
        }
    }

    private void scan(FileChannel memory, long from, long to) throws IOException {
        ByteBuffer block = ByteBuffer.allocate(BLOCK_BYTES);
        for (long at = from; at >= 0 && at < to; at += BLOCK_BYTES - OVERLAP_BYTES) {
            long left = MAX_BYTES - read;
            if (left <= 0) {
                cut = true;
                return;
            }
            block.clear().limit((int) Math.min(Math.min(BLOCK_BYTES, to - at), left));
            int length = memory.read(block, at);
            if (length <= 0) {
                return;
            }
            read += length;
            take(block.array(), length);
        }
    }

    void take(byte[] bytes, int length) {
        for (String name : NAMES) {
            byte[] wanted = name.getBytes(StandardCharsets.US_ASCII);
            for (int at = find(bytes, length, wanted, 0); at >= 0; at = find(bytes, length, wanted, at + 1)) {
                value(bytes, length, at + wanted.length).ifPresent(value -> add(name, value));
            }
        }
    }

    Map<String, Set<String>> values() {
        return values;
    }

    static RequestMemory empty() {
        return new RequestMemory();
    }

    private void add(String name, String value) {
        Set<String> seen = values.computeIfAbsent(name, n -> new LinkedHashSet<>());
        if (seen.size() < MAX_VALUES) {
            seen.add(value);
        }
    }

    private static Optional<String> value(byte[] bytes, int length, int from) {
        if (from >= length || bytes[from] != 0 && bytes[from] != '=') {
            return Optional.empty();
        }
        int end = from + 1;
        while (end < length && bytes[end] != 0 && end - from <= MAX_VALUE_BYTES) {
            // Control characters: no text, but whatever lay there before.
            if (bytes[end] > 0 && bytes[end] < ' ') {
                return Optional.empty();
            }
            end++;
        }
        return end == from + 1 || end == length
                ? Optional.empty()
                : Optional.of(new String(bytes, from + 1, end - from - 1, StandardCharsets.UTF_8));
    }

    private static int find(byte[] bytes, int length, byte[] wanted, int from) {
        for (int at = from; at <= length - wanted.length; at++) {
            int same = 0;
            while (same < wanted.length && bytes[at + same] == wanted[same]) {
                same++;
            }
            if (same == wanted.length) {
                return at;
            }
        }
        return -1;
    }
}
