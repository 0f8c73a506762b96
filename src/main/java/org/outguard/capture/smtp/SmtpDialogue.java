package org.outguard.capture.smtp;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Follows the dialogue of RFC 5321 on one connection, with PIPELINING (RFC 2920), CHUNKING (RFC 3030), STARTTLS (RFC 3207) and
 * AUTH (RFC 4954), whatever the bytes are. A line of a message is never taken for a command: after something was lost that may
 * have begun a message, commands are read on only from a reply that no message is under way.
 */
final class SmtpDialogue {

    private enum Mode {
        COMMANDS,
        /** After DATA, up to the line with a dot alone. */
        BODY,
        /** After BDAT. */
        CHUNK,
        /** It is not known whether a message is under way. */
        DEAF,
        ENCRYPTED
    }

    /** What a reply is awaited to. */
    private enum Awaited {
        GREETING,
        RCPT,
        DATA,
        BODY,
        STARTTLS,
        AUTH,
        OTHER
    }

    /* More than a name or an address and the words before it. */
    private static final int LINE_BYTES = 320;
    /* A segment of 64 kB that the device cuts later holds some 1,500 commands with an address each. */
    private static final int MOST_AWAITED = 2_048;
    private static final long MOST_CHUNK_BYTES = 1L << 40;

    /* How much of CRLF . CRLF has come. */
    private static final int WITHIN_LINE = 0;
    private static final int AFTER_CR = 1;
    private static final int LINE_START = 2;
    private static final int AFTER_DOT = 3;
    private static final int AFTER_DOT_CR = 4;

    private final SmtpNews news;
    private Mode mode;
    /** Whether all of the client's bytes so far were read. */
    private boolean certain;

    private final byte[] line = new byte[LINE_BYTES];
    private int lineLength;
    private int end;
    private boolean messageBegun;
    /** Whether the line that ends it may have been among what was not captured. */
    private boolean bodyHole;

    private long chunkLeft;
    private boolean loggingIn;
    private boolean over;

    /** Whether it is known what each reply answers. */
    private boolean matched;

    private final Deque<Awaited> awaited = new ArrayDeque<>(4);

    private int column;
    private int code;
    private boolean goesOn;

    /** @param fromTheStart whether the first bytes are the connection's first */
    SmtpDialogue(SmtpNews news, boolean fromTheStart) {
        this.news = news;
        this.certain = fromTheStart;
        this.matched = fromTheStart;
        this.mode = fromTheStart ? Mode.COMMANDS : Mode.DEAF;
        if (fromTheStart) {
            await(Awaited.GREETING);
        }
    }

    boolean isEncrypted() {
        return mode == Mode.ENCRYPTED;
    }

    /** Whether the server has said goodbye. */
    boolean isOver() {
        return over;
    }

    /** The client's next bytes. */
    void command(byte[] data, int from, int length) {
        int at = from;
        int to = from + length;
        boolean mayBegin = mode == Mode.COMMANDS && lineLength == 0 || mode == Mode.DEAF;
        if (mayBegin && isTls(data, from, length)) {
            encrypt();
        }
        while (at < to) {
            switch (mode) {
                case COMMANDS -> at = commands(data, at, to);
                case BODY -> at = body(data, at, to);
                case CHUNK -> at = chunk(at, to);
                case DEAF, ENCRYPTED -> at = to;
            }
        }
    }

    /** So many of the client's bytes were not captured. */
    void lost(int bytes) {
        switch (mode) {
            case COMMANDS -> goDeaf();
            case BODY -> {
                end = WITHIN_LINE;
                messageBegun = true;
                bodyHole = true;
                certain = false;
            }
            case CHUNK -> {
                chunkLeft -= bytes;
                if (chunkLeft < 0) {
                    goDeaf();
                } else if (chunkLeft == 0) {
                    mode = Mode.COMMANDS;
                }
            }
            case DEAF, ENCRYPTED -> {}
        }
    }

    private void goDeaf() {
        mode = Mode.DEAF;
        certain = false;
        loggingIn = false;
        lineLength = 0;
        forgetAwaited();
    }

    private void encrypt() {
        mode = Mode.ENCRYPTED;
        news.encrypted();
    }

    /* A record of TLS 1.0 to 1.3 (RFC 8446, 5.1): its type, its version, a length of at most 2^14 + 256. */
    private static boolean isTls(byte[] data, int from, int length) {
        return length >= 4
                && data[from] >= 0x14
                && data[from] <= 0x17
                && data[from + 1] == 3
                && data[from + 2] >= 0
                && data[from + 2] <= 4
                && (data[from + 3] & 0xff) <= 0x41;
    }

    private int commands(byte[] data, int from, int to) {
        int at = from;
        while (at < to) {
            byte b = data[at++];
            if (b == '\n') {
                int length = lineLength > 0 && line[lineLength - 1] == '\r' ? lineLength - 1 : lineLength;
                lineLength = 0;
                commandLine(length);
                return at;
            }
            if (lineLength < LINE_BYTES) {
                line[lineLength++] = b;
            }
        }
        return at;
    }

    private int chunk(int from, int to) {
        int skipped = (int) Math.min(chunkLeft, to - from);
        chunkLeft -= skipped;
        if (chunkLeft == 0) {
            mode = Mode.COMMANDS;
        }
        return from + skipped;
    }

