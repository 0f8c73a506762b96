package org.outguard.tui;

import java.util.List;
import java.util.function.LongSupplier;
import org.outguard.guard.Desk;
import org.outguard.guard.Snapshot;

/**
 * Draws and listens until the last key. It runs on the thread that calls {@link #run}: keys are answered at once, data is
 * drawn at most four times a second, and nothing is written when nothing has changed. Whoever lends the terminal gives it
 * back when this returns or throws.
 */
public final class ScreenLoop {

    private static final long FRAME_NANOS = 250_000_000L;
    private static final long HOLD_NANOS = 2_000_000_000L;
    private static final long MESSAGE_NANOS = 5_000_000_000L;
    private static final int BUFFER = 1_024;

    private final TerminalPort terminal;
    private final Desk desk;
    private final LongSupplier nanoTime;
    private final Screen screen;
    private final Controller controller;
    private final FrameEncoder encoder = new FrameEncoder();
    private final KeyDecoder keys = new KeyDecoder();

    private ViewState view = ViewState.first();
    private Controller.Seen seen;
    private long holdUntilNanos;
    private long messageUntilNanos;

    /**
     * A screen.
     *
     * @param terminal raw already
     * @param desk where the data come from and the commands go to
     * @param setting where the screen stands
     * @param nanoTime a clock that never goes back, in nanoseconds
     */
    public ScreenLoop(TerminalPort terminal, Desk desk, Setting setting, LongSupplier nanoTime) {
        this.terminal = terminal;
        this.desk = desk;
        this.nanoTime = nanoTime;
        this.screen = new Screen(setting);
        this.controller = new Controller(desk, setting.by());
        this.seen = new Controller.Seen(desk.snapshot(), 1, false);
        this.holdUntilNanos = nanoTime.getAsLong();
        this.messageUntilNanos = holdUntilNanos;
    }

    /** Returns when a person quits, or when the terminal is gone. */
    public void run() {
        byte[] input = new byte[BUFFER];
        long nextFrameNanos = draw();
        while (true) {
            int got = terminal.read(input, timeoutMillis(nextFrameNanos));
            if (got == TerminalPort.CLOSED) {
                return;
            }
            List<String> pressed = got > 0 ? keys.take(input, got) : got == 0 ? keys.timeOut() : List.of();
            for (String key : pressed) {
                if (press(key)) {
                    return;
                }
            }
            if (got == TerminalPort.REDRAW) {
                encoder.forget();
            }
            boolean due = nextFrameNanos - nanoTime.getAsLong() <= 0;
            if (due || !pressed.isEmpty() || got == TerminalPort.REDRAW) {
                nextFrameNanos = draw();
            }
        }
    }

    private int timeoutMillis(long nextFrameNanos) {
        if (keys.waiting()) {
            return KeyDecoder.ESCAPE_MILLIS;
        }
        long left = nextFrameNanos - nanoTime.getAsLong();
        return (int) Math.max(0, (left + 999_999) / 1_000_000);
    }

    private boolean press(String key) {
        Controller.Pressed pressed = controller.press(key, view, seen);
        view = pressed.view();
        long now = nanoTime.getAsLong();
        if (pressed.moved()) {
            holdUntilNanos = now + HOLD_NANOS;
        }
        if (!view.message().isEmpty()) {
            messageUntilNanos = now + MESSAGE_NANOS;
        }
        if (pressed.redraw()) {
            encoder.forget();
        }
        return pressed.quit();
    }

    /* Returns when the next frame is due. */
    private long draw() {
        long now = nanoTime.getAsLong();
        Snapshot shown = view.paused().orElseGet(desk::snapshot);
        if (!view.message().isEmpty() && messageUntilNanos - now <= 0) {
            view = view.withMessage("");
        }
        boolean hold = view.dialogOpen() || holdUntilNanos - now > 0;
        view = Rows.settle(shown, view, hold);
        Size size = terminal.size();
        seen = screen.seen(size, shown, view);
        view = Rows.scroll(Rows.of(shown, view), view, seen.page());
        encoder.encode(screen.draw(size, shown, view));
        if (encoder.length() > 0) {
            terminal.write(encoder.bytes(), encoder.length());
        }
        return now + FRAME_NANOS;
    }
}
