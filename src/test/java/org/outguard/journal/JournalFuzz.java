package org.outguard.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.outguard.fuzz.FuzzFile;
import org.outguard.fuzz.FuzzTarget;

/** Journals, as a failing disk or an editor leaves them. */
public final class JournalFuzz implements FuzzTarget {

    private static final Instant NOW = Instant.parse("2026-11-24T03:00:00Z");

    private final FuzzFile file = new FuzzFile("journal.ndjson");

    @Override
    public String name() {
        return "journal";
    }

    @Override
    public List<byte[]> seeds() throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        Random random = new Random(1);
        for (int i = 0; i < 200; i++) {
            Path path = file.holding(new byte[0]);
            Journal journal = new Journal(path);
            for (int lines = 0; lines < 4; lines++) {
                JournalEntry entry = JournalTest.entry(random);
                if (entry instanceof JournalEntry.Decided decided) {
                    journal.before(decided.action());
                } else if (entry instanceof JournalEntry.Ended ended) {
                    journal.after(ended.outcome());
                } else {
                    journal.refused((JournalEntry.Refused) entry);
                }
            }
            byte[] sound = Files.readAllBytes(path);
            seeds.add(sound);
            // Without it every change is seen, and nothing behind it is tried.
            seeds.add(new String(sound, java.nio.charset.StandardCharsets.UTF_8)
                    .replaceAll(",\"crc\":\"[0-9a-f]{8}\"", "")
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return seeds;
    }

    @Override
    public List<String> words() {
        return List.of(
                "null",
                "[]",
                "{}",
                "\"action\":\"block\"",
                "PT2562047788015215H30M7S",
                "+1000000000-12-31T23:59:59Z",
                "\n");
    }

    @Override
    public void feed(byte[] input) throws IOException {
        Journal journal = new Journal(file.holding(input), "boot");
        journal.read();
        journal.standing(NOW);
        journal.promised(NOW);
        journal.unsettled(NOW);
        journal.tail().next();
    }
}
