package org.outguard.tui;

import java.nio.charset.StandardCharsets;

/**
 * Frames to a terminal: one write for each, and none where nothing has changed. Behind each frame the terminal is asked to
 * report that it is through with it (DSR 5, ECMA-48). Where it says that it knows synchronized output (mode 2026), a frame
 * is marked so that it appears at once.
 */
final class FrameSender {

    private static final byte[] BEGIN = bytes("\033[?2026h");
    private static final byte[] END = bytes("\033[?2026l");
    private static final byte[] ASK = bytes("\033[5n");
    private static final byte[] PROBE = bytes("\033[?2026$p");

    private final TerminalPort terminal;
    private final FrameEncoder encoder = new FrameEncoder();
    private final Pacing pacing = new Pacing();
    private byte[] out = new byte[16_384];
    private boolean probe;
    private boolean synchronizes;

    /**
     * A sender.
     *
     * @param probe whether the terminal may be asked what it knows; the Linux console prints part of the question
     */
    FrameSender(TerminalPort terminal, boolean probe) {
        this.terminal = terminal;
        this.probe = probe;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Forgets what is on the terminal: the next frame is sent whole. */
    void forget() {
        encoder.forget();
    }

    /** See {@link Pacing#waitNanos}. */
    long waitNanos(long nowNanos) {
        return pacing.waitNanos(nowNanos);
    }

    /** See {@link Pacing#owes}. */
    boolean owes() {
        return pacing.owes();
    }

    /** See {@link Pacing#lastAnswerNanos}. */
    long lastAnswerNanos() {
        return pacing.lastAnswerNanos();
    }

    /** See {@link Pacing#writeOff}. */
    void writeOff() {
        pacing.writeOff();
    }

    void shown() {
        pacing.shown();
    }

    void synchronizes(boolean known) {
        synchronizes = known;
    }

    /** Sends what changes the last frame into this one. */
    void send(Grid frame, long nowNanos) {
        encoder.encode(frame);
        int length = encoder.length();
        if (length == 0) {
            return;
        }
        int room = length + BEGIN.length + END.length + ASK.length + PROBE.length;
        if (out.length < room) {
            out = new byte[room * 2];
        }
        int at = synchronizes ? put(BEGIN, BEGIN.length, 0) : 0;
        at = put(encoder.bytes(), length, at);
        at = synchronizes ? put(END, END.length, at) : at;
        at = probe ? put(PROBE, PROBE.length, at) : at;
        at = pacing.asks() ? put(ASK, ASK.length, at) : at;
        probe = false;
        pacing.sent(nowNanos);
        terminal.write(out, at);
    }

    private int put(byte[] what, int length, int at) {
        System.arraycopy(what, 0, out, at, length);
        return at + length;
    }
}
