package org.outguard.trace.web;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lines of JSON: Caddy's access log, and formats of nginx that were written as JSON with the usual names. */
final class JsonLog {

    private static final List<String> TIMES =
            List.of("ts", "time", "time_iso8601", "time_local", "msec", "@timestamp", "timestamp");
    private static final List<String> CLIENTS =
            List.of("client_ip", "remote_ip", "remote_addr", "clientip", "client", "ip");
    private static final List<String> URIS = List.of("uri", "request_uri", "url", "path");
    private static final List<String> METHODS = List.of("method", "request_method");
    private static final List<String> AGENTS = List.of("user_agent", "http_user_agent", "agent");

    private JsonLog() {}

    static Optional<WebRequest> parse(String line, String log) {
        try {
            @Nullable Map<String, Object> all = JSON.std.mapFrom(line);
            return all == null ? Optional.empty() : request(all, log);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<WebRequest> request(Map<String, Object> all, String log) {
        Map<?, ?> inner = all.get("request") instanceof Map<?, ?> map ? map : all;
        String method = first(inner, METHODS);
        String uri = first(inner, URIS);
        if (all.get("request") instanceof String text && text.split(" ").length >= 2) {
            method = text.split(" ")[0];
            uri = text.split(" ")[1];
        }
        Optional<Instant> at = time(all);
        if (at.isEmpty() || uri.isEmpty()) {
            return Optional.empty();
        }
        int mark = uri.indexOf('?');
        return Optional.of(new WebRequest(
                at.get(),
                first(inner, CLIENTS),
                first(all, List.of("http_x_forwarded_for")),
                method,
                LogFormat.path(mark < 0 ? uri : uri.substring(0, mark)),
                mark < 0 ? "" : uri.substring(mark + 1),
                LogFormat.number(first(all, List.of("status")), 0),
                first(inner, List.of("host", "http_host", "server_name")).replaceFirst(":\\d+$", ""),
                agent(inner, all),
                LogFormat.number(first(all, List.of("pid")), -1),
                log));
    }

    private static Optional<Instant> time(Map<String, Object> all) {
        Object ts = all.get("ts");
        if (ts instanceof Number seconds) {
            return Optional.of(Instant.ofEpochMilli((long) (seconds.doubleValue() * 1_000)));
        }
        return LogFormat.time(first(all, TIMES));
    }

    private static String agent(Map<?, ?> inner, Map<String, Object> all) {
        if (inner.get("headers") instanceof Map<?, ?> headers
                && headers.get("User-Agent") instanceof List<?> agents
                && !agents.isEmpty()) {
            return String.valueOf(agents.get(0));
        }
        return first(all, AGENTS);
    }

    private static String first(Map<?, ?> fields, List<String> names) {
        for (String name : names) {
            Object value = fields.get(name);
            if (value instanceof String || value instanceof Number) {
                return String.valueOf(value);
            }
        }
        return "";
    }
}
