package org.outguard.app.option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.outguard.app.mail.QueueListing;
import org.outguard.app.wiring.Wiring;
import org.outguard.console.CompletionSource;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.journal.StandingByJournal;
import org.outguard.text.Numbers;
import org.outguard.text.Words;

/** What can be named in a command: from the snapshot on the screen, else from /proc, /etc/passwd and the journal. */
public final class CompletionCandidates implements CompletionSource {

    private static final int MOST = 300;
    private static final Path PROC = Path.of("/proc");
    private static final Path PASSWD = Path.of("/etc/passwd");

    private final Screen screen;
    private final ExecutionTarget place;

    public CompletionCandidates(Screen screen, ExecutionTarget place) {
        this.screen = screen;
        this.place = place;
    }

    /** What is on the screen; empty where there is none. */
    public interface Screen {
        Optional<Snapshot> snapshot();
    }

    @Override
    public List<Suggestion> of(Kind kind) {
        return switch (kind) {
            case OFFENDER -> offenders();
            case PID -> pids();
            case USER -> users();
            case QUEUE_ID -> messages();
            case ACTION -> actions();
        };
    }

    private List<Suggestion> offenders() {
        return screen.snapshot().stream()
                .flatMap(snapshot -> snapshot.talkers().stream())
                .map(talker -> new Suggestion(
                        talker.id(), Words.process(talker) + " of " + Words.user(talker) + ", " + rate(talker)))
                .limit(MOST)
                .toList();
    }

    private List<Suggestion> messages() {
        Optional<Snapshot> snapshot = screen.snapshot();
        Stream<Suggestion> found = snapshot.isPresent()
                ? snapshot.get().mail().messages().stream()
                        .map(message ->
                                new Suggestion(message.id().id(), message.status() + " from " + message.sender()))
                : QueueListing.read(new PlaceOptions().mail().systems()).messages().stream()
                        .map(message -> new Suggestion(
                                message.id().id(), message.status().word() + " from " + message.sender()));
        return found.limit(MOST).toList();
    }

    /* Those on the screen first: it is them that somebody is after. */
    private List<Suggestion> pids() {
        List<Suggestion> shown = screen.snapshot().stream()
                .flatMap(snapshot -> snapshot.talkers().stream())
                .flatMap(talker -> talker.attribution().knownOwner().stream()
                        .filter(owner -> owner.id().isHere())
                        .map(owner -> new Suggestion(
                                Integer.toString(owner.pid()),
                                owner.command() + " of " + owner.user() + ", " + rate(talker))))
                .toList();
        Set<String> named = shown.stream().map(Suggestion::name).collect(Collectors.toSet());
        return Stream.concat(shown.stream(), running().stream().filter(process -> !named.contains(process.name())))
                .distinct()
                .limit(MOST)
                .toList();
    }

    private static String rate(Talker talker) {
        String packets = Numbers.rate(talker.rate().packets1s()) + " packets/s";
        return talker.verdict() == Verdict.CLEAN ? packets : packets + ", " + Words.kind(talker.kind());
    }

    private static List<Suggestion> running() {
        List<Suggestion> found = new ArrayList<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                found.add(new Suggestion(String.valueOf(process.getFileName()), command(process)));
            }
        } catch (IOException e) {
            return List.of();
        }
        Collections.reverse(found);
        return found;
    }

    private static String command(Path process) {
        try {
            return new String(Files.readAllBytes(process.resolve("comm")), StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }

    private static List<Suggestion> users() {
        try (Stream<String> lines = Files.lines(PASSWD, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.split(":", -1))
                    .filter(parts -> parts.length >= 3)
                    .map(parts -> new Suggestion(parts[0], "uid " + parts[2]))
                    .limit(MOST)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private List<Suggestion> actions() {
        Optional<Snapshot> snapshot = screen.snapshot();
        if (snapshot.isPresent()) {
            return snapshot.get().actions().stream()
                    .filter(row -> row.undoable())
                    .map(row -> new Suggestion(
                            row.action().id(),
                            row.action().step().word() + " "
                                    + row.action().step().subject()))
                    .limit(MOST)
                    .toList();
        }
        try {
            return Wiring.journal(place.netns()).standing(Clock.systemUTC().instant()).stream()
                    .map(StandingByJournal::action)
                    .map(action -> new Suggestion(
                            action.id(),
                            action.step().word() + " " + action.step().subject()))
                    .limit(MOST)
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
