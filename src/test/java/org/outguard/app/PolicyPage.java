package org.outguard.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * outguard.toml(5) in man(7), from the policy that is installed: each table is a section, and a key has the comment before it.
 * Whole paragraphs of comment that are a table themselves are an example.
 */
final class PolicyPage {

    private final StringBuilder page = new StringBuilder();

    private PolicyPage() {}

    static String roff(String policy) {
        PolicyPage made = new PolicyPage();
        made.head();
        // The first paragraph is about the file, and said in the head in other words.
        List<String> paragraphs = List.of(policy.strip().split("\n\n+"));
        paragraphs.stream().dropWhile(paragraph -> !paragraph.startsWith("[")).forEach(made::paragraph);
        made.page.append(".SH SEE ALSO\n.BR outguard (8)\n");
        return made.page.toString();
    }

    private void head() {
        page.append(".\\\" Made by ManualPageTest from packaging/outguard.toml; change that instead.\n")
                .append(".TH OUTGUARD.TOML 5 \"\" \"outguard\" \"System Administration\"\n")
                .append(".SH NAME\noutguard.toml \\- policy of outguard\n")
                .append(".SH SYNOPSIS\n.I /etc/outguard/outguard.toml\n")
                .append(
                        ".SH DESCRIPTION\nA file in TOML. Each value below is the default; a key that is left out keeps it.\n")
                .append(
                        "A key that is not known, or a value out of range, is an error: the file then counts as a whole or\n")
                .append("not at all.\n");
    }

    private void paragraph(String paragraph) {
        List<String> comments = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        for (String line : paragraph.split("\n")) {
            if (line.startsWith("[")) {
                section(line);
            } else if (line.startsWith("# ") && isSetting(line.substring(2)) && !comments.contains("#")) {
                keys.add(line.substring(2));
            } else if (line.startsWith("#")) {
                comments.add(line.equals("#") ? "#" : line.substring(2));
            } else {
                keys.add(line);
            }
        }
        int example = comments.indexOf("[[rule]]");
        if (example >= 0) {
            rule(paragraph);
        } else {
            settings(comments, keys);
        }
    }

    private void section(String line) {
        page.append(".SH ")
                .append(line.replaceAll("[\\[\\]]", "").toUpperCase(Locale.ROOT))
                .append('\n');
    }

    private void settings(List<String> comments, List<String> keys) {
        String tag = ".TP\n";
        for (String key : keys) {
            page.append(tag).append(".B ").append(escape(key)).append('\n');
            tag = ".TQ\n";
        }
        if (keys.isEmpty() && !comments.isEmpty()) {
            page.append(".PP\n");
        }
        if (!comments.isEmpty()) {
            page.append(escape(String.join(" ", comments))).append('\n');
        }
    }

    /* Words first, then a table that is commented out. */
    private void rule(String paragraph) {
        boolean shown = false;
        page.append(".SH RULES\n");
        for (String line : paragraph.split("\n")) {
            String text = line.equals("#") ? "" : line.substring(2);
            if (text.equals("[[rule]]")) {
                shown = true;
                page.append(".PP\n.nf\n");
            }
            if (shown || !text.isEmpty()) {
                page.append(escape(text)).append('\n');
            }
        }
        page.append(".fi\n");
    }

    private static boolean isSetting(String text) {
        return text.matches("[a-z_-]+ = .*");
    }

    private static String escape(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
