package org.outguard.headless.complaint.mail;

import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a person sees of an HTML page, as far as lines and columns go: a row of a table is a line, a cell ends with a tab. One
 * pass over the characters, whatever is nested or left open.
 */
final class HtmlText {

    private static final Set<String> HIDDEN = Set.of("style", "script", "head", "title", "template", "noscript");
    private static final Set<String> LINES = Set.of(
            "p",
            "div",
            "br",
            "tr",
            "li",
            "ul",
            "ol",
            "table",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "blockquote",
            "hr",
            "section",
            "article",
            "dt",
            "dd",
            "dl",
            "thead",
            "tbody",
            "body");
    private static final Map<String, String> ENTITIES = Map.ofEntries(
            Map.entry("amp", "&"),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("quot", "\""),
            Map.entry("apos", "'"),
            Map.entry("nbsp", " "),
            Map.entry("ensp", " "),
            Map.entry("emsp", " "),
            Map.entry("thinsp", " "),
            Map.entry("shy", ""),
            Map.entry("zwnj", ""),
            Map.entry("rarr", "->"),
            Map.entry("rArr", "=>"),
            Map.entry("larr", "<-"),
            Map.entry("ndash", "-"),
            Map.entry("mdash", "-"),
            Map.entry("minus", "-"),
            Map.entry("middot", "\u00b7"),
            Map.entry("colon", ":"),
            Map.entry("period", "."),
            Map.entry("auml", "\u00e4"),
            Map.entry("ouml", "\u00f6"),
            Map.entry("uuml", "\u00fc"),
            Map.entry("Auml", "\u00c4"),
            Map.entry("Ouml", "\u00d6"),
            Map.entry("Uuml", "\u00dc"),
            Map.entry("szlig", "\u00df"),
            Map.entry("eacute", "\u00e9"),
            Map.entry("egrave", "\u00e8"),
            Map.entry("agrave", "\u00e0"),
            Map.entry("ccedil", "\u00e7"),
            Map.entry("hellip", "..."),
            Map.entry("rsquo", "'"),
            Map.entry("lsquo", "'"),
            Map.entry("rdquo", "\""),
            Map.entry("ldquo", "\""));

    private static final int MAX_ENTITY = 10;

    private final String html;
    private final StringBuilder text;
    private int at;
    private boolean literal;
    private boolean inCell;

    private HtmlText(String html) {
        this.html = html;
        this.text = new StringBuilder(html.length());
    }

    static String of(String html) {
        return new HtmlText(html).read();
    }

    private String read() {
        while (at < html.length()) {
            char c = html.charAt(at);
            if (c == '<' && at + 1 < html.length() && opensTag(html.charAt(at + 1))) {
                tag();
            } else if (c == '&') {
                entity();
            } else {
                character(c);
                at++;
            }
        }
        return text.toString();
    }

    private static boolean opensTag(char c) {
        return c == '/' || c == '!' || c == '?' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    private void character(char c) {
        boolean blank = c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\u00a0';
        if (!blank) {
            text.append(c);
        } else if (literal && !inCell) {
            text.append(c == '\u00a0' ? ' ' : c);
        } else if (!text.isEmpty() && " \n\t".indexOf(text.charAt(text.length() - 1)) < 0) {
            text.append(' ');
        }
    }

    private void tag() {
        if (html.startsWith("<!--", at)) {
            int end = html.indexOf("-->", at + 4);
            at = end < 0 ? html.length() : end + 3;
            return;
        }
        int end = html.indexOf('>', at);
        String inside = html.substring(at + 1, end < 0 ? html.length() : end);
        at = end < 0 ? html.length() : end + 1;
        boolean closes = inside.startsWith("/");
        String name = inside.substring(closes ? 1 : 0).split("[\\s/>]", 2)[0].toLowerCase(Locale.ROOT);
        if (HIDDEN.contains(name) && !closes && !inside.endsWith("/")) {
            skip(name);
        } else if (name.equals("td") || name.equals("th")) {
            inCell = !closes;
            trimBlank();
            if (closes) {
                text.append('\t');
            }
        } else if (name.equals("pre")) {
            literal = !closes;
            line();
        } else if (LINES.contains(name) && !(inCell && !name.equals("tr") && !name.equals("table"))) {
            inCell = inCell && !name.equals("tr");
            line();
        } else if (LINES.contains(name)) {
            character(' ');
        }
    }

    private void skip(String name) {
        String close = "</" + name;
        int found = at;
        while (found < html.length() && !html.regionMatches(true, found, close, 0, close.length())) {
            int next = html.indexOf('<', found + 1);
            found = next < 0 ? html.length() : next;
        }
        int end = html.indexOf('>', Math.min(found, html.length()));
        at = end < 0 ? html.length() : end + 1;
    }

    private void trimBlank() {
        while (!text.isEmpty() && text.charAt(text.length() - 1) == ' ') {
            text.setLength(text.length() - 1);
        }
    }

    private void line() {
        trimBlank();
        if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
            text.append('\n');
        } else if (text.length() > 1 && text.charAt(text.length() - 2) != '\n') {
            text.append('\n');
        }
    }

    private void entity() {
        int end = at + 1;
        while (end < html.length() && end - at <= MAX_ENTITY && Character.isLetterOrDigit(html.charAt(end))
                || end == at + 1 && end < html.length() && html.charAt(end) == '#') {
            end++;
        }
        boolean closed = end < html.length() && html.charAt(end) == ';';
        String name = closed ? html.substring(at + 1, end) : "";
        String known = name.startsWith("#") ? numbered(name.substring(1)) : ENTITIES.get(name);
        if (known == null || name.isEmpty()) {
            text.append('&');
            at++;
        } else {
            known.chars().forEach(c -> character((char) c));
            at = end + 1;
        }
    }

    private static String numbered(String digits) {
        try {
            boolean hex = digits.startsWith("x") || digits.startsWith("X");
            int point = Integer.parseInt(hex ? digits.substring(1) : digits, hex ? 16 : 10);
            return Character.isValidCodePoint(point) ? Character.toString(point) : "";
        } catch (NumberFormatException e) {
            return "";
        }
    }
}
