package org.outguard.trace.web;

import java.util.ArrayList;
import java.util.List;
import org.outguard.trace.tree.ForeignText;

/** Sites of Caddy (Caddyfile) and of LiteSpeed (vhconf.conf), whose configuration is simple enough to be read word by word. */
final class OtherSites {

    private static final int MAX_BYTES = 4 << 20;
    private static final String LSWS = "/usr/local/lsws";

    private OtherSites() {}

    static List<WebSite> caddy(ForeignText texts) {
        List<WebSite> sites = new ArrayList<>();
        List<String> files = new ArrayList<>(List.of("/etc/caddy/Caddyfile"));
        files.addAll(Globs.matching(texts, "/etc/caddy/conf.d/*"));
        files.addAll(Globs.matching(texts, "/etc/caddy/sites-enabled/*"));
        for (String file : files) {
            List<String> words = ConfigWords.of(texts.text(file, MAX_BYTES));
            List<String> line = new ArrayList<>();
            List<String> names = new ArrayList<>();
            List<WebSite.Log> logs = new ArrayList<>();
            String root = "";
            int depth = 0;
            for (String word : words) {
                boolean end = word.equals("\n") || word.equals("{") || word.equals("}");
                if (!end) {
                    line.add(word);
                    continue;
                }
                if (word.equals("{") && depth == 0) {
                    names = line.stream()
                            .map(name -> name.replaceFirst(",$", "").replaceFirst("^https?://", ""))
                            .toList();
                } else if (line.size() > 1 && line.get(0).equals("root")) {
                    root = line.get(line.size() - 1);
                } else if (line.size() > 2
                        && line.get(0).equals("output")
                        && line.get(1).equals("file")) {
                    logs.add(new WebSite.Log(line.get(2), LogFormat.COMBINED));
                }
                depth += word.equals("{") ? 1 : word.equals("}") ? -1 : 0;
                if (word.equals("}") && depth == 0) {
                    if (!root.isEmpty() || !logs.isEmpty()) {
                        sites.add(new WebSite("caddy", names, root.replaceFirst("/+$", ""), logs, file));
                    }
                    logs = new ArrayList<>();
                    root = "";
                }
                line.clear();
            }
        }
        return sites;
    }

    static List<WebSite> liteSpeed(ForeignText texts) {
        List<WebSite> sites = new ArrayList<>();
        List<String> files = new ArrayList<>(List.of(LSWS + "/conf/httpd_config.conf"));
        files.addAll(Globs.matching(texts, LSWS + "/conf/vhosts/*/vhconf.conf"));
        for (String file : files) {
            String folder = file.substring(0, file.lastIndexOf('/'));
            String name = folder.substring(folder.lastIndexOf('/') + 1);
            boolean host = file.endsWith("vhconf.conf");
            String root = host ? LSWS + "/" + name : LSWS;
            String documents = "";
            List<String> names = new ArrayList<>(host ? List.of(name) : List.of());
            List<WebSite.Log> logs = new ArrayList<>();
            String log = "";
            for (String line : texts.text(file, MAX_BYTES).split("\n")) {
                String text = line.strip()
                        .replace("$SERVER_ROOT", LSWS)
                        .replace("$VH_ROOT", root)
                        .replace("$VH_NAME", name);
                String[] words = text.split("\\s+", 2);
                if (words.length < 2) {
                    continue;
                }
                switch (words[0].toLowerCase(java.util.Locale.ROOT)) {
                    case "docroot" -> documents = words[1].replaceFirst("/+$", "");
                    case "vhdomain", "vhaliases" -> names.addAll(List.of(words[1].split("[,\\s]+")));
                    case "accesslog" -> {
                        log = words[1].replaceFirst("\\s*\\{$", "");
                        if (log.startsWith("/")) {
                            logs.add(new WebSite.Log(log, LogFormat.COMBINED));
                        }
                    }
                    case "logformat" -> {
                        if (!logs.isEmpty()) {
                            logs.set(
                                    logs.size() - 1,
                                    new WebSite.Log(
                                            logs.get(logs.size() - 1).path(),
                                            LogFormat.apache(words[1].replaceAll("^\"|\"$", ""))));
                        }
                    }
                    default -> {}
                }
            }
            if (!documents.isEmpty() || !logs.isEmpty()) {
                sites.add(new WebSite("litespeed", names, documents, logs, file));
            }
        }
        return sites;
    }
}
