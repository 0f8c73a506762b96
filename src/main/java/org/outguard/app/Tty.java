package org.outguard.app;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.outguard.app.run.Faults;
import org.outguard.kernel.NativeLibrary;
import org.outguard.tui.draw.Size;
import org.outguard.tui.terminal.TerminalPort;

/**
 * The terminal this program was started on, leased for the screen. It is given back as it was by {@link #close}, and by a
 * shutdown hook where the program ends by TERM, HUP, ^C or an exception; for ^Z it is given to the shell and taken again.
 * A process leases it once.
 */
public final class Tty implements TerminalPort, AutoCloseable {

    /** Whether there is a screen. */
    public sealed interface Lease {}

    /**
     * The terminal is ours.
     *
     * @param tty to be closed
     */
    public record Leased(Tty tty) implements Lease {}

    /**
     * There can be no screen here.
     *
     * @param reason why, in words
     */
    public record Refused(String reason) implements Lease {}

    /* The same numbers stand in native/jni/Tty.c. */
    private static final int RESIZED = -2;
    private static final int STOP_ASKED = -3;
    private static final int CONTINUED = -4;
    private static final int WOKEN = -5;

    /*
     * Alternate screen (xterm's ctlseqs, DECSET 1049), no cursor (25), no wrap at the right edge (7), pastes marked as such
     * (2004), so that pasted text does not press keys, clicks and the wheel reported (1000) as numbers (1006).
     * native/parent/outguard-terminal.c has LEAVE again.
     */
    private static final String BEGIN = "\033[?1049h\033[?25l\033[?7l\033[?2004h";
    private static final String REPORT_MOUSE = "\033[?1000h\033[?1006h";
    private static final String CLEAR = "\033[0m\033[2J";
    private static final byte[] LEAVE =
            bytes("\033[0m\033[?2026l\033[?1006l\033[?1000l\033[?2004l\033[?7h\033[?25h\033[?1049l");

    private static final Size UNKNOWN_SIZE = new Size(80, 24);

    private final Thread hook = new Thread(() -> giveBack(LEAVE), "terminal");
    private volatile boolean gone;
    private Optional<Consumer<String>> console = Optional.empty();

    private final byte[] enter;

    private Tty(boolean mouse) {
        enter = bytes(BEGIN + (mouse ? REPORT_MOUSE : "") + CLEAR);
    }

    /**
     * Takes the terminal, or says why there is none to take.
     *
     * @param environment of this process; {@code TERM} is looked at
     * @param mouse whether clicks and the wheel are reported
     */
    public static Lease lease(Map<String, String> environment, boolean mouse) {
        Optional<String> problem = NativeLibrary.problem();
        if (problem.isPresent()) {
            return new Refused(problem.get());
        }
        String term = environment.getOrDefault("TERM", "");
        if (term.isEmpty() || term.equals("dumb")) {
            return new Refused(term.isEmpty() ? "TERM is not set" : "the terminal is dumb (TERM=dumb)");
        }
        Tty tty = new Tty(mouse);
        int failure = take();
        if (failure != 0) {
            return new Refused(
                    failure < 0
                            ? "standard input and output are not both a terminal"
                            : "the terminal cannot be used: " + explain(failure));
        }
        try {
            Runtime.getRuntime().addShutdownHook(tty.hook);
        } catch (IllegalStateException e) {
            giveBack(LEAVE);
            return new Refused("the program is ending");
        }
        Faults.terminal(() -> giveBack(LEAVE));
        tty.write(tty.enter, tty.enter.length);
        return new Leased(tty);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public Size size() {
        int packed = size0();
        int columns = packed >>> 16;
        int rows = packed & 0xffff;
        return columns == 0 || rows == 0 ? UNKNOWN_SIZE : Size.reported(columns, rows);
    }

    @Override
    public int read(byte[] into, int timeoutMillis) {
        if (gone) {
            return CLOSED;
        }
        int count = read0(into, timeoutMillis);
        return switch (count) {
            case RESIZED -> REDRAW;
            case STOP_ASKED -> SUSPEND;
            case CONTINUED -> raw() ? enterAgain() : suspend();
            case WOKEN -> NOTHING;
            default -> count;
        };
    }

    @Override
    public int suspend() {
        return stop(LEAVE) ? enterAgain() : CLOSED;
    }

    private int enterAgain() {
        write(enter, enter.length);
        return REDRAW;
    }

    /** What has the terminal while {@link #console} lends it; it is told what was typed for it already. */
    public Tty withConsole(Consumer<String> opened) {
        console = Optional.of(opened);
        return this;
    }

    @Override
    public boolean console(String typed) {
        if (console.isEmpty()) {
            return false;
        }
        lend(LEAVE);
        try {
            console.get().accept(typed);
        } finally {
            if (retake()) {
                enterAgain();
            } else {
                suspend();
            }
        }
        return true;
    }

    @Override
    public void write(byte[] bytes, int length) {
        Objects.checkFromIndexSize(0, length, bytes.length);
        if (!gone && write0(bytes, length) != 0) {
            // Hung up or given back; the next read says so.
            gone = true;
        }
    }

    /** Gives the terminal back. May be called from any thread and more than once. */
    @Override
    public void close() {
        giveBack(LEAVE);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The hooks are running: this one finds nothing left to do.
        }
    }

    private static native int take();

    private static native String explain(int errno);

    private static native int size0();

    private static native int read0(byte[] into, int timeoutMillis);

    private static native int write0(byte[] bytes, int length);

    private static native boolean stop(byte[] leave);

    private static native boolean raw();

    private static native void lend(byte[] leave);

    private static native boolean retake();

    private static native void giveBack(byte[] leave);
}
