package org.outguard.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.text.SafeText;
import org.outguard.trace.left.Leftover;
import org.outguard.trace.tree.FileEntry;
import org.outguard.trace.web.RequestBook;
import org.outguard.trace.web.WebRequest;

/** What {@code outguard trace} prints: for people in the order in which they ask, for programs as one object. */
public final class TraceReport {

    private static final JSON ASCII = JSON.builder(JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build())
            .enable(JSON.Feature.WRITE_NULL_PROPERTIES)
            .build();

    private TraceReport() {}

    /** For people; nothing in it moves a cursor. */
    public static String text(Trace trace) {
        StringBuilder out = new StringBuilder();
        facts(trace).forEach(section -> {
            out.append(SafeText.clean(section.title())).append('\n');
            section.lines()
                    .forEach(line ->
                            out.append("  ").append(SafeText.clean(line)).append('\n'));
            out.append('\n');
        });
        return out.toString();
    }

    /**
     * A part of the report.
     *
     * @param title its head
     * @param lines text from outside is in them
     */
    public record Section(String title, List<String> lines) {}

    /** The parts, as a report has them too. */
    public static List<Section> facts(Trace trace) {
        List<Section> sections = new ArrayList<>();
        List<String> about = new ArrayList<>(trace.facts());
        trace.file().ifPresent(file -> {
            about.add("file " + entry(file.entry(), file.owner()));
            if (!file.sha256().isEmpty()) {
                about.add("SHA-256 " + file.sha256());
            }
            file.score().ifPresent(score -> {
                about.add("its code: "
                        + (score.malicious()
                                ? "does what no honest program does"
                                : score.suspicious()
                                        ? "does some of what web shells do"
                                        : "nothing that web shells do"));
                score.reasons().forEach(reason -> about.add("  " + reason));
            });
        });
        trace.site()
                .ifPresent(site -> about.add("site "
                        + (site.names().isEmpty() ? "(the server itself)" : String.join(" ", site.names())) + " of "
                        + site.server() + ", served from " + site.documentRoot() + ", by " + site.config()));
        trace.cms()
                .ifPresent(cms -> about.add("part of " + cms.name() + version(cms.version()) + " in " + cms.root()
                        + (cms.component().isEmpty() ? "" : ", " + cms.component() + version(cms.componentVersion()))));
        sections.add(new Section("Behind " + trace.asked(), about));
        trace.requests().ifPresent(requests -> sections.add(new Section("How it was called", calls(requests))));
        if (!trace.related().isEmpty()) {
            sections.add(new Section(
                    "Files that came with it",
                    trace.related().stream()
                            .map(one -> one.entry().path() + " " + one.how())
                            .toList()));
        }
        if (!trace.left().isEmpty()) {
            List<String> lines = new ArrayList<>();
            for (Leftover left : trace.left()) {
                lines.add(left.severity().word() + ": " + left.what());
                left.evidence().forEach(fact -> lines.add("  " + fact));
            }
            sections.add(new Section("What else was left on this machine", lines));
        }
        if (!trace.plan().isEmpty()) {
            List<String> lines = new ArrayList<>();
            int number = 0;
            for (Trace.Step step : trace.plan()) {
                lines.add(++number + ". " + step.what());
                lines.add("   runs: " + step.command());
                lines.add("   risk: " + step.risk());
                lines.add("   undo: " + step.undo());
            }
            sections.add(new Section("How to end it, in this order", lines));
        }
        if (!trace.gaps().isEmpty()) {
            sections.add(new Section("Not seen", trace.gaps()));
        }
        return sections;
    }

    private static String times(long count) {
        return count + (count == 1 ? " time" : " times");
    }

    private static String version(String version) {
        return version.isEmpty() ? "" : " " + version;
    }

    private static String entry(FileEntry entry, String owner) {
        return entry.path() + ", owner " + owner + ", mode " + entry.permissions() + ", " + entry.size()
                + " bytes, written " + entry.modified() + ", changed " + entry.changed();
    }

    private static List<String> calls(Trace.Requests requests) {
        List<String> lines = new ArrayList<>();
        requests.writer().ifPresent(writer -> {
            lines.add(writer.confidence() + ": written by " + writer.request().words() + " at "
                    + writer.request().at());
            writer.reasons().forEach(reason -> lines.add("  " + reason));
        });
        if (requests.count() == 0) {
            lines.add("no request in the access logs names it");
            return lines;
        }
        requests.first().ifPresent(first -> lines.add("first named at " + first.at() + " by " + first.words()));
        requests.ran()
                .ifPresent(ran ->
                        lines.add(requests.ranConfidence() + ": at work for " + ran.words() + " at " + ran.at()));
        requests.last().ifPresent(last -> lines.add("last called at " + last.at() + " by " + last.words()));
        lines.add("called " + times(requests.count()) + " by " + requests.clients()
                + (requests.clients() == 1 ? " client" : " clients"));
        for (RequestBook.Caller caller : requests.callers()) {
            lines.add("  " + caller.address() + ": " + times(caller.count()) + ", from " + caller.first() + " to "
                    + caller.last() + ", " + caller.agent());
        }
        return lines;
    }

