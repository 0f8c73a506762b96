package org.outguard.trace.web;

import java.time.Instant;

/**
 * A line of an access log. All of it but the time is what a client sent.
 *
 * @param at when it was logged; the begin of the request with Apache, the end with nginx
 * @param client address of the connection
 * @param forwarded address that the client or a proxy claims; empty where none is logged
 * @param method {@code GET}
 * @param path decoded, without the query
 * @param query empty where there is none
 * @param status 0 where it is not logged
 * @param host name that was asked for, or the site's; empty where it is not logged
 * @param agent empty where it is not logged
 * @param worker number of the process that answered it; -1 where it is not logged
 * @param log file that it stands in
 */
public record WebRequest(
        Instant at,
        String client,
        String forwarded,
        String method,
        String path,
        String query,
        int status,
        String host,
        String agent,
        int worker,
        String log) {

    /** {@code "POST /x.php by 192.0.2.9, answered 200"}. */
    public String words() {
        return method + " " + path + " by " + client + (forwarded.isEmpty() ? "" : " (for " + forwarded + ")")
                + (status > 0 ? ", answered " + status : "");
    }

    /** Whether it brings something along. */
    public boolean brings() {
        return method.equals("POST")
                || method.equals("PUT")
                || method.equals("PATCH")
                || method.equals("MOVE")
                || method.equals("COPY");
    }
}
