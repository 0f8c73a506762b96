package org.outguard.trace.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What access logs say of one script: who called it, how often, since when, and which request may have written it. Bounded,
 * however many clients there are.
 */
public final class RequestBook {

    private static final int MAX_CLIENTS = 20_000;
    private static final int MAX_CANDIDATES = 2_000;
    private static final Duration BEFORE = Duration.ofMinutes(10);
    private static final Duration AFTER = Duration.ofSeconds(60);

    private static final Pattern TAKES_FILES = Pattern.compile(
            "(?i).*(?:upload|async-|media|import|install|plugin|theme|editor|filemanager|elfinder|connector|kcfinder|admin-ajax|wp-json|xmlrpc|rest_route|api|attachment|revslider|gravity|com_media|com_jce|backup|restore).*");

    private final String script;
    private final Optional<WebSite> site;
    private final Instant modified;
    private final Instant changed;
    private final Optional<Instant> ranAt;

    private final Map<String, Caller> callers = new HashMap<>();
    private final PriorityQueue<WebRequest> nearModified;
    private final PriorityQueue<WebRequest> nearChanged;
    private long count;
    private long others;
    private @Nullable WebRequest first;
    private @Nullable WebRequest last;
    private @Nullable WebRequest ran;
    private @Nullable Instant answered;

    /**
     * @param script path of the file
     * @param site that serves it, where one is known
     * @param modified when it says that it was written
     * @param changed when it was last changed in any way, by the kernel
     * @param ranAt when it was at work, where that is known
     */
    public RequestBook(
            String script, Optional<WebSite> site, Instant modified, Instant changed, Optional<Instant> ranAt) {
        this.script = script;
        this.site = site;
        this.modified = modified;
        this.changed = changed;
        this.ranAt = ranAt;
        this.nearModified = farthestFirst(modified);
        this.nearChanged = farthestFirst(changed);
    }

    /** What a line must have in it to be worth reading. */
    public List<String> needles() {
        int slash = script.lastIndexOf('/');
        List<String> needles = new ArrayList<>(
                List.of(script.substring(slash + 1), "%", "\\x", "POST", "PUT", "PATCH", "MOVE", "COPY"));
        if (isIndex()) {
            needles.add(script.substring(script.lastIndexOf('/', slash - 1) + 1, slash + 1));
            // Of the index of a whole site: "GET / HTTP/1.1", "/?a=b", and both as JSON.
            needles.addAll(List.of(" / ", "/?", "\"/\""));
        }
        return needles;
    }

    /**
     * A client that called the script.
     *
     * @param address of the connection, and what it claims to be
     * @param count of its requests
     */
    public record Caller(String address, long count, Instant first, Instant last, String agent, int lastStatus) {
        Caller and(WebRequest next) {
            boolean later = !next.at().isBefore(last);
            return new Caller(
                    address,
                    count + 1,
                    next.at().isBefore(first) ? next.at() : first,
                    later ? next.at() : last,
                    later ? next.agent() : agent,
                    later ? next.status() : lastStatus);
        }
    }

    /**
     * A request that probably wrote the script.
     *
     * @param confidence {@code "strong"}, {@code "probable"}, {@code "weak"}
     * @param reasons facts that speak for it
     */
    public record Writer(WebRequest request, String confidence, List<String> reasons) {
        public Writer {
            reasons = List.copyOf(reasons);
        }
    }

    /** A request of a log, in any order. */
    public void add(WebRequest request) {
        if (names(request)) {
            count++;
            first = first == null || request.at().isBefore(first.at()) ? request : first;
            boolean served = request.status() >= 200 && request.status() < 400;
            if (served && (answered == null || request.at().isBefore(answered))) {
                answered = request.at();
            }
            last = last == null || request.at().isAfter(last.at()) ? request : last;
            if (ranAt.isPresent() && !request.at().isAfter(ranAt.get().plus(AFTER))) {
                ran = ran == null || closer(request, ran, ranAt.get()) ? request : ran;
            }
            Caller known = callers.get(request.client());
            if (known != null) {
                callers.put(request.client(), known.and(request));
            } else if (callers.size() < MAX_CLIENTS) {
                callers.put(
                        request.client(),
                        new Caller(request.client(), 1, request.at(), request.at(), request.agent(), request.status()));
            } else {
                others++;
            }
        } else if (request.brings()) {
            keep(request, nearModified, modified);
            keep(request, nearChanged, changed);
        }
    }

    /* Of too many those that are farthest go, so that no flood crowds the writer out. */
    private static void keep(WebRequest request, PriorityQueue<WebRequest> kept, Instant written) {
        if (near(request.at(), written)) {
            kept.add(request);
            if (kept.size() > MAX_CANDIDATES) {
                kept.remove();
            }
        }
    }

