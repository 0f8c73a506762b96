package org.outguard.headless;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.outguard.text.SafeText;

/**
 * An incident for people, in the order in which a provider reads: what was identified, that it has ceased, how it
 * happened, what was done. The same parts are written as Markdown and as HTML; text from outside is escaped for each, so it
 * is never more than text there.
 */
public final class IncidentReport {

    private static final int MAX_REMOTES = 10;

    /** Most graphs of a page, those of the highest rates. */
    public static final int MOST_GRAPHS = 100;

    private static final String STYLE = """
            body{font-family:sans-serif;max-width:60em;margin:1em auto;padding:0 1em;color:#000;background:#fff}
            table{border-collapse:collapse}
            td,th{border:1px solid #999;padding:.2em .5em;text-align:left;vertical-align:top;overflow-wrap:anywhere}
            figure{margin:1em 0}svg{max-width:100%;height:auto}figcaption{font-size:85%}
            @media print{body{max-width:none;margin:0;padding:0}h2,h3{break-after:avoid}
            figure,tr{break-inside:avoid}path,td,th{print-color-adjust:exact}}
            """;

    private static final Pattern MARKUP = Pattern.compile("[!-+;-@\\[-`{-~]|(?<=(?i:www))\\.|:(?=/)");

    private final Incident incident;
    private final Form form;
    private final Set<String> drawn;
    private final StringBuilder out = new StringBuilder();
    private int figures;

    private IncidentReport(Incident incident, Form form) {
        this.incident = incident;
        this.form = form;
        this.drawn = form == Form.HTML ? highest(incident) : Set.of();
    }

    /* A page of ten thousand pictures would not open. */
    private static Set<String> highest(Incident incident) {
        return incident.offenders().stream()
                .filter(offender -> !offender.rates().isEmpty())
                .sorted(Comparator.comparingDouble(PastOffender::peakPacketsPerSecond)
                        .reversed())
                .limit(MOST_GRAPHS)
                .map(offender -> offender.text("id"))
                .collect(Collectors.toSet());
    }

    /** How the parts are written. */
    private enum Form {
        MARKDOWN,
        HTML
    }

    /** As CommonMark with tables. */
    public static String markdown(Incident incident) {
        return new IncidentReport(incident, Form.MARKDOWN).write();
    }

    /** As one HTML page with the graphs in it, without scripts or links to anything. Its own style is the only one it takes. */
    public static String html(Incident incident) {
        IncidentReport report = new IncidentReport(incident, Form.HTML);
        return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
                + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-"
                + hash(STYLE) + "'\"><title>" + escapeHtml(SafeText.clean(title(incident))) + "</title><style>" + STYLE
                + "</style></head><body>\n" + report.write() + "</body></html>\n";
    }

    private static String hash(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private String write() {
        heading(1, title(incident));
        paragraph("Made " + second(incident.at()) + ". It covers what was recorded since " + second(incident.since())
                + ".");
        heading(2, "Identified");
        if (incident.offenders().isEmpty()) {
            paragraph("Nothing that leaves this machine was judged to be abuse in that time.");
        }
        if (drawn.size() == MOST_GRAPHS) {
            paragraph("There are graphs of the " + MOST_GRAPHS + " highest rates only.");
        }
        incident.offenders().forEach(this::offender);
        incident.traces().forEach(this::chain);
        heading(2, "Done about it");
        if (incident.deeds().isEmpty()) {
            paragraph("Nothing was done by Outguard in that time.");
        } else {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("time", "by", "what", "result", "exact command"));
            incident.deeds()
                    .forEach(deed -> rows.add(List.of(
                            second(deed.action().at()),
                            deed.action().by(),
                            deed.action().step().word() + " "
                                    + deed.action().step().subject(),
                            deed.result(),
                            deed.action().plan().command())));
            table(rows);
        }
        if (!incident.traces().isEmpty()) {
            open();
        }
        return out.toString();
    }

    private void chain(PastTrace trace) {
        heading(2, "How it got in: " + trace.asked());
        List<List<String>> rows = new ArrayList<>(List.of(List.of("fact", "value")));
        rows.addAll(trace.chain());
        table(rows);
        if (!trace.findings().isEmpty()) {
            heading(3, "What else was found");
            List<List<String>> findings = new ArrayList<>(List.of(List.of("severity", "what", "evidence")));
            findings.addAll(trace.findings());
            table(findings);
        }
    }

