package org.outguard.trace;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.outguard.flow.IpAddress;
import org.outguard.guard.action.FileStep;
import org.outguard.owner.Owner;
import org.outguard.text.Severity;
import org.outguard.trace.left.CheckInfo;
import org.outguard.trace.left.LeftChecks;
import org.outguard.trace.left.Leftover;
import org.outguard.trace.left.Mend;
import org.outguard.trace.left.Scene;
import org.outguard.trace.php.PhpScore;
import org.outguard.trace.php.PhpScorer;
import org.outguard.trace.tree.FileEntry;
import org.outguard.trace.tree.ForeignText;
import org.outguard.trace.tree.TreeWalk;
import org.outguard.trace.web.AccessLogs;
import org.outguard.trace.web.RequestBook;
import org.outguard.trace.web.WebRequest;
import org.outguard.trace.web.WebServers;
import org.outguard.trace.web.WebSite;

/** Finds the file behind an offender, the requests that ran and wrote it, and what came with it. Changes nothing. */
public final class Tracer {

    private static final long MOST_BYTES = 64L << 20;
    private static final int MAX_CALLERS = 20;
    private static final int MAX_NAMESAKES = 20;
    private static final int MAX_BLOCKED = 10;
    private static final List<String> TEMPORARY = List.of("/tmp", "/var/tmp", "/dev/shm");
    private static final Set<String> NOT_IN_TRACE = Set.of("package-differs", "setuid");

    private final Scene scene;
    private final WebServers servers;
    private final AccessLogs logs;
    private final Consumer<String> progress;
    private final ForeignText texts;
    private final List<String> gaps = new ArrayList<>();

    /**
     * @param scene the machine
     * @param servers its web servers
     * @param logs reads their logs
     * @param progress is told what is looked at now
     */
    public Tracer(Scene scene, WebServers servers, AccessLogs logs, Consumer<String> progress) {
        this.scene = scene;
        this.servers = servers;
        this.logs = logs;
        this.progress = progress;
        this.texts = scene.texts();
    }

    /** All that can be told. */
    public Trace trace(Question question) {
        List<String> facts = new ArrayList<>(question.facts());
        question.process().ifPresent(owner -> describe(owner, facts));
        Optional<Trace.Suspect> file = path(question).flatMap(this::suspect);
        if (file.isEmpty()) {
            gaps.add(
                    question.file().isEmpty()
                            ? "no file is known behind it: trace the script or program itself by its path"
                            : question.file() + " is not there any more; what it left is looked for all the same");
        }
        String path = file.map(one -> one.entry().path()).orElse(question.file());
        Optional<WebSite> site = servers.serving(path);
        Optional<Cms> cms = path.startsWith("/") ? Cms.of(texts, path) : Optional.empty();
        Optional<Trace.Requests> requests = requests(question, path, file, site);
        List<Trace.Related> related = file.map(one -> related(one, requests)).orElse(List.of());
        progress.accept("what else was left");
        Set<String> checks = LeftChecks.about().stream()
                .map(CheckInfo::id)
                .filter(id -> !NOT_IN_TRACE.contains(id))
                .collect(java.util.stream.Collectors.toSet());
        List<Leftover> left = LeftChecks.look(scene, checks, progress).stream()
                .filter(one -> !one.subject().equals(path))
                .toList();
        gaps.addAll(logs.gaps());
        return new Trace(
                question.asked(),
                facts,
                file,
                site,
                cms,
                requests,
                related,
                left,
                plan(question, file, requests, related, left),
                gaps);
    }

    private static void describe(Owner owner, List<String> facts) {
        facts.add("process " + owner.id().pid() + " (" + owner.command() + ") of " + owner.user() + ", in "
                + owner.cwd());
        facts.add("program " + owner.exe() + (owner.exeDeleted() ? " (deleted)" : ""));
        if (!owner.parents().isEmpty()) {
            facts.add("started by "
                    + String.join(
                            " < ",
                            owner.parents().stream()
                                    .map(one -> one.id().pid() + " " + one.command())
                                    .toList()));
        }
        if (!owner.unit().isEmpty()) {
            facts.add("unit " + owner.unit());
        }
    }

