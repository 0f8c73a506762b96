package org.outguard.mta.exim;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.mta.HeaderBlock;

/**
 * What an {@code -H} file of Exim says (Exim specification, "Format of spool files"). Line 2 has the process that handed
 * the message in; variables of ACLs come with their length, so that no text in them can pass for a line of Exim's.
 *
 * @param user login of the process that handed it in
 * @param uid its uid
 * @param sender envelope sender, empty for the null sender
 * @param arrival when it came
 * @param options what Exim recorded: {@code host_address}, {@code auth_id}, {@code frozen} …
 * @param recipients those still to be served, at most {@link #MOST_RECIPIENTS}
 * @param recipientCount how many are still to be served
 * @param header the message's header
 * @param whole whether it could be read to its end
 */
record SpoolHeader(
        String user,
        int uid,
        String sender,
        Instant arrival,
        Map<String, String> options,
        List<Recipient> recipients,
        int recipientCount,
        HeaderBlock header,
        boolean whole) {

    static final int MOST_RECIPIENTS = 20;

    private static final int MOST_OPTIONS = 200;
    private static final int MOST_DONE = 20_000;
    private static final int LONGEST = 512;
    private static final Pattern CALLER = Pattern.compile("(.{1,64}) (\\d{1,10}) (\\d{1,10})");
    private static final Pattern OCTAL = Pattern.compile("\\\\([0-3][0-7]{2})");
    private static final Pattern VARIABLE = Pattern.compile("acl[cm]? \\S{1,64} (\\d{1,9})");

    /** Reads what is there; never throws for what is in the bytes. */
    static SpoolHeader parse(byte[] bytes) {
        Parser parser = new Parser(bytes);
        boolean whole = parser.run();
        return parser.result(whole);
    }

    /** The lines of the message's header as they were, out of a file that {@link #parse} found whole. */
    static List<byte[]> fieldLines(byte[] bytes) {
        Parser parser = new Parser(bytes);
        parser.run();
        return parser.lines;
    }

    /** Text that Exim wrote with octal escapes for what is not ASCII. */
    static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Matcher matcher = OCTAL.matcher(text);
        int from = 0;
        while (matcher.find()) {
            bytes.writeBytes(text.substring(from, matcher.start()).getBytes(StandardCharsets.UTF_8));
            bytes.write(Integer.parseInt(matcher.group(1), 8));
            from = matcher.end();
        }
        bytes.writeBytes(text.substring(from).getBytes(StandardCharsets.UTF_8));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name));
    }

    boolean isFrozen() {
        return options.containsKey("frozen");
    }

    /** One pass over one file. */
    private static final class Parser {
        private final byte[] bytes;
        private final Map<String, String> options = new HashMap<>();
        private final Set<String> done = new HashSet<>();
        private final List<Recipient> recipients = new ArrayList<>();
        private final HeaderBlock header = new HeaderBlock();
        private final List<byte[]> lines = new ArrayList<>();
        private int at;
        private String user = "";
        private int uid = -1;
        private String sender = "";
        private Instant arrival = Instant.EPOCH;
        private int waiting;

        Parser(byte[] bytes) {
            this.bytes = bytes;
        }

        boolean run() {
            String name = line();
            Matcher caller = CALLER.matcher(line());
            String from = line();
            if (!name.endsWith("-H") || !caller.matches() || !from.startsWith("<") || !from.endsWith(">")) {
                return false;
            }
            user = caller.group(1);
            uid = (int) Math.min(Integer.toUnsignedLong(-1), Long.parseLong(caller.group(2)));
            sender = cut(from.substring(1, from.length() - 1));
            String time = line();
            String first = options();
            arrival = arrival(time);
            return recipients(tree(first)) && headers();
        }

        /* The first line that is none. */
        private String options() {
            String line = line();
            while (line.startsWith("-")) {
                // A second dash says that the value came from outside (Exim 4.94), in brackets how it is quoted.
                String option = line.substring(line.startsWith("--") ? 2 : 1).replaceFirst("^\\([^)]{0,64}\\)", "");
                Matcher variable = VARIABLE.matcher(option);
                if (variable.matches()) {
                    at = (int) Math.min(bytes.length, at + Long.parseLong(variable.group(1)) + 1);
                } else if (options.size() < MOST_OPTIONS) {
                    int blank = option.indexOf(' ');
                    options.putIfAbsent(
                            blank < 0 ? option : option.substring(0, blank),
                            blank < 0 ? "" : cut(option.substring(blank + 1)));
                }
                line = line();
            }
            return line;
        }

        private Instant arrival(String time) {
            try {
                long seconds = Long.parseLong(time.split(" ", 2)[0]);
                String fraction = options.getOrDefault("received_time_usec", ".0");
                long micros = fraction.matches("\\.\\d{6}") ? Long.parseLong(fraction.substring(1)) : 0;
                return Instant.ofEpochSecond(seconds, micros * 1000);
            } catch (NumberFormatException | DateTimeException e) {
                return Instant.EPOCH;
            }
        }

        /* Recipients that are done, as a tree: two letters tell of branches. The first line that is none. */
        private String tree(String first) {
            String line = first;
            if (line.equals("XX")) {
                return line();
            }
            while (line.length() > 3 && "YN".indexOf(line.charAt(0)) >= 0 && "YN".indexOf(line.charAt(1)) >= 0) {
                if (done.size() < MOST_DONE) {
                    done.add(line.substring(3));
                }
                line = line();
            }
            return line;
        }

        private boolean recipients(String number) {
            int count;
            try {
                count = Integer.parseInt(number);
            } catch (NumberFormatException e) {
                return false;
            }
            for (int i = 0; i < count; i++) {
                if (at >= bytes.length) {
                    return false;
                }
                String line = line();
                // Behind a blank stand where errors go and which recipient it came out of.
                int blank = line.startsWith("\"") ? line.indexOf(' ', line.indexOf('"', 1) + 1) : line.indexOf(' ');
                String address = blank < 0 ? line : line.substring(0, blank);
                if (!done.contains(address)) {
                    waiting++;
                    if (recipients.size() < MOST_RECIPIENTS) {
                        recipients.add(new Recipient(cut(address), ""));
                    }
                }
            }
            return line().isEmpty();
        }

        /* Three digits and more for the length, a letter for the kind, a blank, the field with its end of line. */
        private boolean headers() {
            while (at < bytes.length) {
                int digits = at;
                while (digits < bytes.length && bytes[digits] >= '0' && bytes[digits] <= '9' && digits - at < 8) {
                    digits++;
                }
                if (digits == at || digits + 2 > bytes.length) {
                    return false;
                }
                int length = Integer.parseInt(new String(bytes, at, digits - at, StandardCharsets.US_ASCII));
                int start = digits + 2;
                boolean deleted = bytes[digits] == '*';
                if (start + length > bytes.length) {
                    return false;
                }
                if (!deleted) {
                    keepLines(start, length);
                    header.addLines(bytes, start, length);
                }
                at = start + length;
            }
            return true;
        }

        private void keepLines(int start, int length) {
            int from = start;
            for (int i = start; i < start + length; i++) {
                if (bytes[i] == '\n') {
                    lines.add(Arrays.copyOfRange(bytes, from, i));
                    from = i + 1;
                }
            }
        }

        private String line() {
            int end = at;
            while (end < bytes.length && bytes[end] != '\n') {
                end++;
            }
            String line = text(at, Math.min(end - at, 4 * LONGEST));
            at = Math.min(bytes.length, end + 1);
            return line;
        }

        private String text(int from, int length) {
            return HeaderBlock.text(bytes, from, length);
        }

        private static String cut(String text) {
            return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
        }

        SpoolHeader result(boolean whole) {
            return new SpoolHeader(
                    user, uid, sender, arrival, options, List.copyOf(recipients), waiting, header, whole);
        }
    }
}
