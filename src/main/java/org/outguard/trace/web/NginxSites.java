package org.outguard.trace.web;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.outguard.trace.tree.ForeignText;

/** Sites of nginx: {@code server} blocks with their roots and access logs, and the formats that these name. */
final class NginxSites {

    private static final int MAX_BYTES = 4 << 20;
    private static final int MAX_FILES = 5_000;
    private static final int MAX_DEPTH = 10;
    /* The prefix (nginx -V) is what relative roots and logs begin at. */
    private static final Map<String, String> MAIN =
            Map.of("/etc/nginx/nginx.conf", "/usr/share/nginx", "/usr/local/nginx/conf/nginx.conf", "/usr/local/nginx");

    private final ForeignText texts;
    private final Map<String, String> formats = new HashMap<>();
    private final List<SiteDraft> drafts = new ArrayList<>();
    private String prefix = "";
    private int files;

    private NginxSites(ForeignText texts) {
        this.texts = texts;
    }

    static List<WebSite> of(ForeignText texts) {
        NginxSites reader = new NginxSites(texts);
        MAIN.forEach((main, prefix) -> {
            SiteDraft server = new SiteDraft(main);
            reader.drafts.add(server);
            reader.prefix = prefix;
            reader.read(main, main.substring(0, main.lastIndexOf('/')), server, 0);
        });
        return reader.sites();
    }

    private void read(String file, String folder, SiteDraft outer, int depth) {
        if (depth > MAX_DEPTH || files++ > MAX_FILES) {
            return;
        }
        List<String> words = ConfigWords.of(texts.text(file, MAX_BYTES));
        words.removeIf("\n"::equals);
        block(words, 0, file, folder, outer, depth);
    }

    private int block(List<String> words, int from, String file, String folder, SiteDraft outer, int depth) {
        List<String> directive = new ArrayList<>();
        int at = from;
        while (at < words.size()) {
            String word = words.get(at++);
            if (word.equals("}")) {
                return at;
            }
            if (word.equals("{")) {
                SiteDraft inner = outer;
                if (!directive.isEmpty() && directive.get(0).equals("server")) {
                    inner = new SiteDraft(file);
                    drafts.add(inner);
                }
                // A location's root is one more place that the site serves from; its logs are the site's.
                at = depth > 64 ? words.size() : block(words, at, file, folder, inner, depth + 1);
                directive.clear();
            } else if (word.equals(";")) {
                directive(directive, folder, outer, depth);
                directive.clear();
            } else {
                directive.add(word);
            }
        }
        return at;
    }

    private void directive(List<String> words, String folder, SiteDraft here, int depth) {
        if (words.size() < 2) {
            return;
        }
        String value = words.get(1);
        switch (words.get(0)) {
            case "include" ->
                Globs.matching(texts, value.startsWith("/") ? value : folder + "/" + value)
                        .forEach(file -> read(file, folder, here, depth + 1));
            case "server_name" -> here.names.addAll(words.subList(1, words.size()));
            case "root" -> here.root = here.root.isEmpty() ? absolute(value) : here.root;
            case "access_log" -> {
                if (!value.equals("off") && !value.startsWith("syslog:")) {
                    here.log(
                            absolute(value),
                            words.size() > 2 && !words.get(2).contains("=") ? words.get(2) : "combined");
                }
            }
            case "log_format" -> {
                int first = words.size() > 2 && words.get(2).startsWith("escape=") ? 3 : 2;
                formats.put(value, String.join("", words.subList(Math.min(first, words.size()), words.size())));
            }
            default -> {}
        }
    }

    private String absolute(String path) {
        return path.startsWith("/") || path.startsWith("$") ? path : prefix + "/" + path;
    }

    private List<WebSite> sites() {
        return drafts.stream()
                .flatMap(draft -> draft.site("nginx", this::format).stream())
                .toList();
    }

    private LogFormat format(String name) {
        String format = formats.get(name);
        return format == null ? LogFormat.COMBINED : LogFormat.nginx(format);
    }
}
