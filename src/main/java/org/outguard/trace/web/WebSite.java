package org.outguard.trace.web;

import java.util.List;

/**
 * A site of a web server, by its configuration.
 *
 * @param server {@code "apache"}, {@code "nginx"}, {@code "caddy"}, {@code "litespeed"}
 * @param names by which it is asked for; empty for the server itself
 * @param documentRoot folder that it serves; empty where none is given
 * @param logs its access logs
 * @param config file that it stands in
 */
public record WebSite(String server, List<String> names, String documentRoot, List<Log> logs, String config) {

    public WebSite {
        names = List.copyOf(names);
        logs = List.copyOf(logs);
    }

    /**
     * An access log.
     *
     * @param path where it is; it may have {@code %Y} of strftime(3) and variables of nginx in it
     * @param format how its lines are written
     */
    public record Log(String path, LogFormat format) {}
}
