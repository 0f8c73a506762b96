package org.outguard.app.output;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.outguard.app.enforce.ProcessWiring;
import org.outguard.app.mail.QueueListing;
import org.outguard.app.wiring.Wiring;
import org.outguard.headless.PastMessage;
import org.outguard.headless.PastOffender;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.QueuedMessage;
import org.outguard.owner.Owner;
import org.outguard.procfs.ProcessFacts;
import org.outguard.procfs.evidence.WorkerRequest;
import org.outguard.trace.Question;

/** Makes out of a word on the command line what is to be traced: a file, a process, an offender, or a message. */
public final class TraceQuestions {

    private static final int MOST_MESSAGES = 1;

    private final Path root;
    private final Records records;
    private final ProcessFacts processes = ProcessWiring.facts();

    public TraceQuestions(Path root, Records records) {
        this.root = root;
        this.records = records;
    }

    /**
     * What is meant; empty where nothing of that name is known.
     *
     * @throws IOException where what was recorded cannot be read
     */
    public Optional<Question> of(String word) throws IOException {
        if (word.contains("/")) {
            return Optional.of(file(word));
        }
        if (word.matches("[1-9]\\d{0,9}")) {
            Optional<Question> process = process(word);
            if (process.isPresent()) {
                return process;
            }
        }
        return word.startsWith("o-") ? offender(word) : message(word);
    }

    private Question file(String word) {
        Path path = Path.of(word).toAbsolutePath().normalize();
        String below = path.startsWith(root) ? "/" + root.relativize(path) : path.toString();
        // Below another root a path is one of that machine.
        String meant = root.equals(Path.of("/")) || path.startsWith(root) ? below : word;
        return new Question(word, Optional.empty(), meant, Optional.empty(), List.of(), Map.of());
    }

    private Optional<Question> process(String word) {
        return Optional.of(word)
                .filter(number -> Long.parseLong(number) <= Integer.MAX_VALUE)
                .flatMap(number -> processes.read(Integer.parseInt(number)))
                .map(owner -> of("process " + word, owner, Optional.empty(), List.of()));
    }

    private Question of(String asked, Owner owner, Optional<Instant> at, List<String> known) {
        List<String> facts = new ArrayList<>(known);
        Map<String, List<String>> request =
                WorkerRequest.of(ProcessWiring.PROC, owner.id().pid());
        request.forEach((name, values) -> facts.add("its memory: " + name + " " + String.join(" ", values)));
        return new Question(asked, Optional.of(owner), script(owner, request), at, facts, request);
    }

    /* Its own script, or that of the worker that started it, or its program where that is none of the system's. */
    private String script(Owner owner, Map<String, List<String>> request) {
        List<String> scripts = request.getOrDefault("SCRIPT_FILENAME", List.of());
        if (!scripts.isEmpty()) {
            // The last one in memory is not always the newest; a worker at work has but one mostly.
            return scripts.get(0);
        }
        if (owner.script().startsWith("/")) {
            return owner.script();
        }
        boolean system = owner.exe().matches("(?s)/(?:usr|bin|sbin|lib\\w*)/.*");
        if (!owner.exe().isEmpty() && !system) {
            return owner.exe();
        }
        for (Owner.Ancestor parent : owner.parents()) {
            List<String> above =
                    WorkerRequest.of(ProcessWiring.PROC, parent.id().pid()).getOrDefault("SCRIPT_FILENAME", List.of());
            if (!above.isEmpty()) {
                return above.get(0);
            }
            String script = processes.read(parent.id().pid()).map(Owner::script).orElse("");
            if (script.startsWith("/")) {
                return script;
            }
        }
        return owner.exe();
    }

    private Optional<Question> offender(String id) throws IOException {
        List<PastOffender> past = records.offenders(
                one -> one.text("id").equals(id), Clock.systemUTC().instant(), message -> {});
        return past.stream().findFirst().map(found -> {
            List<String> facts = new ArrayList<>();
            facts.add(found.text("kind") + " from " + found.firstSeen() + " to " + found.lastSeen() + ": "
                    + found.text("reason"));
            Optional<Owner> running = process(found);
            if (running.isPresent()) {
                return of("offender " + id, running.get(), Optional.of(found.firstSeen()), facts);
            }
            if (!found.owner("pid").isEmpty()) {
                facts.add("process " + found.owner("pid") + " (" + found.owner("command") + ") of "
                        + found.owner("user") + " has ended; program " + found.owner("exe"));
            }
            String script = found.owner("script").startsWith("/") ? found.owner("script") : found.owner("exe");
            return new Question(
                    "offender " + id, Optional.empty(), script, Optional.of(found.firstSeen()), facts, Map.of());
        });
    }

    /* The same process, and no later one with its number. */
    private Optional<Owner> process(PastOffender found) {
        String pid = found.owner("pid");
        return pid.matches("\\d{1,9}")
                ? processes
                        .read(Integer.parseInt(pid))
                        .filter(owner -> Long.toString(owner.id().startTicks()).equals(found.owner("startTime")))
                : Optional.empty();
    }

    private Optional<Question> message(String id) throws IOException {
        Optional<QueuedMessage> queued = QueueListing.read(
                        Wiring.mail(Clock.systemUTC()).systems())
                .messages()
                .stream()
                .filter(message -> message.id().id().equals(id))
                .findFirst();
        if (queued.isPresent()) {
            MailOrigin origin = queued.get().root().origin();
            return Optional.of(mail(
                    id,
                    origin.kind() + " " + origin.who(),
                    origin.script(),
                    queued.get().arrival(),
                    queued.get().sender()));
        }
        List<PastMessage> messages = new ArrayList<>();
        Consumer<PastMessage> take = message -> {
            if (message.queueId().equals(id)) {
                messages.add(message);
                if (messages.size() > MOST_MESSAGES) {
                    // The last line says most.
                    messages.remove(0);
                }
            }
        };
        Instant now = Clock.systemUTC().instant();
        records.messages(Instant.EPOCH, now.plus(Duration.ofDays(1)), take);
        records.offenders(one -> false, now, take);
        return messages.stream()
                .findFirst()
                .map(message -> mail(
                        id,
                        message.kind() + " " + message.who(),
                        message.script(),
                        message.arrival(),
                        message.sender()));
    }

    private static Question mail(String id, String who, String script, Instant at, String sender) {
        return new Question(
                "message " + id,
                Optional.empty(),
                script,
                Optional.of(at),
                List.of("submitted by " + who + " at " + at + ", sender <" + sender + ">"
                        + (script.isEmpty() ? "" : ", script " + script)),
                Map.of());
    }
}
