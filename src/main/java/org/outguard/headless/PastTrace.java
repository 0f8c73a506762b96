package org.outguard.headless;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.action.Step;
import org.outguard.text.SafeText;

/**
 * How somebody got in, as {@code outguard trace --json} wrote it. Text from outside is in it, and fields may be missing.
 *
 * @param fields of the object
 */
public record PastTrace(Map<String, Object> fields) {

    public PastTrace {
        fields = Map.copyOf(withoutNulls(fields));
    }

    private static Map<String, Object> withoutNulls(Map<String, Object> fields) {
        Map<String, Object> there = new HashMap<>(fields);
        there.values().removeIf(value -> value == null);
        return there;
    }

    /**
     * Reads one object.
     *
     * @throws IOException where it is none of trace
     */
    public static PastTrace read(String json) throws IOException {
        Map<String, Object> fields = JSON.std.mapFrom(json);
        if (!"trace".equals(fields.get("type"))) {
            throw new IOException("it is not what 'outguard trace --json' writes");
        }
        return new PastTrace(fields);
    }

    /** What was traced: {@code "offender o-1"}. */
    public String asked() {
        return text(fields, "asked");
    }

    /** Facts in the order in which they happened, each with its name. */
    List<List<String>> chain() {
        List<List<String>> rows = new ArrayList<>();
        Map<?, ?> requests = map(fields.get("requests"));
        request(rows, "written by", map(requests.get("writtenBy")));
        request(rows, "first named by", map(requests.get("first")));
        request(rows, "at work for", map(requests.get("ran")));
        request(rows, "last called by", map(requests.get("last")));
        for (Object caller : list(requests.get("callers"))) {
            Map<?, ?> one = map(caller);
            rows.add(List.of(
                    "called by",
                    text(one, "address") + ", " + text(one, "count") + " times from " + text(one, "first") + " to "
                            + text(one, "last")));
        }
        Map<?, ?> file = map(fields.get("file"));
        if (!file.isEmpty()) {
            rows.add(List.of(
                    "file",
                    text(file, "path") + ", owner " + text(file, "owner") + ", changed " + text(file, "changed")
                            + ", SHA-256 " + text(file, "sha256")));
            list(file.get("reasons")).forEach(reason -> rows.add(List.of("its code", String.valueOf(reason))));
        }
        Map<?, ?> site = map(fields.get("site"));
        if (!site.isEmpty()) {
            rows.add(List.of("site", text(site, "documentRoot") + " of " + text(site, "server")));
        }
        Map<?, ?> cms = map(fields.get("cms"));
        if (!cms.isEmpty()) {
            rows.add(List.of(
                    "part of",
                    (text(cms, "name") + " " + text(cms, "version") + " " + text(cms, "component") + " "
                                    + text(cms, "componentVersion"))
                            .strip()));
        }
        list(fields.get("facts")).forEach(fact -> rows.add(List.of("process or mail", String.valueOf(fact))));
        list(fields.get("gaps")).forEach(gap -> rows.add(List.of("not seen", String.valueOf(gap))));
        return rows;
    }

    private static void request(List<List<String>> rows, String name, Map<?, ?> request) {
        if (!request.isEmpty()) {
            String confidence = text(request, "confidence");
            rows.add(List.of(
                    name,
                    (confidence.isEmpty() ? "" : confidence + ": ") + text(request, "method") + " "
                            + text(request, "path") + " by " + text(request, "client") + " at " + text(request, "at")));
        }
    }

    /** What else was found: severity, what, and what that rests on. */
    List<List<String>> findings() {
        return list(fields.get("left")).stream()
                .map(PastTrace::map)
                .map(left -> List.of(
                        text(left, "severity"),
                        text(left, "what"),
                        String.join(
                                "; ",
                                list(left.get("evidence")).stream()
                                        .map(String::valueOf)
                                        .toList())))
                .toList();
    }

    /** Steps of the clean-up that are not done, or were undone: what, command, undo. */
    List<List<String>> open(List<Incident.Deed> deeds) {
        Set<String> inForce = inForce(deeds);
        List<List<String>> rows = new ArrayList<>();
        for (Object entry : list(fields.get("plan"))) {
            Map<?, ?> step = map(entry);
            List<String> steps = list(step.get("steps")).stream()
                    .map(PastTrace::map)
                    .map(one -> text(one, "action") + " " + text(one, "subject"))
                    .toList();
            if (steps.isEmpty() || !inForce.containsAll(steps)) {
                rows.add(List.of(text(step, "what"), text(step, "command"), text(step, "undo")));
            }
        }
        return rows;
    }

    /** What was done and not undone, by action and subject as the plan names them. */
    private static Set<String> inForce(List<Incident.Deed> deeds) {
        Map<String, String> byId = new HashMap<>();
        for (Incident.Deed deed : deeds) {
            if (deed.result().startsWith("done")) {
                Step step = deed.action().step();
                byId.put(deed.action().id(), SafeText.clean(step.word() + " " + step.subject()));
                byId.remove(step.undoes());
            }
        }
        return new HashSet<>(byId.values());
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static String text(Map<?, ?> fields, String name) {
        Object value = fields.get(name);
        return value == null ? "" : String.valueOf(value);
    }
}
