package org.outguard.app.output;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.outguard.headless.AbuseExplanation;
import org.outguard.headless.History;
import org.outguard.headless.PastMessage;
import org.outguard.headless.PastOffender;
import org.outguard.headless.QuietTraffic;
import org.outguard.headless.RateCurve;
import org.outguard.history.HistoryQuery;
import org.outguard.history.HistoryReader;
import org.outguard.history.RateQuery;
import org.outguard.history.RecordedFlow;
import org.outguard.text.SafeText;

/** All that was recorded: the database of history and the NDJSON of watches, as one. */
public final class Records implements AutoCloseable {

    private static final int MOST_FLOWS = 50;
    private static final int MOST_ASKED = 500;
    private static final Duration EVER = Duration.ofDays(400);

    private final List<Path> files;
    private final @Nullable HistoryReader store;
    private final Optional<String> problem;
    private int fileCount;
    private long damagedLines;
    private boolean more;

    private Records(List<Path> files, @Nullable HistoryReader store, Optional<String> problem) {
        this.files = files;
        this.store = store;
        this.problem = problem;
    }

    /**
     * Opens what there is.
     *
     * @param given files that are named, of either form; where there are none those of the machine
     * @param usual the database of the machine
     */
    public static Records open(List<Path> given, Path usual) throws IOException {
        List<Path> lines = new ArrayList<>();
        Optional<Path> database = given.isEmpty() ? Optional.of(usual) : Optional.empty();
        for (Path file : given) {
            if (isDatabase(file)) {
                database = Optional.of(file);
            } else {
                lines.add(file);
            }
        }
        if (given.isEmpty()) {
            lines = History.filesOf(History.DEFAULT_FOLDER);
        }
        if (database.isEmpty()) {
            return new Records(lines, null, Optional.empty());
        }
        try {
            return new Records(lines, HistoryReader.open(database.get()), Optional.empty());
        } catch (IOException e) {
            return new Records(lines, null, Optional.of(String.valueOf(e.getMessage())));
        }
    }

