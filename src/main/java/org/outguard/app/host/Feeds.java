package org.outguard.app.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.outguard.config.FeedFile;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.policy.Listings;
import org.outguard.text.SafeText;

/** The feeds of the policy, read again whenever one of their files is another. One thread uses it. */
public final class Feeds {

    private final List<Path> files;
    private List<String> before = List.of();

    public Feeds(List<Path> files) {
        this.files = List.copyOf(files);
    }

    /** What is to be told of them: what they list and what is wrong with them. Empty where nothing has changed. */
    public List<Observation> look() {
        List<String> now = files.stream().map(Feeds::state).toList();
        if (now.equals(before)) {
            return List.of();
        }
        before = now;
        List<Listings.Entry> entries = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Path file : files) {
            FeedFile.Read read = FeedFile.read(file, FeedFile.MOST_ENTRIES - entries.size());
            entries.addAll(read.entries());
            faults.addAll(read.faults());
        }
        return List.of(
                new HostObservation.FeedsRead(new Listings(entries)),
                new HostObservation.Degraded("feeds", SafeText.clean(String.join("; ", faults))));
    }

    /* What changes with the file; the same for one that is not there. */
    private static String state(Path file) {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
        } catch (IOException e) {
            return "";
        }
    }
}