    private static PriorityQueue<WebRequest> farthestFirst(Instant from) {
        return new PriorityQueue<>(Comparator.comparing((WebRequest request) ->
                        Duration.between(request.at(), from).abs())
                .reversed());
    }

    private static boolean near(Instant at, Instant written) {
        return at.isAfter(written.minus(BEFORE)) && at.isBefore(written.plus(AFTER));
    }

    /**
     * When it was written. The kernel's word is the later of both times; but what was called with success before that was there
     * already, and was only changed then.
     */
    public Instant written() {
        boolean earlier = answered != null && answered.isBefore(changed.minus(AFTER)) && modified.isBefore(changed);
        return earlier ? modified : changed;
    }

    private static boolean closer(WebRequest one, WebRequest other, Instant to) {
        return Duration.between(one.at(), to)
                        .abs()
                        .compareTo(Duration.between(other.at(), to).abs())
                < 0;
    }

    /* What stands behind the script's name is handed to it (PATH_INFO); a folder's address runs its index. */
    private boolean names(WebRequest request) {
        String path = request.path();
        String name = script.substring(script.lastIndexOf('/'));
        for (int at = path.indexOf(name); at >= 0; at = path.indexOf(name, at + 1)) {
            int end = at + name.length();
            if ((end == path.length() || path.charAt(end) == '/') && calls(path.substring(0, end), request)) {
                return true;
            }
        }
        return isIndex() && path.endsWith("/") && calls(path + name.substring(1), request);
    }

    private boolean isIndex() {
        return script.substring(script.lastIndexOf('/') + 1).startsWith("index.");
    }

    /* With a site the path below its root; without, a path that is the end of the file's, from a slash on. */
    private boolean calls(String called, WebRequest request) {
        return site.filter(one -> script.startsWith(one.documentRoot() + "/"))
                .map(one -> script.equals(one.documentRoot() + called)
                        || foreignHost(request, one) && script.endsWith(called))
                .orElseGet(() -> script.endsWith(called));
    }

    private static boolean foreignHost(WebRequest request, WebSite site) {
        return !request.host().isEmpty() && !site.names().contains(request.host());
    }

    /** How often it was called. */
    public long count() {
        return count;
    }

    /** Calls of clients that are not listed. */
    public long others() {
        return others;
    }

    /** Who called it, most calls first. */
    public List<Caller> callers() {
        return callers.values().stream()
                .sorted(Comparator.comparingLong(Caller::count).reversed().thenComparing(Caller::first))
                .toList();
    }

    /** The first request that ever named it, whatever was answered. */
    public Optional<WebRequest> first() {
        return Optional.ofNullable(first);
    }

    /** The last one. */
    public Optional<WebRequest> last() {
        return Optional.ofNullable(last);
    }

    /** The one that was closest to when it was at work. */
    public Optional<WebRequest> ran() {
        return Optional.ofNullable(ran);
    }

    /** The request that probably wrote it; empty where none is near. */
    public Optional<Writer> writer() {
        Writer best = null;
        int most = 0;
        Instant written = written();
        List<WebRequest> candidates = new ArrayList<>(written.equals(changed) ? nearChanged : nearModified);
        candidates.sort(Comparator.comparing(WebRequest::at));
        for (WebRequest request : candidates) {
            List<String> reasons = new ArrayList<>();
            int points = points(request, written, reasons);
            if (points > most) {
                most = points;
                best = new Writer(request, points >= 8 ? "strong" : points >= 5 ? "probable" : "weak", reasons);
            }
        }
        return Optional.ofNullable(best);
    }

    private int points(WebRequest request, Instant written, List<String> reasons) {
        long seconds = Duration.between(request.at(), written).toSeconds();
        int points = 1;
        reasons.add("a " + request.method() + " " + (seconds >= 0 ? seconds + " s before" : -seconds + " s after")
                + " the file was written");
        points += Math.abs(seconds) <= 2 ? 3 : Math.abs(seconds) <= 15 ? 2 : Math.abs(seconds) <= 60 ? 1 : 0;
        if (TAKES_FILES.matcher(request.path() + "?" + request.query()).matches()) {
            points += 2;
            reasons.add("its path takes files or changes plugins");
        }
        Caller caller = callers.get(request.client());
        if (caller != null) {
            points += 2;
            reasons.add(
                    "the same client called the file " + caller.count() + (caller.count() == 1 ? " time" : " times"));
        }
        if (first != null
                && first.client().equals(request.client())
                && !first.at().isBefore(request.at())) {
            points += 1;
            reasons.add("that client was the first to call it");
        }
        if (request.status() >= 200 && request.status() < 400) {
            points += 1;
        } else if (request.status() >= 400) {
            points -= 2;
            reasons.add("but it was answered " + request.status());
        }
        return points;
    }
}
