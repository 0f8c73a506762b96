package org.outguard.capture.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.outguard.capture.EvidenceRing;
import org.outguard.fuzz.FuzzFile;
import org.outguard.fuzz.FuzzTarget;

/** Capture files in the formats pcap and pcapng, plain and packed. */
public final class CaptureFuzz implements FuzzTarget {

    private static final int MOST_BYTES = 8 * 1024;

    private final FuzzFile file = new FuzzFile("trace");

    @Override
    public String name() {
        return "capture";
    }

    @Override
    public List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/capture"))) {
            for (Path one : files.sorted().toList()) {
                byte[] packed = Files.readAllBytes(one);
                try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
                    seeds.add(in.readNBytes(MOST_BYTES));
                }
                seeds.add(Arrays.copyOf(packed, Math.min(packed.length, MOST_BYTES)));
            }
        }
        return seeds;
    }

    @Override
    public List<String> words() {
        return List.of(
                "\n\r\r\n",
                "\u001a+<M",
                "\u0006\0\0\0",
                "\u0003\0\0\0",
                "\u0002\0\0\0",
                "\t\0\u0001\0\u0006",
                "\u0088d",
                "\u0088G",
                "EHLO a\r\n",
                "354 go on\r\n");
    }

    @Override
    public void feed(byte[] input) throws IOException {
        CaptureFileReader reader = new CaptureFileReader(Set.of(), EvidenceRing.none(), told -> {}, now -> {});
        CaptureResult result = reader.read(file.holding(input).toString(), InputStream.nullInputStream());
        if (result instanceof CaptureResult.Ended ended) {
            for (String note : ended.notes()) {
                if (note.contains("could not be read and were passed over")) {
                    throw new IllegalStateException(note);
                }
            }
        }
    }
}
