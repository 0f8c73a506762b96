package org.outguard.app.screen;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.outguard.app.run.Watcher;
import org.outguard.app.wiring.Wiring;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.guard.port.EvidenceStore;
import org.outguard.guard.snapshot.Talker;
import org.outguard.headless.evidence.EvidenceResult;
import org.outguard.headless.evidence.EvidenceWriter;
import org.outguard.mail.QueueId;
import org.outguard.mta.MailSystem;
import org.outguard.owner.Owner;
import org.outguard.tui.table.Lookups;

/**
 * Looks up what the pages of the screen show, one thing after the other on a thread of its own. What was found is kept for a
 * while, and looked up anew behind that while the old is shown.
 */
final class ScreenLookups implements Lookups, AutoCloseable {

    private static final int MOST_KEPT = 64;
    private static final int MOST_WAITING = 8;

    /* All that the capture keeps, so that the newest are among them. */
    private static final int ALL_PACKETS = 4_096;

    /* A larger program is not read only to be named. */
    private static final long LARGEST_FILE = 256L << 20;

    private static final int MOST_LINES = 2_000;
    private static final int MOST_NETWORKS = 256;
    private static final long SECOND = 1_000_000_000L;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

    private final Path evidence;
    private final NetworkFiles networkFiles = new NetworkFiles(NetworkFiles.FOLDERS);
    private final LongSupplier nanoTime;
    private final ThreadPoolExecutor thread;
    private final Map<String, Found> found = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Found> eldest) {
            return size() > MOST_KEPT;
        }
    });
    private volatile @Nullable Watcher watcher;

    /** What was found, and when; without a value while that is going on for the first time. */
    private record Found(@Nullable Object value, long atNanos, boolean running) {}

    /**
     * Nothing can be looked up before {@link #begin}.
     *
     * @param evidence folder for exported packets
     */
    ScreenLookups(Path evidence, LongSupplier nanoTime) {
        this.evidence = evidence;
        this.nanoTime = nanoTime;
        this.thread = new ThreadPoolExecutor(
                0,
                1,
                10,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(MOST_WAITING),
                Wiring.daemons("look-ups"),
                new ThreadPoolExecutor.DiscardOldestPolicy());
    }

    void begin(Watcher watching) {
        watcher = watching;
    }

    @Override
    public void close() {
        thread.shutdownNow();
        networkFiles.close();
    }

    private <T> Optional<T> ask(Class<T> type, String key, long keepSeconds, Supplier<T> look) {
        long now = nanoTime.getAsLong();
        Found known = found.get(key);
        boolean old = known == null || now - known.atNanos() > keepSeconds * SECOND;
        if (old && (known == null || !known.running() || now - known.atNanos() > 30 * SECOND)) {
            found.put(key, new Found(known == null ? null : known.value(), now, true));
            thread.execute(() -> found.put(key, new Found(look.get(), nanoTime.getAsLong(), false)));
        }
        return known == null
                ? Optional.empty()
                : Optional.ofNullable(known.value()).map(type::cast);
    }

    /** A list of its own type, so that what was found can be told apart. */
    private record Packets(List<EvidenceStore.Packet> newest) {}

    /** As {@link Packets}. */
    private record Text(List<String> lines) {}

    @Override
    public Optional<List<EvidenceStore.Packet>> packets(Talker talker) {
        return ask(Packets.class, "packets " + talker.id(), 1, () -> newest(talker))
                .map(Packets::newest);
    }

    private Packets newest(Talker talker) {
        Watcher watching = watcher;
        if (watching == null) {
            return new Packets(List.of());
        }
        Set<Endpoint> remotes =
                talker.remotes().stream().map(Talker.RemoteTotal::remote).collect(Collectors.toSet());
        List<EvidenceStore.Packet> all = watching.evidence().packetsTo(remotes, ALL_PACKETS);
        List<EvidenceStore.Packet> newest =
                new ArrayList<>(all.subList(Math.max(0, all.size() - MOST_PACKETS), all.size()));
        Collections.reverse(newest);
        return new Packets(newest);
    }

    @Override
    public Optional<List<String>> message(QueueId id) {
        return ask(Text.class, "message " + id, 10, () -> text(id)).map(Text::lines);
    }

    private Text text(QueueId id) {
        Watcher watching = watcher;
        List<MailSystem> systems =
                watching == null ? List.of() : watching.mail().systems();
        return new Text(systems.stream()
                .filter(system -> system.instance().equals(id.instance()))
                .map(system -> system.text(id, true))
                .filter(text -> !text.isEmpty())
                .findFirst()
                .map(text -> text.lines().limit(MOST_LINES).toList())
                .orElse(List.of()));
    }

    @Override
    public Optional<String> file(Talker talker) {
        Optional<Owner> owner = talker.attribution().knownOwner();
        if (owner.isEmpty() || !owner.get().id().isHere()) {
            return Optional.of("");
        }
        int pid = owner.get().id().pid();
        // By the process, since its file may be deleted or lie in another mount namespace.
        return ask(
                String.class,
                "file " + pid + " " + owner.get().id().startTicks(),
                3_600,
                () -> file(Path.of("/proc", Integer.toString(pid), "exe")));
    }

    private static String file(Path path) {
        try {
            long size = Files.size(path);
            Instant changed = Files.getLastModifiedTime(path).toInstant();
            String when = TIME.format(changed.atZone(ZoneId.systemDefault()));
            return size > LARGEST_FILE
                    ? size + " bytes, changed " + when + "; too large to be hashed here"
                    : "sha256 " + sha256(path) + ", " + size + " bytes, changed " + when;
        } catch (IOException e) {
            return "";
        }
    }

    private static String sha256(Path path) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public Optional<String> export(Talker talker) {
        return ask(String.class, "export " + talker.id(), 5, () -> write(talker));
    }

    @Override
    public Optional<String> exported(Talker talker) {
        return Optional.ofNullable(found.get("export " + talker.id()))
                .map(Found::value)
                .map(String.class::cast);
    }

    @Override
    public Optional<Networks> networks(Talker talker) {
        return ask(Networks.class, "networks " + talker.id(), 10, () -> networksOf(talker));
    }

    /* On the thread of look-ups, as all that is opened there. */
    private Networks networksOf(Talker talker) {
        Map<IpAddress, String> found = new HashMap<>();
        for (Talker.RemoteTotal remote : talker.remotes()) {
            IpAddress address = remote.remote().address();
            String network = found.size() < MOST_NETWORKS ? networkFiles.of(address) : "";
            if (!network.isEmpty()) {
                found.put(address, network);
            }
        }
        return new Networks(found, networkFiles.faults());
    }

    private String write(Talker talker) {
        Watcher watching = watcher;
        if (watching == null) {
            return "nothing was captured yet";
        }
        EvidenceResult result = new EvidenceWriter(evidence, watching.evidence()).export(talker);
        return result instanceof EvidenceResult.Kept kept
                ? "exported " + kept.packets() + " packets: " + kept.file()
                : "not exported: " + ((EvidenceResult.NotKept) result).reason();
    }
}
