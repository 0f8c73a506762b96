package org.outguard.mail;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A message in a mail system. Short queue ids of Postfix repeat within minutes (FAQ of postconf(5),
 * {@code enable_long_queue_ids}), so whoever acts on one checks the arrival time and sender beside it.
 *
 * @param host name of the machine as its log has it, empty for this one
 * @param instance mail system: {@code "postfix"}, a {@code syslog_name} such as {@code "postfix-out"}, or {@code "exim"}
 * @param id as the mail system writes it: {@code "878D313894B"}, {@code "4bRk7S3tGzz1234"}, {@code "1sXyZa-000abc-2d"}
 */
public record QueueId(String host, String instance, String id) {

    private static final Pattern EXIM =
            Pattern.compile("[0-9A-Za-z]{6}-([0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4})");
    private static final Pattern POSTFIX_SHORT = Pattern.compile("([0-9A-F]{5})[0-9A-F]+");
    private static final Pattern POSTFIX_LONG = Pattern.compile(
            "[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-y]{6,}([0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-y]{4})z[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]+");
    private static final String BASE_62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String BASE_52 = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
    private static final int MICROS_PER_SECOND = 1_000_000;

    /** Name of the container that its mail system runs in; empty for this machine itself. */
    public String container() {
        return instance.substring(instance.indexOf('@') < 0 ? instance.length() : instance.indexOf('@') + 1);
    }

    /**
     * Number of the process that received it, by its own account, where this is an id of Exim (exim specification, 3.4);
     * else 0.
     */
    public int eximProcess() {
        long number = EXIM.matcher(id).matches() ? number(id.substring(7, id.lastIndexOf('-')), BASE_62) : 0;
        return number <= Integer.MAX_VALUE ? (int) number : 0;
    }

    /**
     * Within its second, when Postfix gave it its queue file: nanoseconds, by the microseconds that both forms of id hold
     * (src/global/mail_queue.h). Empty where this is no id of Postfix.
     */
    public OptionalLong postfixNanos() {
        Matcher whole = POSTFIX_LONG.matcher(id);
        Matcher brief = POSTFIX_SHORT.matcher(id);
        long micros = MICROS_PER_SECOND;
        if (whole.matches()) {
            micros = postfixNumber(whole.group(1));
        } else if (brief.matches()) {
            micros = Long.parseLong(brief.group(1), 16);
        }
        return micros < MICROS_PER_SECOND ? OptionalLong.of(micros * 1_000) : OptionalLong.empty();
    }

    /** A number as it stands in Postfix's long ids, in base 52 without vowels; what is no digit of it counts as 0. */
    public static long postfixNumber(String digits) {
        return number(digits, BASE_52);
    }

    private static long number(String digits, String alphabet) {
        long number = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = Math.max(0, alphabet.indexOf(digits.charAt(i)));
            number = Math.min(Long.MAX_VALUE / 64, number * alphabet.length() + digit);
        }
        return number;
    }

    @Override
    public String toString() {
        return id;
    }
}
