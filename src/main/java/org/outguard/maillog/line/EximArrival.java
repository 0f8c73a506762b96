package org.outguard.maillog.line;

/**
 * The fields of a {@code <=} entry, in the order in which receive.c of Exim writes them: sender, R= (the message it
 * comes out of), H=, I=, U=, P=, X= …, A=, S=, id=, T="subject", from, for. What is quoted is stepped over; a field that
 * comes twice before the size is forged by an ident reply or a login with a space in it. Used again for each line.
 */
public final class EximArrival {

    private static final byte[] NULL_SENDER = LineCursor.ascii("<>");
    private static final byte[] FOR = LineCursor.ascii(" for ");
    private static final byte[] FROM = LineCursor.ascii("from <");
    private static final byte[] HELO_END = LineCursor.ascii(") [");

    public int senderFrom;
    public int senderTo;
    public int parentFrom;
    public int parentTo;
    public int addressFrom;
    public int addressTo;
    public int port;
    public boolean interfaceNamed;
    public int userFrom;
    public int userTo;
    int protocolFrom;
    int protocolTo;
    public int loginFrom;
    public int loginTo;
    public long size;
    public int messageIdFrom;
    public int messageIdTo;
    public int recipients;

    /** Reads it from behind {@code "<= "}; false where it is damaged or ambiguous. */
    public boolean read(LineCursor line) {
        clear();
        if (!sender(line)) {
            return false;
        }
        while (size < 0) {
            if (!line.take(' ') || !field(line)) {
                return false;
            }
        }
        rest(line);
        return true;
    }

    private void clear() {
        parentFrom = -1;
        addressFrom = -1;
        port = -1;
        interfaceNamed = false;
        userFrom = -1;
        protocolFrom = -1;
        loginFrom = -1;
        size = -1;
        messageIdFrom = -1;
        recipients = 0;
    }

    private boolean sender(LineCursor line) {
        senderFrom = line.at;
        if (line.take(NULL_SENDER)) {
            senderTo = senderFrom;
            return true;
        }
        boolean quoted = false;
        boolean domain = false;
        int i = line.at;
        while (i < line.end && (quoted || line.bytes[i] != ' ')) {
            quoted ^= line.bytes[i] == '"';
            domain |= line.bytes[i] == '@';
            i++;
        }
        senderTo = i;
        line.at = i;
        return domain;
    }

    /** One field before the size; false where it cannot be. */
    private boolean field(LineCursor line) {
        int name = line.peek(line.at);
        boolean oneLetter = line.peek(line.at + 1) == '=';
        if (!oneLetter) {
            return isField(line) && skip(line);
        }
        int from = line.at + 2;
        line.at = from;
        switch (name) {
            case 'R' -> {
                int length = QueueIds.exim(line, from);
                boolean once = parentFrom < 0;
                parentFrom = from;
                parentTo = from + length;
                line.at = parentTo;
                return once && length > 0;
            }
            case 'H' -> {
                return addressFrom < 0 && host(line);
            }
            case 'I' -> {
                interfaceNamed = true;
                return skip(line);
            }
            case 'U' -> {
                boolean once = userFrom < 0;
                userFrom = from;
                boolean more = skip(line);
                userTo = line.at;
                return once && more;
            }
            case 'P' -> {
                boolean once = protocolFrom < 0;
                protocolFrom = from;
                boolean more = skip(line);
                protocolTo = line.at;
                return once && more;
            }
            case 'A' -> {
                boolean once = loginFrom < 0;
                return once && login(line) && line.peek(line.at) == ' ';
            }
            case 'S' -> {
                size = line.number();
                return size >= 0 && (line.atEnd() || line.peek(line.at) == ' ');
            }
            default -> {
                return skip(line);
            }
        }
    }

