package org.outguard.maillog.input;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * The name of a container before each of its lines, as {@code docker compose logs} and {@code podman-compose logs} print
 * it: {@code postfix-1  | }, in colours where it wrote to a terminal; {@code mail_postfix.1.x7@node1    | } of
 * {@code docker service logs}; {@code [pod/mail-0/postfix] } of {@code kubectl logs --prefix}.
 */
public final class ContainerPrefix {

    private static final int LONGEST_NAME = 160;
    private static final int MAX_NAMES = 256;

    private final Set<String> mail = new HashSet<>();
    private String name = "";

    /** Index behind the prefix of {@code line[from, to)}, or {@code from} where it has none. */
    public int skip(byte[] line, int from, int to) {
        name = "";
        int at = colour(line, from, to);
        int begin = at;
        int most = Math.min(to, at + LONGEST_NAME);
        if (at + 4 < to && line[at] == '[' && line[at + 1] == 'p' && line[at + 2] == 'o' && line[at + 3] == 'd') {
            return pod(line, from, at, most);
        }
        while (at < most && isInName(line[at])) {
            at++;
        }
        int end = at;
        if (end == begin) {
            return from;
        }
        while (at < most && line[at] == ' ') {
            at++;
        }
        if (at + 1 >= to || at == end || line[at] != '|' || line[at + 1] != ' ') {
            return from;
        }
        name = new String(line, begin, end - begin, StandardCharsets.UTF_8);
        return colour(line, at + 2, to);
    }

    private int pod(byte[] line, int from, int open, int most) {
        int close = open + 1;
        while (close < most && isInName(line[close])) {
            close++;
        }
        if (close + 1 >= most || line[close] != ']' || line[close + 1] != ' ') {
            return from;
        }
        name = new String(line, open + 1, close - open - 1, StandardCharsets.UTF_8);
        return close + 2;
    }

    /** The container that wrote the last line, empty where it named none. */
    public String name() {
        return name;
    }

    /** The last line was one of a mail system. */
    public void isMail() {
        if (!name.isEmpty() && mail.size() < MAX_NAMES) {
            mail.add(name);
        }
    }

    /** Whether the last line is of a container that has not written lines of a mail system. */
    public boolean isForeign() {
        return !name.isEmpty() && !mail.contains(name);
    }

    /** Behind sequences that only set colours (ECMA-48, SGR). */
    private static int colour(byte[] line, int from, int to) {
        int at = from;
        while (at + 2 < to && line[at] == 0x1b && line[at + 1] == '[') {
            int end = at + 2;
            while (end < to && (line[end] >= '0' && line[end] <= '9' || line[end] == ';')) {
                end++;
            }
            if (end >= to || line[end] != 'm') {
                return at;
            }
            at = end + 1;
        }
        return at;
    }

    private static boolean isInName(byte b) {
        int lower = b | 0x20;
        return lower >= 'a' && lower <= 'z'
                || b >= '0' && b <= '9'
                || b == '-'
                || b == '_'
                || b == '.'
                || b == '/'
                || b == '@';
    }
}