    /** For programs: one object in one line. */
    public static String json(Trace trace, Instant at) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("type", "trace");
        all.put("at", at.toString());
        all.put("asked", safe(trace.asked()));
        all.put("facts", trace.facts().stream().map(SafeText::clean).toList());
        all.put("file", trace.file().map(TraceReport::file).orElse(null));
        all.put(
                "site",
                trace.site()
                        .map(site -> map(
                                "server",
                                site.server(),
                                "names",
                                site.names(),
                                "documentRoot",
                                safe(site.documentRoot()),
                                "config",
                                safe(site.config())))
                        .orElse(null));
        all.put(
                "cms",
                trace.cms()
                        .map(cms -> map(
                                "name",
                                cms.name(),
                                "version",
                                safe(cms.version()),
                                "root",
                                safe(cms.root()),
                                "component",
                                safe(cms.component()),
                                "componentVersion",
                                safe(cms.componentVersion())))
                        .orElse(null));
        all.put("requests", trace.requests().map(TraceReport::requests).orElse(null));
        all.put(
                "related",
                trace.related().stream()
                        .map(one -> map("path", safe(one.entry().path()), "how", one.how()))
                        .toList());
        all.put(
                "left",
                trace.left().stream()
                        .map(one -> map(
                                "id",
                                one.check(),
                                "severity",
                                one.severity().word(),
                                "subject",
                                safe(one.subject()),
                                "what",
                                safe(one.what()),
                                "evidence",
                                one.evidence().stream().map(SafeText::clean).toList(),
                                "fix",
                                safe(one.mend().command()),
                                "undo",
                                one.mend().undo()))
                        .toList());
        all.put(
                "plan",
                trace.plan().stream()
                        .map(one -> map(
                                "what",
                                safe(one.what()),
                                "command",
                                safe(one.command()),
                                "risk",
                                one.risk(),
                                "steps",
                                one.mend().steps().stream()
                                        .map(step -> map("action", step.word(), "subject", safe(step.subject())))
                                        .toList(),
                                "undo",
                                one.undo()))
                        .toList());
        all.put("gaps", trace.gaps().stream().map(SafeText::clean).toList());
        try {
            return ASCII.asString(all) + "\n";
        } catch (IOException e) {
            throw new UncheckedIOException("in memory", e);
        }
    }

    private static Map<String, @Nullable Object> file(Trace.Suspect file) {
        FileEntry entry = file.entry();
        return map(
                "path", safe(entry.path()),
                "owner", safe(file.owner()),
                "uid", Integer.toUnsignedLong(entry.uid()),
                "mode", entry.permissions(),
                "bytes", entry.size(),
                "modified", entry.modified().toString(),
                "changed", entry.changed().toString(),
                "sha256", file.sha256().isEmpty() ? null : file.sha256(),
                "score", file.score().map(score -> (Object) score.points()).orElse(null),
                "reasons",
                        file.score()
                                .map(score -> score.reasons().stream()
                                        .map(SafeText::clean)
                                        .toList())
                                .orElse(List.of()));
    }

    private static Map<String, @Nullable Object> requests(Trace.Requests requests) {
        return map(
                "count", requests.count(),
                "clients", requests.clients(),
                "callers",
                        requests.callers().stream()
                                .map(one -> map(
                                        "address",
                                        safe(one.address()),
                                        "count",
                                        one.count(),
                                        "first",
                                        one.first().toString(),
                                        "last",
                                        one.last().toString(),
                                        "agent",
                                        safe(one.agent()),
                                        "lastStatus",
                                        one.lastStatus()))
                                .toList(),
                "first", requests.first().map(TraceReport::request).orElse(null),
                "last", requests.last().map(TraceReport::request).orElse(null),
                "ran",
                        requests.ran()
                                .map(ran -> with(request(ran), "confidence", requests.ranConfidence()))
                                .orElse(null),
                "writtenBy",
                        requests.writer()
                                .map(writer -> with(
                                        with(request(writer.request()), "confidence", writer.confidence()),
                                        "reasons",
                                        writer.reasons()))
                                .orElse(null));
    }

    private static Map<String, @Nullable Object> request(WebRequest request) {
        return map(
                "at", request.at().toString(),
                "client", safe(request.client()),
                "forwarded", request.forwarded().isEmpty() ? null : safe(request.forwarded()),
                "method", safe(request.method()),
                "path", safe(request.path()),
                "query", safe(request.query()),
                "status", request.status(),
                "agent", safe(request.agent()),
                "log", safe(request.log()));
    }

    private static Map<String, @Nullable Object> with(Map<String, @Nullable Object> map, String name, Object value) {
        map.put(name, value);
        return map;
    }

    private static Map<String, @Nullable Object> map(@Nullable Object... pairs) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            map.put(String.valueOf(pairs[i]), pairs[i + 1]);
        }
        return map;
    }

    private static String safe(String text) {
        return Optional.of(text).map(SafeText::clean).orElse("");
    }
}
