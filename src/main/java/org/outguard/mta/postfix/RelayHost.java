package org.outguard.mta.postfix;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Next hops as Postfix's parameters have them (transport(5)): {@code [mx.example.org]:587}, {@code smtp:192.0.2.1}. */
final class RelayHost {

    private static final Pattern HOP = Pattern.compile(
            "(?:(?:smtp|relay|lmtp):)?(?:\\[([^\\]\\s]+)\\]|([^\\s\\[\\]:,]+\\.[^\\s\\[\\]:,]+))(?::\\w+)?");

    private RelayHost() {}

    static List<String> all(String value) {
        List<String> hosts = new ArrayList<>();
        for (String hop : value.split("[,\\s]+")) {
            Matcher parts = HOP.matcher(hop);
            if (parts.matches()) {
                String host = parts.group(1) == null ? parts.group(2) : parts.group(1);
                hosts.add(host.replaceFirst("^(?i)ipv6:", ""));
            }
        }
        return hosts;
    }
}
