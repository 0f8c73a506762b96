package org.outguard.mta;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The script that PHP's mail() names in {@code X-PHP-Originating-Script: uid:file} where {@code mail.add_x_header} is
 * on. The uid is that of the file's owner (php_getuid in main/main.c), which need not be who runs it. Anybody can write
 * such a header, so it says which script of a known user, and never which user.
 */
public final class PhpScript {

    private static final Pattern HEADER = Pattern.compile("\\d{1,10}:(.{1,200})", Pattern.DOTALL);

    private PhpScript() {}

    /** Name of the file; empty where the header is none of PHP's. */
    public static String of(String header) {
        Matcher matcher = HEADER.matcher(header);
        return matcher.matches() ? matcher.group(1) : "";
    }
}
