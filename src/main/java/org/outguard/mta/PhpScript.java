package org.outguard.mta;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The script that PHP's mail() names in {@code X-PHP-Originating-Script: uid:file} where {@code mail.add_x_header} is
 * on. The uid is that of the file's owner (php_getuid in main/main.c), which need not be who runs it. Anybody can write
 * such a header, so it says which script of a known user, and never which user.
 */
public final class PhpScript {

    private static final Pattern HEADER = Pattern.compile("(\\d{1,10}):(.{1,200})", Pattern.DOTALL);

    /** Numbers of persons begin here (login.defs(5), UID_MIN): those below run scripts of others. */
    private static final int LEAST_PERSON = 1_000;

    private PhpScript() {}

    /**
     * Name of the file; empty where the header is none of PHP's, or cannot be of that user's call: a person runs scripts of
     * its own, or of packages, whose files are root's. A service such as the web server runs everybody's.
     *
     * @param header text of the header
     * @param submitter uid of who handed the message in
     */
    public static String of(String header, int submitter) {
        Matcher matcher = HEADER.matcher(header);
        if (!matcher.matches()) {
            return "";
        }
        long owner = Long.parseLong(matcher.group(1));
        boolean anothers = submitter >= LEAST_PERSON && owner != submitter && owner != 0;
        return anothers ? "" : matcher.group(2);
    }
}
