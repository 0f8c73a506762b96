package org.outguard.mta;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The script that PHP's mail() names in {@code X-PHP-Originating-Script: uid:file} where {@code mail.add_x_header} is
 * on. Its user may write such a header just as well, so it tells of no user; one that names another user is forged.
 */
public final class PhpScript {

    private static final Pattern HEADER = Pattern.compile("(\\d{1,10}):(.{1,200})", Pattern.DOTALL);

    private PhpScript() {}

    /** The file's name where the header fits the uid that the mail system recorded; empty otherwise. */
    public static String of(String header, int uid) {
        Matcher matcher = HEADER.matcher(header);
        boolean fits = matcher.matches() && matcher.group(1).equals(Integer.toUnsignedString(uid));
        return fits ? matcher.group(2) : "";
    }
}