    private void open() {
        heading(2, "Open");
        List<List<String>> rows = new ArrayList<>(List.of(List.of("what", "command", "undo")));
        incident.traces().forEach(trace -> rows.addAll(trace.open(incident.deeds())));
        if (rows.size() == 1) {
            paragraph("Every step of the clean-up was done.");
        } else {
            table(rows);
        }
    }

    private static String second(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static String title(Incident incident) {
        return "Incident report of " + incident.host();
    }

    private void offender(PastOffender offender) {
        String name = kind(offender) + " to " + remotes(offender, 1);
        heading(3, name);
        if (drawn.contains(offender.text("id"))) {
            RateGraph.html(++figures, offender, name, incident.deeds()).ifPresent(out::append);
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("fact", "value"));
        row(rows, "verdict", offender.text("verdict") + ": " + offender.text("reason"));
        row(rows, "first packet", second(offender.firstSeen()));
        row(rows, "last packet", second(offender.lastSeen()));
        row(rows, "packets", Long.toString(offender.number("packets")));
        row(rows, "bytes", Long.toString(offender.number("bytes")));
        row(rows, "both eyes", offender.counts().orElse(""));
        row(
                rows,
                "highest rate",
                Math.round(offender.peakPacketsPerSecond()) + " packets/s, " + Math.round(offender.peakBitsPerSecond())
                        + " bit/s");
        row(rows, "destinations", remotes(offender, MAX_REMOTES));
        row(
                rows,
                "process",
                offender.owner("pid").isEmpty()
                        ? "the sender is unknown"
                        : offender.owner("pid") + " " + offender.owner("command"));
        row(
                rows,
                "program",
                offender.owner("exe") + (offender.owner("exeDeleted").equals("true") ? " (deleted)" : ""));
        row(rows, "command line", offender.owner("commandLine"));
        row(rows, "script", offender.owner("script"));
        row(rows, "folder", offender.owner("cwd"));
        row(rows, "user", offender.owner("user"));
        row(rows, "unit", offender.owner("unit"));
        row(rows, "container", offender.owner("container"));
        row(rows, "started by", String.join(" < ", offender.parents()));
        row(rows, "match", offender.text("match") + ", " + offender.text("matchedBy"));
        table(rows);
    }

    private static void row(List<List<String>> rows, String name, String value) {
        if (!value.isBlank()) {
            rows.add(List.of(name, value));
        }
    }

    private static String kind(PastOffender offender) {
        return offender.text("kind").toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String remotes(PastOffender offender, int most) {
        List<String> first = offender.remotes().stream()
                .limit(most)
                .map(remote -> (remote.address().contains(":") ? "[" + remote.address() + "]" : remote.address()) + ":"
                        + remote.port())
                .toList();
        long more = offender.number("remoteCount") - first.size();
        return first.isEmpty() ? "many" : String.join(", ", first) + (more > 0 ? " and " + more + " more" : "");
    }

    private void heading(int level, String text) {
        out.append(form == Form.HTML ? "<h" + level + ">" : "#".repeat(level) + " ");
        out.append(escape(text)).append(form == Form.HTML ? "</h" + level + ">\n" : "\n\n");
    }

    private void paragraph(String text) {
        out.append(form == Form.HTML ? "<p>" : "").append(escape(text)).append(form == Form.HTML ? "</p>\n" : "\n\n");
    }

    private void table(List<List<String>> rows) {
        out.append(form == Form.HTML ? "<table>\n" : "");
        for (int i = 0; i < rows.size(); i++) {
            boolean head = i == 0;
            if (form == Form.HTML) {
                String cell = head ? "th" : "td";
                out.append("<tr>");
                rows.get(i)
                        .forEach(text -> out.append('<')
                                .append(cell)
                                .append('>')
                                .append(escape(text))
                                .append("</")
                                .append(cell)
                                .append('>'));
                out.append("</tr>\n");
            } else {
                rows.get(i)
                        .forEach(text -> out.append("| ").append(escape(text)).append(' '));
                out.append("|\n").append(head ? "| --- ".repeat(rows.get(i).size()) + "|\n" : "");
            }
        }
        out.append(form == Form.HTML ? "</table>\n" : "\n");
    }

    private String escape(String text) {
        String safe = SafeText.clean(text);
        return form == Form.HTML ? escapeHtml(safe) : escapeMarkdown(safe);
    }

    static String escapeHtml(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /*
     * A backslash before ASCII punctuation makes it plain (CommonMark 2.4). Dots, colons, slashes and such mean nothing
     * amid a line, so that addresses and paths can be read as they are; but words with www. or :// become links.
     */
    static String escapeMarkdown(String text) {
        return MARKUP.matcher(text).replaceAll("\\\\$0");
    }
}