    private int body(byte[] data, int from, int to) {
        messageBegun = true;
        int at = from;
        while (at < to) {
            byte b = data[at++];
            if (b == '\n' && end == AFTER_DOT_CR) {
                mode = Mode.COMMANDS;
                await(Awaited.BODY);
                return at;
            }
            end = switch (b) {
                case '\r' -> end == AFTER_DOT ? AFTER_DOT_CR : AFTER_CR;
                case '\n' -> end == AFTER_CR ? LINE_START : WITHIN_LINE;
                case '.' -> end == LINE_START ? AFTER_DOT : WITHIN_LINE;
                default -> WITHIN_LINE;
            };
        }
        return at;
    }

    private void commandLine(int length) {
        if (loggingIn && !hasSpace(length)) {
            // Base64 (RFC 4954, 4), which may well spell a command.
            return;
        }
        loggingIn = false;
        switch (SmtpWords.command(line, length)) {
            case EHLO -> {
                news.greeting(SmtpWords.argument(line, length));
                await(Awaited.OTHER);
            }
            case MAIL -> {
                news.message(SmtpWords.sender(line, length));
                await(Awaited.OTHER);
            }
            case RCPT -> {
                news.recipient();
                await(Awaited.RCPT);
            }
            case DATA -> {
                await(Awaited.DATA);
                beginBody();
            }
            case BDAT -> {
                await(Awaited.OTHER);
                chunkLeft = SmtpWords.number(line, length, MOST_CHUNK_BYTES);
                mode = chunkLeft > 0 ? Mode.CHUNK : Mode.COMMANDS;
            }
            case STARTTLS -> await(Awaited.STARTTLS);
            case AUTH -> {
                loggingIn = true;
                await(Awaited.AUTH);
            }
            case OTHER -> await(Awaited.OTHER);
        }
    }

    private void beginBody() {
        mode = Mode.BODY;
        end = LINE_START;
        messageBegun = false;
        bodyHole = false;
    }

    private boolean hasSpace(int length) {
        return SmtpWords.wordEnd(line, 0, length) < length;
    }

    /**
     * The server's next bytes.
     *
     * @param toAll whether the server has received all that the client has sent
     */
    void reply(byte[] data, int from, int length, boolean toAll) {
        if (column == 0 && isTls(data, from, length)) {
            encrypt();
        }
        for (int at = from; at < from + length && mode != Mode.ENCRYPTED; at++) {
            replyByte(data[at], toAll);
        }
    }

    /* RFC 5321, 4.2: three digits, and a hyphen where more lines follow. */
    private void replyByte(byte b, boolean toAll) {
        if (b == '\n') {
            int answer = column >= 3 && !goesOn ? code : 0;
            column = 0;
            code = 0;
            goesOn = false;
            if (answer >= 200 && answer < 600) {
                replied(answer, toAll);
            }
            return;
        }
        if (column < 3) {
            code = b >= '0' && b <= '9' && code >= 0 ? code * 10 + b - '0' : -1;
        } else if (column == 3) {
            goesOn = b == '-';
        }
        column = Math.min(column + 1, 4);
    }

    private void replied(int answer, boolean toAll) {
        news.reply(answer);
        over |= answer == 221;
        Awaited what = awaited.peekFirst();
        if (what != null) {
            answered(what, answer);
        } else if (answer == 354) {
            bodyIsWanted(toAll);
        } else if (mode == Mode.BODY && bodyHole) {
            bodyMayBeOver(answer);
        } else if (mode == Mode.DEAF && toAll && (answer < 300 || answer == 334)) {
            // Nobody says yes in the midst of a message.
            mode = Mode.COMMANDS;
            loggingIn = answer == 334;
        }
    }

    private void answered(Awaited what, int answer) {
        if (what == Awaited.AUTH && answer == 334) {
            return;
        }
        awaited.removeFirst();
        switch (what) {
            case GREETING -> {
                if (answer < 400 && answer != 220) {
                    // The greeting itself was not captured.
                    forgetAwaited();
                }
            }
            case RCPT -> {
                if (answer >= 400) {
                    news.refused(answer);
                }
            }
            case DATA -> {
                if (answer != 354) {
                    bodyIsRefused();
                }
            }
            case STARTTLS -> {
                if (answer == 220) {
                    encrypt();
                }
            }
            case AUTH -> loggingIn = false;
            case BODY, OTHER -> {}
        }
    }

    private void bodyIsWanted(boolean toAll) {
        if (mode != Mode.BODY && !certain) {
            beginBody();
            bodyHole = !toAll;
            end = toAll ? LINE_START : WITHIN_LINE;
        }
        if (mode == Mode.BODY) {
            awaited.clear();
            matched = true;
        }
    }

    private void bodyIsRefused() {
        if (mode == Mode.BODY && !messageBegun) {
            mode = Mode.COMMANDS;
        } else if (mode == Mode.BODY) {
            // The server takes each of its lines for a command.
            goDeaf();
        } else {
            forgetAwaited();
        }
    }

    /* Its end may be among what was not captured. A refusal may come before it. */
    private void bodyMayBeOver(int answer) {
        if (answer < 300) {
            mode = Mode.COMMANDS;
        } else {
            goDeaf();
        }
    }

    /** Something that the server said was not captured. */
    void lostReply() {
        column = 0;
        code = 0;
        goesOn = false;
        forgetAwaited();
        if (!certain && mode == Mode.COMMANDS) {
            goDeaf();
        }
    }

    private void await(Awaited what) {
        if (!matched) {
            return;
        }
        if (awaited.size() == MOST_AWAITED) {
            forgetAwaited();
            return;
        }
        awaited.addLast(what);
    }

    private void forgetAwaited() {
        matched = false;
        awaited.clear();
    }
}
