package org.outguard.maillog;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.MailOrigin;
import org.outguard.maillog.line.EximArrival;
import org.outguard.maillog.line.LineCursor;

/**
 * Who an arrival of Exim names, and whether its caller may have named somebody else: a trusted user sets the host, the
 * user and the protocol of the line with {@code -oMa}, {@code -oMt} and {@code -oMr}. With the log selectors
 * {@code arguments} and {@code pid} the call itself is in the log.
 */
final class EximOrigins {

    private static final Set<String> EXIM_USERS = Set.of("Debian-exim", "exim", "_exim", "mail", "mailnull", "root");
    private static final byte[] NAMES_ORIGIN = LineCursor.ascii(" -oM");
    private static final int MAX_CALLS = 4_096;

    /** A pid is not used again within this. */
    private static final long CALL_MICROS = 600_000_000L;

    private final ToIntFunction<String> uids;
    private final Map<Integer, Call> calls = new Site.Newest<>(MAX_CALLS);
    private long networkArrivalsWithInterface;

    private record Call(long micros, boolean namesOrigin, String folder) {}

    /** The log does not name the pids of calls: the newest last, until a message takes them. */
    private final EximCalls unnamed = new EximCalls();

    /** Local users that connected to this machine, by the id of their message or by their port. */
    private final Map<String, Identified> identified = new Site.Newest<>(MAX_CALLS);

    private record Identified(MailOrigin.LocalUser user, long micros) {}

    private static final Pattern IDENTIFIED = Pattern.compile(
            "H=\\S+ A=(?<address>[0-9a-fA-F.:]+) P=(?<port>\\d+) (M=(?<id>\\S+) )?U=(?<user>\\S+) ID=(?<uid>\\d{1,10}) .*");

    /** A connection is used for so long after it was looked up. */
    private static final long CONNECTION_MICROS = 600_000_000L;

    /**
     * cPanel's ACL looks up whose connection over loopback it is: {@code H=localhost A=127.0.0.1 P=39544 M=ID U=bakery
     * ID=1031 S=bakery B=identify_local_connection}; the id is there or not.
     */
    void identified(LineCursor line, long micros) {
        Matcher words = IDENTIFIED.matcher(line.text(line.at, line.end));
        if (!words.matches() || !Reinjections.isLoopback(words.group("address"))) {
            return;
        }
        long uid = Long.parseLong(words.group("uid"));
        String user = words.group("user");
        int number = uid > Integer.MAX_VALUE ? MailOrigin.LocalUser.NO_UID : (int) uid;
        Identified who = new Identified(new MailOrigin.LocalUser(number, user, ""), micros);
        String id = words.group("id");
        identified.put(id == null ? "port " + words.group("port") : id, who);
    }

    private MailOrigin.@Nullable LocalUser identified(String address, int port, String id, long micros) {
        if (identified.isEmpty() || !Reinjections.isLoopback(address)) {
            return null;
        }
        Identified who = identified.get(id);
        who = who == null ? identified.get("port " + port) : who;
        return who == null || micros - who.micros() > CONNECTION_MICROS ? null : who.user();
    }

    EximOrigins(ToIntFunction<String> uids) {
        this.uids = uids;
    }

    /** {@code cwd=/var/www 3 args: /usr/sbin/sendmail -t -i}. */
    void called(int pid, long micros, LineCursor line) {
        if (pid < 0) {
            unnamed.called(line, micros);
            return;
        }
        boolean names = line.find(NAMES_ORIGIN) >= 0;
        int from = line.find('=') + 1;
        line.at = from;
        int to = Math.max(from, line.find(' '));
        calls.put(pid, new Call(micros, names, text(line, from, to)));
    }

    /** Who handed in what arrived with the id {@code idFrom..idTo} of the line. */
    MailOrigin of(int pid, long micros, EximArrival arrival, LineCursor line, int idFrom, int idTo) {
        OptionalInt port = arrival.port < 0 ? OptionalInt.empty() : OptionalInt.of(arrival.port);
        if (arrival.addressFrom >= 0) {
            networkArrivalsWithInterface += arrival.interfaceNamed ? 1 : 0;
            String address = line.text(arrival.addressFrom, arrival.addressTo);
            MailOrigin.LocalUser local =
                    arrival.loginFrom < 0 ? identified(address, arrival.port, line.text(idFrom, idTo), micros) : null;
            if (local != null) {
                return local;
            }
            return arrival.loginFrom < 0
                    ? new MailOrigin.Client(address, port)
                    : new MailOrigin.Login(text(line, arrival.loginFrom, arrival.loginTo), address, port);
        }
        if (arrival.userFrom < 0) {
            return new MailOrigin.Unknown("its line names neither host nor user");
        }
        String user = text(line, arrival.userFrom, arrival.userTo);
        String folder = pid < 0
                ? unnamed.folder(user, line.text(arrival.senderFrom, arrival.senderTo), micros)
                : folder(call(pid, micros));
        return new MailOrigin.LocalUser(uids.applyAsInt(user), user, folder);
    }

    /** Why the line may name somebody else, or empty. */
    String doubt(int pid, long micros, EximArrival arrival) {
        Call call = call(pid, micros);
        if (call != null && call.namesOrigin()) {
            return "its caller named the origin itself (-oM)";
        }
        if (arrival.addressFrom >= 0 && !arrival.interfaceNamed && networkArrivalsWithInterface > 0) {
            return "its line lacks the interface that lines of other hosts have";
        }
        return "";
    }

    /** Whether this is the user as which Exim makes messages of its own. */
    static boolean isExim(MailOrigin origin) {
        return origin instanceof MailOrigin.LocalUser user && EXIM_USERS.contains(user.user());
    }

    private @Nullable Call call(int pid, long micros) {
        Call call = pid < 0 ? null : calls.get(pid);
        return call == null || micros - call.micros() > CALL_MICROS ? null : call;
    }

    private static String folder(@Nullable Call call) {
        if (call == null || call.folder().length() < 2 || call.folder().startsWith("/var/spool/")) {
            return "";
        }
        return call.folder() + "/";
    }

    /** Undoes the escapes of Exim's string_printing: octal for what is not printable ASCII. */
    static String text(LineCursor line, int from, int to) {
        ByteArrayOutputStream plain = new ByteArrayOutputStream(to - from);
        for (int i = from; i < to; i++) {
            byte b = line.bytes[i];
            if (b == '\\' && i + 3 < to && octal(line, i + 1) >= 0) {
                plain.write(octal(line, i + 1));
                i += 3;
            } else if (b == '\\' && i + 1 < to) {
                plain.write(line.bytes[++i]);
            } else {
                plain.write(b);
            }
        }
        return plain.toString(StandardCharsets.UTF_8);
    }

    private static int octal(LineCursor line, int from) {
        int value = 0;
        for (int i = from; i < from + 3; i++) {
            int digit = line.bytes[i] - '0';
            if (digit < 0 || digit > 7) {
                return -1;
            }
            value = value * 8 + digit;
        }
        return value < 256 ? value : -1;
    }
}
