package org.outguard.mta.exim;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Set;

/** Hosts in {@code route_list} of Exim's routers, as {@code exim -bP routers} prints them. */
final class RouteList {

    private RouteList() {}

    /* "route_list = * smarthost.example.org::587 byname; *.example.net 192.0.2.1". What is expanded names no host. */
    static Set<String> hosts(String printed) {
        Set<String> hosts = new LinkedHashSet<>();
        printed.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("route_list = "))
                .flatMap(line -> Arrays.stream(line.substring(13).split(";")))
                .map(rule -> rule.strip().split("\\s+"))
                .filter(words -> words.length > 1)
                .forEach(words -> {
                    for (String host : words[1].replace("\"", "").split("(?<!:):(?!:)")) {
                        String name = host.replaceFirst("::\\d+$", "");
                        if (name.matches("[0-9A-Za-z._-]+")) {
                            hosts.add(name);
                        }
                    }
                });
        return hosts;
    }
}
