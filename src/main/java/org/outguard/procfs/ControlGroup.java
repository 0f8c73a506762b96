package org.outguard.procfs;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The place of a process among control groups, by /proc/PID/cgroup (cgroups(7)).
 *
 * @param path in the v2 hierarchy, or the deepest path of v1 where v2 has none but the root
 * @param unit the innermost systemd service or scope on that path, empty where none
 * @param container id of the innermost container on any path, empty where none
 */
record ControlGroup(String path, String unit, String container) {

    static final ControlGroup NONE = new ControlGroup("", "", "");

    /* docker, podman, containerd (cri-containerd), cri-o: 64 hexadecimal digits, alone or between a prefix and .scope. */
    private static final Pattern CONTAINER = Pattern.compile("(?:^|[/:-])([0-9a-f]{64})(?=$|[./:])");
    private static final Pattern LXC = Pattern.compile("/lxc(?:\\.payload)?[./]([^/]+)");

    /** Reads lines of {@code hierarchy:controllers:path}; what is not such a line counts for nothing. */
    static ControlGroup parse(String text) {
        String v2 = "";
        String v1 = "";
        String container = "";
        for (String line : text.split("\n")) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3 || !fields[2].startsWith("/")) {
                continue;
            }
            String path = fields[2];
            if (fields[0].equals("0") && fields[1].isEmpty()) {
                v2 = path;
            } else if (depth(path) > depth(v1)) {
                v1 = path;
            }
            if (container.isEmpty()) {
                container = container(path);
            }
        }
        String path = depth(v2) > 0 || v1.isEmpty() ? v2 : v1;
        return new ControlGroup(path, unit(path), container);
    }

    private static int depth(String path) {
        return path.length() <= 1 ? 0 : (int) path.chars().filter(c -> c == '/').count();
    }

    private static String unit(String path) {
        String unit = "";
        for (String part : path.split("/")) {
            if (part.endsWith(".service") || part.endsWith(".scope")) {
                unit = part;
            }
        }
        return unit;
    }

    private static String container(String path) {
        String found = last(CONTAINER, path);
        return found.isEmpty() ? last(LXC, path) : found;
    }

    private static String last(Pattern pattern, String path) {
        String found = "";
        Matcher matcher = pattern.matcher(path);
        while (matcher.find()) {
            found = matcher.group(1);
        }
        return found;
    }
}
