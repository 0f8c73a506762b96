package org.outguard.trace.web;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.trace.tree.ForeignText;

/**
 * The web servers of a machine by their configuration.
 *
 * @param sites of all of them
 */
public record WebServers(List<WebSite> sites) {

    private static final List<String> USUAL_ROOTS =
            List.of("/var/www", "/srv/www", "/srv/http", "/usr/share/nginx/html");
    /* Where logs are if no configuration says so, as for a server that was taken off the machine. */
    private static final List<String> USUAL_LOGS = List.of(
            "/var/log/apache2/access.log",
            "/var/log/apache2/other_vhosts_access.log",
            "/var/log/httpd/access_log",
            "/var/log/nginx/access.log",
            "/var/log/lighttpd/access.log",
            "/usr/local/lsws/logs/access.log");

    public WebServers {
        sites = List.copyOf(sites);
    }

    /** Reads the configuration of all that are installed. */
    public static WebServers read(ForeignText texts) {
        List<WebSite> sites = new ArrayList<>(ApacheSites.of(texts));
        sites.addAll(NginxSites.of(texts));
        sites.addAll(OtherSites.caddy(texts));
        sites.addAll(OtherSites.liteSpeed(texts));
        return new WebServers(sites);
    }

    /** Folders that are served, and those that usually are; some are not there. */
    public List<String> roots(ForeignText texts) {
        Set<String> roots = new LinkedHashSet<>(USUAL_ROOTS);
        sites.stream()
                .map(WebSite::documentRoot)
                .filter(root -> root.startsWith("/") && root.length() > 1)
                .forEach(roots::add);
        texts.in("/home").forEach(home -> {
            roots.add(home + "/public_html");
            roots.add(home + "/www");
            roots.add(home + "/htdocs");
        });
        return List.copyOf(roots);
    }

    /** The site that serves a file: the one with the longest root above it. */
    public Optional<WebSite> serving(String file) {
        return sites.stream()
                .filter(site -> !site.documentRoot().isEmpty() && file.startsWith(site.documentRoot() + "/"))
                .max(Comparator.comparingInt(
                                (WebSite site) -> site.documentRoot().length())
                        .thenComparingInt(site -> site.logs().size()));
    }

    /** All access logs, each once: those of a site first. */
    public List<WebSite.Log> logs(Optional<WebSite> first) {
        List<WebSite.Log> logs = new ArrayList<>(first.map(WebSite::logs).orElse(List.of()));
        sites.forEach(site -> logs.addAll(site.logs()));
        USUAL_LOGS.forEach(path -> logs.add(new WebSite.Log(path, LogFormat.COMBINED)));
        Set<String> seen = new LinkedHashSet<>();
        logs.removeIf(log -> log.path().isEmpty() || !seen.add(log.path()));
        return logs;
    }
}
