package org.outguard.trace.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.trace.tree.ForeignText;

/** Sites of Apache, by its configuration as Debian, Red Hat and control panels lay it out. */
final class ApacheSites {

    private static final int MAX_BYTES = 4 << 20;
    private static final int MAX_FILES = 5_000;
    private static final int MAX_DEPTH = 10;
    private static final Map<String, String> MAIN = Map.of(
            "/etc/apache2/apache2.conf", "/etc/apache2",
            "/etc/apache2/httpd.conf", "/etc/apache2",
            "/etc/httpd/conf/httpd.conf", "/etc/httpd",
            "/usr/local/apache/conf/httpd.conf", "/usr/local/apache");
    private static final Pattern WORD = Pattern.compile("\"((?:\\\\.|[^\"\\\\])*)\"|'([^']*)'|(\\S+)");
    private static final Pattern ASSIGNMENT = Pattern.compile("^\\s*(?:export\\s+)?(\\w+)=\"?([^\"\\s]*)\"?\\s*$");
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{(\\w+)\\}|\\$(\\w+)");

    private final ForeignText texts;
    private final Map<String, String> variables = new HashMap<>();
    private final Map<String, String> formats = new HashMap<>();
    private final List<SiteDraft> drafts = new ArrayList<>();
    private String folder;
    private int files;

    private ApacheSites(ForeignText texts, String folder) {
        this.texts = texts;
        this.folder = folder;
    }

    static List<WebSite> of(ForeignText texts) {
        List<WebSite> sites = new ArrayList<>();
        MAIN.forEach((file, folder) -> {
            if (texts.entry(file).isPresent()) {
                ApacheSites reader = new ApacheSites(texts, folder);
                reader.environment(folder + "/envvars");
                SiteDraft server = new SiteDraft(file);
                reader.drafts.add(server);
                reader.read(file, server, 0);
                sites.addAll(reader.sites());
            }
        });
        return sites;
    }

    /* "export APACHE_LOG_DIR=/var/log/apache2$SUFFIX" */
    private void environment(String file) {
        for (String line : texts.text(file, MAX_BYTES).split("\n")) {
            Matcher set = ASSIGNMENT.matcher(line);
            if (set.matches()) {
                variables.put(set.group(1), filled(set.group(2)));
            }
        }
    }

    private String filled(String text) {
        return VARIABLE.matcher(text)
                .replaceAll(found -> Matcher.quoteReplacement(
                        variables.getOrDefault(found.group(1) == null ? found.group(2) : found.group(1), "")));
    }

    private void read(String file, SiteDraft outer, int depth) {
        if (depth > MAX_DEPTH || files++ > MAX_FILES) {
            return;
        }
        SiteDraft here = outer;
        for (String line : texts.text(file, MAX_BYTES).replace("\\\n", " ").split("\n")) {
            String text = line.strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            String lower = text.toLowerCase(Locale.ROOT);
            if (lower.startsWith("<virtualhost")) {
                here = new SiteDraft(file);
                drafts.add(here);
            } else if (lower.startsWith("</virtualhost")) {
                here = outer;
            } else if (!text.startsWith("<")) {
                directive(words(text), here, depth);
            }
        }
    }

    private List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher word = WORD.matcher(line);
        while (word.find()) {
            String text = word.group(1) != null
                    ? word.group(1).replace("\\\"", "\"")
                    : word.group(2) != null ? word.group(2) : word.group(3);
            // In a format a dollar sign means nothing, and a percent sign does.
            words.add(text.contains("${") ? filled(text) : text);
        }
        return words;
    }

    private void directive(List<String> words, SiteDraft here, int depth) {
        if (words.size() < 2) {
            return;
        }
        String value = words.get(1);
        switch (words.get(0).toLowerCase(Locale.ROOT)) {
            case "serverroot" -> folder = value;
            case "define" -> variables.put(value, words.size() > 2 ? words.get(2) : "");
            case "include", "includeoptional" ->
                Globs.matching(texts, absolute(value)).forEach(file -> read(file, here, depth + 1));
            case "servername" ->
                here.names.add(0, value.replaceFirst("^https?://", "").replaceFirst(":\\d+$", ""));
            case "serveralias" -> here.names.addAll(words.subList(1, words.size()));
            case "documentroot" -> here.root = absolute(value).replaceFirst("/+$", "");
            case "logformat" -> formats.put(words.size() > 2 ? words.get(2) : "", value);
            case "customlog", "transferlog", "globallog" ->
                here.log(logPath(value), words.size() > 2 ? words.get(2) : "common");
            default -> {}
        }
    }

    private String absolute(String path) {
        return path.startsWith("/") ? path : folder + "/" + path;
    }

    /* "|/usr/bin/rotatelogs -l /var/log/x.%Y%m%d 86400": the last path is the log. */
    private String logPath(String value) {
        if (!value.startsWith("|")) {
            return absolute(value);
        }
        String found = "";
        for (String word : value.substring(1).split("\\s+")) {
            found = word.startsWith("/") ? word : found;
        }
        return found;
    }

    private List<WebSite> sites() {
        return drafts.stream()
                .flatMap(draft -> draft.site("apache", this::format).stream())
                .toList();
    }

    private LogFormat format(String name) {
        String format = formats.getOrDefault(name, name.contains("%") ? name : "");
        return format.isEmpty() ? LogFormat.COMBINED : LogFormat.apache(format);
    }
}