    /**
     * {@code CV=no}, {@code M8S=8}: a name; or a flag: {@code K}, {@code PRDR}, {@code ARC}, {@code TFO*}, {@code L} with
     * {@code -}, {@code .} or {@code *} behind it (log_selector +pipelining). Those of later versions look the same and are
     * stepped over. Another line's words are neither.
     */
    private static boolean isField(LineCursor line) {
        int i = line.at;
        boolean flag = line.peek(i) >= 'A' && line.peek(i) <= 'Z';
        while (i < line.end && (Character.isLetterOrDigit(line.bytes[i]) || line.bytes[i] == '_')) {
            flag &= line.bytes[i] <= 'Z';
            i++;
        }
        if (i == line.at || line.peek(i) == '=') {
            return i > line.at;
        }
        boolean marked = line.peek(i) == '*' || line.peek(i) == '-' || line.peek(i) == '.' || line.peek(i) == '+';
        int behind = line.peek(marked ? i + 1 : i);
        return flag && (behind == ' ' || behind < 0);
    }

    /** {@code driver:login} or {@code driver:login:sender}; without a login the driver says nothing. */
    private boolean login(LineCursor line) {
        int from = line.at;
        boolean more = skip(line);
        int to = line.at;
        int colon = from;
        while (colon < to && line.bytes[colon] != ':') {
            colon++;
        }
        if (colon == to) {
            return more;
        }
        loginFrom = colon + 1;
        loginTo = loginFrom;
        while (loginTo < to && line.bytes[loginTo] != ':') {
            loginTo++;
        }
        return more && loginTo > loginFrom;
    }

    /** {@code name (helo) [address]:port}; all but the address may be missing. */
    private boolean host(LineCursor line) {
        int first = line.peek(line.at);
        if (first != '(' && first != '[') {
            if (!skip(line) || !line.take(' ')) {
                return false;
            }
        }
        if (line.take('(')) {
            int close = line.find(HELO_END);
            int space = line.find(' ');
            if (close < 0 || space != close + 1) {
                // A HELO name with a space in it could be a whole entry.
                return false;
            }
            line.at = close + 2;
        }
        if (!line.take('[')) {
            return false;
        }
        addressFrom = line.at;
        addressTo = line.find(']');
        if (addressTo <= addressFrom || !line.allOf(addressFrom, addressTo, LineCursor::isInAddress)) {
            return false;
        }
        line.at = addressTo + 1;
        if (line.take(':')) {
            port = (int) Math.min(65_536, line.number());
            return port >= 0 && port <= 65_535;
        }
        return true;
    }

    /** To the next space outside of quotes; false where the line ends first. */
    private static boolean skip(LineCursor line) {
        boolean quoted = false;
        while (line.at < line.end) {
            byte b = line.bytes[line.at];
            if (b == '\\') {
                line.at++;
            } else if (b == '"') {
                quoted = !quoted;
            } else if (b == ' ' && !quoted) {
                return true;
            }
            line.at++;
        }
        line.at = Math.min(line.at, line.end);
        return false;
    }

    /** What stands behind the size says nothing of the origin. */
    private void rest(LineCursor line) {
        while (line.take(' ')) {
            if (line.looksAt(line.at, FROM)) {
                int words = line.find(FOR);
                if (words >= 0) {
                    for (int i = words + FOR.length - 1; i < line.end; i++) {
                        recipients += line.bytes[i] == ' ' ? 1 : 0;
                    }
                }
                return;
            }
            boolean id = line.peek(line.at) == 'i' && line.peek(line.at + 1) == 'd' && messageIdFrom < 0;
            int equals = line.at + (line.peek(line.at + 2) == '*' ? 3 : 2);
            if (!id && !isField(line)) {
                // Another line begins inside of this one: which of them has that Message-ID is not known.
                messageIdFrom = -1;
                return;
            }
            int from = line.at;
            skip(line);
            if (id && line.peek(equals) == '=' && from < equals) {
                messageIdFrom = equals + 1;
                messageIdTo = line.at;
            }
        }
    }
}
