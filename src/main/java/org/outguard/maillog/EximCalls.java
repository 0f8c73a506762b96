package org.outguard.maillog;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.maillog.line.LineCursor;

/**
 * Calls of Exim by their {@code cwd=} lines where these name no process, as on cPanel: {@code cwd=/home/florist/public_html
 * 4 args: /usr/sbin/sendmail -t -i -fweb@florist.example}. A call is joined to the next message of its user, and to no other
 * after that. Whose call it is the line does not say: it is the user in whose home folder it was made, or who sends under
 * the address that it gives; or the only one there is.
 */
final class EximCalls {

    private static final int MOST = 64;

    /** A message is in the log as soon as its caller has written it. */
    private static final long WAIT_MICROS = 30_000_000L;

    private static final Pattern CALL = Pattern.compile("cwd=(?<folder>.*?) \\d+ args: (?<args>.*)");
    private static final Pattern SENDER = Pattern.compile("(?:^| )-(?:f|r) ?<?(?<sender>[^ <>]+)>?(?: |$)");

    /* Of Exim itself: deliveries, queue runs, the daemon; and questions, which hand nothing in. */
    private static final Pattern NO_SUBMISSION =
            Pattern.compile("(^| )-(M|R|S|q|bd|bp|bP|bt|bv|bV|be|bh|bF|bf|bi|bm?r|b[A-Z])");

    private final Deque<Call> calls = new ArrayDeque<>();

    private record Call(long micros, String folder, String sender) {}

    /** The cursor is at {@code cwd=}. */
    void called(LineCursor line, long micros) {
        Matcher words = CALL.matcher(EximOrigins.text(line, line.at, line.end));
        if (!words.matches() || NO_SUBMISSION.matcher(words.group("args")).find()) {
            return;
        }
        if (calls.size() >= MOST) {
            calls.removeFirst();
        }
        Matcher sender = SENDER.matcher(words.group("args"));
        calls.add(new Call(micros, words.group("folder"), sender.find() ? sender.group("sender") : ""));
    }

    /** The folder of the call by which that user handed a message in, empty where it is not known; it ends with a slash. */
    String folder(String user, String sender, long micros) {
        calls.removeIf(call -> micros - call.micros() > WAIT_MICROS);
        Call one = take(user, sender);
        if (one == null || one.folder().length() < 2 || one.folder().startsWith("/var/spool/")) {
            return "";
        }
        return one.folder().endsWith("/") ? one.folder() : one.folder() + "/";
    }

    private @org.jspecify.annotations.Nullable Call take(String user, String sender) {
        Iterator<Call> oldestFirst = calls.iterator();
        while (oldestFirst.hasNext()) {
            Call call = oldestFirst.next();
            boolean home = Arrays.asList(call.folder().split("/")).contains(user);
            if (home || !call.sender().isEmpty() && call.sender().equals(sender)) {
                oldestFirst.remove();
                return call;
            }
        }
        boolean anothers = calls.size() != 1 || isHomeOfAnother(calls.getFirst().folder(), user);
        return anothers ? null : calls.removeFirst();
    }

    /** {@code nobody} runs scripts of everybody; whoever has a home folder runs its own. */
    private static boolean isHomeOfAnother(String folder, String user) {
        boolean shared = user.equals("nobody") || user.equals("www-data") || user.equals("apache");
        return !shared && folder.matches("/home\\d*/.*");
    }
}
