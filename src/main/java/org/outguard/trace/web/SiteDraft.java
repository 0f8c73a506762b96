package org.outguard.trace.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A site while its configuration is read. */
final class SiteDraft {

    private final String config;
    final List<String> names = new ArrayList<>();
    String root = "";
    private final List<NamedLog> logs = new ArrayList<>();

    private record NamedLog(String path, String format) {}

    /** @param config file in which it begins */
    SiteDraft(String config) {
        this.config = config;
    }

    /** @param format the name of a format, or one in full */
    void log(String path, String format) {
        logs.add(new NamedLog(path, format));
    }

    /**
     * The site; empty where it serves no folder and writes no log.
     *
     * @param server {@code apache} or {@code nginx}
     * @param formats what a log's format is, by its name
     */
    Optional<WebSite> site(String server, Function<String, LogFormat> formats) {
        if (logs.isEmpty() && root.isEmpty()) {
            return Optional.empty();
        }
        List<WebSite.Log> read = logs.stream()
                .map(log -> new WebSite.Log(log.path(), formats.apply(log.format())))
                .toList();
        return Optional.of(new WebSite(server, names, root.replaceFirst("/+$", ""), read, config));
    }
}