    /* By its first bytes, as file(1) does. */
    private static boolean isDatabase(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(15), java.nio.charset.StandardCharsets.ISO_8859_1)
                    .equals("SQLite format 3");
        }
    }

    /** Offenders that are wanted, oldest first, each once. */
    public List<PastOffender> offenders(Predicate<PastOffender> wanted, Instant now, Consumer<PastMessage> message)
            throws IOException {
        Map<String, PastOffender> found = new LinkedHashMap<>();
        if (store != null) {
            store.offenders(
                    now.minus(EVER),
                    now.plus(EVER),
                    kept -> PastOffender.of(
                                    kept.line(),
                                    kept.first(),
                                    kept.last(),
                                    kept.peakPacketsPerSecond(),
                                    kept.peakBitsPerSecond())
                            .filter(wanted)
                            .filter(offender -> found.size() < History.MAX_OFFENDERS)
                            .ifPresent(offender -> found.put(offender.text("id"), offender)));
        }
        History past = History.read(files, wanted, message);
        past.offenders()
                .forEach(offender ->
                        found.merge(offender.text("id"), offender, (kept, lines) -> kept.withRates(lines.rates())));
        fileCount = past.files();
        damagedLines = past.damaged();
        more = past.more() || found.size() >= History.MAX_OFFENDERS;
        return List.copyOf(found.values());
    }

    /**
     * The same offenders with their rates over time: by the lines of watches where these have some, else by the database.
     * There it is what the program sent by this protocol, to its destination where there is but one.
     *
     * @param most the database is asked for no more than these, the highest
     */
    public List<PastOffender> withRates(List<PastOffender> offenders, int most) throws IOException {
        if (store == null) {
            return offenders;
        }
        Set<String> asked = offenders.stream()
                .sorted(Comparator.comparingDouble(PastOffender::peakPacketsPerSecond)
                        .reversed())
                .limit(most)
                .filter(offender -> offender.rates().isEmpty())
                .map(offender -> offender.text("id"))
                .collect(Collectors.toSet());
        List<PastOffender> with = new ArrayList<>();
        for (PastOffender offender : offenders) {
            with.add(asked.contains(offender.text("id")) ? offender.withRates(rates(store, offender)) : offender);
        }
        return with;
    }

    private static RateCurve rates(HistoryReader store, PastOffender offender) throws IOException {
        List<PastOffender.Remote> remotes = offender.remotes();
        boolean one = remotes.size() == 1 && offender.number("remoteCount") <= 1;
        String uid = offender.owner("uid");
        RateQuery query = new RateQuery(
                offender.owner("exe").isEmpty() ? offender.owner("command") : offender.owner("exe"),
                uid.matches("\\d{1,10}") ? OptionalLong.of(Long.parseLong(uid)) : OptionalLong.empty(),
                offender.owner("script"),
                offender.text("protocol"),
                one
                        ? Optional.of(new RateQuery.Destination(
                                remotes.get(0).address(), remotes.get(0).port()))
                        : Optional.empty(),
                offender.firstSeen(),
                offender.lastSeen());
        RateCurve[] curve = {RateCurve.NONE};
        store.rates(
                query,
                (from, seconds, packets) -> curve[0] =
                        curve[0].and(RateCurve.of(from, from.plusSeconds(seconds), packets / (double) seconds)));
        boolean known = query.uid().isPresent();
        return curve[0].withNote("of all that " + (known ? "its program" : "unknown senders") + " sent "
                + (one ? "there" : "by this protocol") + "; a rate older than an hour is the mean of its minute");
    }

    /** Messages of a time, by the database. */
    public void messages(Instant from, Instant until, Consumer<PastMessage> taken) throws IOException {
        if (store == null) {
            return;
        }
        store.messages(
                from,
                until,
                kept -> taken.accept(new PastMessage(
                        kept.queueId(),
                        kept.messageId().replaceAll("^[<\\s]+|[>\\s]+$", ""),
                        kept.kind(),
                        kept.who(),
                        kept.uid(),
                        kept.script(),
                        kept.sender(),
                        kept.recipients(),
                        kept.sent(),
                        kept.status(),
                        kept.arrival(),
                        kept.trusted())));
    }

    /** Who sent something there that was no offence. */
    public List<PastOffender> quiet(List<AbuseExplanation.Asked> asked, Instant now) throws IOException {
        List<PastOffender> found = new ArrayList<>();
        if (store == null) {
            return found;
        }
        for (AbuseExplanation.Asked one : asked.subList(0, Math.min(MOST_ASKED, asked.size()))) {
            // Neither a time nor an address would name everybody.
            if (one.from().isEmpty() && one.address().isEmpty()) {
                continue;
            }
            HistoryQuery time = HistoryQuery.of(
                    one.from().orElse(now.minus(EVER)), one.until().orElse(now));
            List<RecordedFlow> flows = store.flows(time.to(one.address(), one.port(), one.protocol()), MOST_FLOWS);
            if (flows.isEmpty() && one.port().isPresent() && one.from().isPresent()) {
                // Of one who sends everywhere not each destination is kept.
                flows = store.flows(time.to(Optional.of(""), one.port(), one.protocol()), MOST_FLOWS);
            }
            found.addAll(quiet(flows));
        }
        return found;
    }

    private static List<PastOffender> quiet(List<RecordedFlow> flows) {
        Map<String, QuietTraffic> byOwner = new LinkedHashMap<>();
        for (RecordedFlow flow : flows) {
            String id = "history-" + flow.owner().id();
            byOwner.computeIfAbsent(
                            id + flow.protocol(),
                            k -> new QuietTraffic(
                                    id,
                                    flow.owner().facts(),
                                    flow.protocol(),
                                    flow.verdict().name()))
                    .add(flow.remote(), flow.port(), flow.packets(), flow.bytes(), flow.first(), flow.last());
        }
        return byOwner.values().stream().map(QuietTraffic::done).toList();
    }

    /** When nothing was recorded of what is asked about, a sentence each. */
    public List<String> gaps(List<AbuseExplanation.Asked> asked) throws IOException {
        List<String> words = new ArrayList<>();
        for (AbuseExplanation.Asked one : asked.subList(0, Math.min(MOST_ASKED, asked.size()))) {
            if (store != null && one.from().isPresent() && one.until().isPresent()) {
                for (HistoryReader.Gap gap :
                        store.gaps(one.from().get(), one.until().get())) {
                    String line =
                            "nothing was recorded from " + gap.from() + " to " + gap.until() + ": " + gap.reason();
                    if (!words.contains(line)) {
                        words.add(line);
                    }
                }
            }
        }
        return words;
    }

    /** Says what of it could not be read, and where there was nothing. */
    public void warn(PrintWriter err) {
        if (fileCount == 0 && store == null) {
            err.println("outguard: nothing was recorded: there is no NDJSON in " + History.DEFAULT_FOLDER
                    + "; name files with --history");
        }
        // With lines of a watch there is something to answer from.
        problem.filter(words -> fileCount == 0 || !words.startsWith("there is no"))
                .ifPresent(words -> err.println("outguard: " + SafeText.clean(words)));
        if (damagedLines > 0) {
            err.println("outguard: lines that could not be read: " + damagedLines);
        }
    }

    /** Whether there was nothing at all. */
    public boolean nothing() {
        return fileCount == 0 && store == null;
    }

    /** Whether there were more offenders than are kept. */
    public boolean more() {
        return more;
    }

    @Override
    public void close() {
        if (store != null) {
            store.close();
        }
    }
}