    /* A mail's header names a script without its folder. */
    private Optional<String> path(Question question) {
        String file = question.file();
        if (file.startsWith("/") || file.isEmpty()) {
            return Optional.of(file).filter(path -> !path.isEmpty());
        }
        progress.accept("the served folders for " + file);
        List<FileEntry> namesakes = new ArrayList<>();
        TreeWalk walk = walk();
        for (String root : servers.roots(texts)) {
            walk.walk(root, path -> false, entry -> {
                if (entry.isFile()
                        && entry.name().equals(file)
                        && namesakes.size() < MAX_NAMESAKES
                        && namesakes.stream().noneMatch(known -> known.path().equals(entry.path()))) {
                    namesakes.add(entry);
                }
            });
        }
        walk.cut().ifPresent(why -> gaps.add("not all served folders were looked through for " + file + ": " + why));
        if (namesakes.size() > 1) {
            namesakes.sort(java.util.Comparator.comparing((FileEntry entry) -> -points(entry)));
            gaps.add(namesakes.size() + " files are named " + file
                    + "; the one that looks most like an intruder's is traced, others: "
                    + String.join(
                            ", ",
                            namesakes.stream().skip(1).map(FileEntry::path).toList()));
        }
        return namesakes.stream().map(FileEntry::path).findFirst();
    }

    private int points(FileEntry entry) {
        return texts.head(entry.path(), PhpScorer.MOST_BYTES)
                .map(head -> PhpScorer.score(head).points())
                .orElse(0);
    }

    private TreeWalk walk() {
        return new TreeWalk(texts.root(), texts.foreign(), scene.bounds(), scene.nanos(), scene.stop());
    }

    private Optional<Trace.Suspect> suspect(String path) {
        return texts.entry(path).filter(FileEntry::isFile).map(entry -> {
            byte[] head = texts.head(path, PhpScorer.MOST_BYTES).orElse(new byte[0]);
            boolean php = new String(head, java.nio.charset.StandardCharsets.ISO_8859_1).contains("<?");
            Optional<PhpScore> score = php ? Optional.of(PhpScorer.score(head)) : Optional.empty();
            return new Trace.Suspect(
                    entry,
                    scene.users().name(entry.uid()),
                    texts.digest(path, "SHA-256", MOST_BYTES).orElse(""),
                    score);
        });
    }

    private Optional<Trace.Requests> requests(
            Question question, String path, Optional<Trace.Suspect> file, Optional<WebSite> site) {
        boolean served =
                site.isPresent() || servers.roots(texts).stream().anyMatch(root -> path.startsWith(root + "/"));
        if (!served) {
            return Optional.empty();
        }
        Instant modified = file.map(one -> one.entry().modified()).orElse(Instant.EPOCH);
        Instant changed = file.map(one -> one.entry().changed()).orElse(Instant.EPOCH);
        RequestBook book = new RequestBook(path, site, modified, changed, question.at());
        for (WebSite.Log log : servers.logs(site)) {
            progress.accept("access log " + log.path());
            logs.read(log, book.needles(), book::add);
        }
        if (logs.files() == 0) {
            gaps.add(
                    "no access log was found: without one nobody can say who called it; switch on CustomLog (Apache) or access_log (nginx)");
        }
        List<RequestBook.Caller> callers = book.callers();
        Optional<WebRequest> ran = book.ran();
        return Optional.of(new Trace.Requests(
                book.count(),
                book.others(),
                callers.stream().limit(MAX_CALLERS).toList(),
                callers.size(),
                book.first(),
                book.last(),
                ran,
                ran.map(request -> confidence(question, request)).orElse(""),
                book.writer(),
                book.written()));
    }

    /* The worker says itself whose request it is at; a time alone fits several. */
    private static String confidence(Question question, WebRequest request) {
        boolean client =
                question.request().getOrDefault("REMOTE_ADDR", List.of()).contains(request.client());
        boolean worker = question.process()
                .filter(owner -> owner.id().pid() == request.worker())
                .isPresent();
        if (client || worker) {
            return "strong";
        }
        long seconds = question.at()
                .map(at -> java.time.Duration.between(request.at(), at).abs().toSeconds())
                .orElse(Long.MAX_VALUE);
        return seconds <= 60 ? "probable" : "weak";
    }

