package org.outguard.tui.terminal;

import java.nio.charset.StandardCharsets;
import org.outguard.tui.draw.Grid;

/**
 * Frames to a terminal: one write for each, and none where nothing has changed. Behind each frame the terminal is asked to
 * report that it is through with it (DSR 5, ECMA-48). Where it says that it knows synchronized output (mode 2026), a frame
 * is marked so that it appears at once.
 */
public final class FrameSender {

    private static final byte[] BEGIN = bytes("\033[?2026h");
    private static final byte[] END = bytes("\033[?2026l");
    private static final byte[] ASK = bytes("\033[5n");
    private static final byte[] PROBE = bytes("\033[?2026$p");

    /* A shorter frame says more of the way there and back than of what the line carries. */
    private static final int MEASURED_BYTES = 300;
    private static final long SLOW_NANOS = 200_000_000L;
    private static final long SLOW_BYTES_A_SECOND = 8_000;

    private final TerminalPort terminal;
    private final FrameEncoder encoder = new FrameEncoder();
    private final Pacing pacing = new Pacing();
    private byte[] out = new byte[16_384];
    private boolean probe;
    private boolean synchronizes;
    private boolean slow;
    private long sentNanos;
    private long lastLength;
    private long frames;

    /**
     * A sender.
     *
     * @param probe whether the terminal may be asked what it knows; the Linux console prints part of the question
     */
    public FrameSender(TerminalPort terminal, boolean probe) {
        this.terminal = terminal;
        this.probe = probe;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Forgets what is on the terminal: the next frame is sent whole. */
    public void forget() {
        encoder.forget();
    }

    /** See {@link Pacing#waitNanos}. */
    public long waitNanos(long nowNanos) {
        return pacing.waitNanos(nowNanos);
    }

    /** See {@link Pacing#owes}. */
    public boolean owes() {
        return pacing.owes();
    }

    /** See {@link Pacing#lastAnswerNanos}. */
    public long lastAnswerNanos() {
        return pacing.lastAnswerNanos();
    }

    /** See {@link Pacing#writeOff}. */
    public void writeOff() {
        pacing.writeOff();
    }

    /** The terminal has shown a frame, or has answered another question. */
    public void shown(long nowNanos) {
        long nanos = nowNanos - sentNanos;
        // The first answer waits until what comes behind the first frame is begun.
        if (pacing.owes() && frames > 1 && lastLength >= MEASURED_BYTES) {
            slow = nanos >= SLOW_NANOS && lastLength * 1_000_000_000L / nanos < SLOW_BYTES_A_SECOND;
        }
        pacing.shown();
    }

    /** Whether frames were seen to take long for their length. */
    public boolean isSlow() {
        return slow;
    }

    /** A question went out that is no frame's. */
    public void asked() {
        pacing.asked();
    }

    /** It was answered. */
    public void answered() {
        pacing.shown();
    }

    public void synchronizes(boolean known) {
        synchronizes = known;
    }

    /** Sends what changes the last frame into this one. */
    public void send(Grid frame, long nowNanos) {
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
        sentNanos = nowNanos;
        lastLength = at;
        frames++;
        terminal.write(out, at);
    }

    private int put(byte[] what, int length, int at) {
        System.arraycopy(what, 0, out, at, length);
        return at + length;
    }
}