    private List<Trace.Related> related(Trace.Suspect file, Optional<Trace.Requests> requests) {
        progress.accept("files that came with it");
        List<String> roots = new ArrayList<>(servers.roots(texts));
        roots.addAll(TEMPORARY);
        scene.users()
                .of(file.entry().uid())
                .map(org.outguard.trace.left.Users.User::home)
                .filter(home -> home.startsWith("/") && home.length() > 1)
                .ifPresent(roots::add);
        TreeWalk walk = walk();
        Relatives relatives = new Relatives(
                texts,
                file,
                requests.map(Trace.Requests::written).orElse(file.entry().written()));
        List<Trace.Related> related = relatives.in(roots, walk);
        walk.cut()
                .ifPresent(why -> gaps.add("not all folders were looked through for files that came with it: " + why));
        if (relatives.neighbours() > 0) {
            gaps.add(relatives.neighbours()
                    + " more files were changed within the same ten minutes by the same user and are not listed");
        }
        return related;
    }

    private List<Trace.Step> plan(
            Question question,
            Optional<Trace.Suspect> file,
            Optional<Trace.Requests> requests,
            List<Trace.Related> related,
            List<Leftover> left) {
        List<Trace.Step> plan = new ArrayList<>();
        Optional<Owner> running = question.process().filter(owner -> scene.live());
        running.ifPresent(owner -> plan.add(new Trace.Step(
                "stop the process until the rest is done",
                "a worker of a web server answers nobody while it is frozen",
                Mend.freeze(owner))));
        // Who called an honest script was a visitor.
        if (file.flatMap(Trace.Suspect::score).filter(PhpScore::malicious).isPresent()) {
            requests.map(Trace.Requests::callers).orElse(List.of()).stream()
                    .limit(MAX_BLOCKED)
                    .flatMap(caller -> IpAddress.parse(caller.address()).stream())
                    .filter(address -> !address.loopback())
                    .forEach(address -> plan.add(new Trace.Step(
                            "keep " + address + " out, which called it",
                            "whoever shares that address, or the proxy that it is, reaches this machine no more",
                            Mend.keepOut(address))));
        }
        // What starts it again goes before the file, or it is back before the list is done.
        left.stream()
                .filter(one -> one.severity() == Severity.HIGH && !takesAway(one))
                .forEach(one ->
                        plan.add(new Trace.Step("end what was left: " + one.what(), "none that is known", one.mend())));
        file.filter(one -> !isSystem(one.entry().path()))
                .ifPresent(one ->
                        plan.add(quarantine("take the file away", one.entry().path(), "its address answers 404 then")));
        related.stream()
                .filter(one -> one.how().startsWith("has the same"))
                .forEach(one ->
                        plan.add(quarantine("take the copy away", one.entry().path(), "its address answers 404 then")));
        left.stream()
                .filter(one -> one.severity() == Severity.HIGH && takesAway(one))
                .forEach(one -> plan.add(new Trace.Step(
                        "take away what was left: " + one.what(), "what uses that file fails then", one.mend())));
        running.ifPresent(owner -> plan.add(new Trace.Step(
                "end the process, with evidence kept",
                "a worker of a web server is started anew by its manager",
                Mend.kill(owner))));
        Set<String> known = new HashSet<>();
        plan.removeIf(step -> !known.add(step.command()));
        return plan;
    }

    private static boolean takesAway(Leftover left) {
        return left.mend().steps().stream().allMatch(FileStep.Quarantine.class::isInstance)
                && !left.mend().steps().isEmpty();
    }

    private static boolean isSystem(String path) {
        return path.matches("(?s)/(?:usr/(?!local/|share/nginx/html/)|bin/|sbin/|lib).*");
    }

    private static Trace.Step quarantine(String what, String path, String risk) {
        return new Trace.Step(what, risk, Mend.quarantine(path));
    }
}
