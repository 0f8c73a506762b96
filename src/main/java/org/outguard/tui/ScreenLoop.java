package org.outguard.tui;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.outguard.guard.GuardClient;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.tui.dialog.Proposals;
import org.outguard.tui.draw.Size;
import org.outguard.tui.state.Setting;
import org.outguard.tui.state.ViewState;
import org.outguard.tui.table.Lookups;
import org.outguard.tui.terminal.FrameSender;
import org.outguard.tui.terminal.Input;
import org.outguard.tui.terminal.KeyDecoder;
import org.outguard.tui.terminal.TerminalPort;
import org.outguard.tui.view.Timeline;
import org.outguard.tui.view.Views;

/**
 * Draws and listens until the last key. It runs on the thread that calls {@link #run}: keys are answered at once, figures
 * are drawn once a second and what calls for a person within a quarter of one, a frame only goes when the terminal has shown
 * the last one, and nothing is written when nothing has changed. Whoever lends the terminal gives it back when this returns
 * or throws.
 */
public final class ScreenLoop {

    private static final long LOOK_NANOS = 250_000_000L;
    private static final long HOLD_NANOS = 2_000_000_000L;

    /* Rows change places this often: a row that jumps each second cannot be read, and costs more than all its figures. */
    private static final long ORDER_NANOS = 5_000_000_000L;

    private static final long MESSAGE_NANOS = 5_000_000_000L;
    /* Ticks are four a second: data older than this are late. */
    private static final int LATE_SECONDS = 2;

    private static final int BUFFER = 1_024;

    /* So long the colour of the background is waited for. */
    private static final long BACKGROUND_NANOS = 100_000_000L;

    private static final byte[] ASK_BACKGROUND = "\033]11;?\033\\\033[5n".getBytes(StandardCharsets.US_ASCII);

    private final TerminalPort terminal;
    private final Setting setting;
    private final GuardClient guardClient;
    private final LongSupplier nanoTime;
    private final Screen screen;
    private final Views views;
    private final Controller controller;
    private final Mouse mouse;
    private final FrameSender sender;
    private final Timeline timeline = new Timeline();
    private final KeyDecoder keys = new KeyDecoder();
    private final RedrawPolicy redrawPolicy = new RedrawPolicy();
    private final byte[] input = new byte[BUFFER];

    private ViewState view;
    private Optional<Screen.Arranged> arranged = Optional.empty();
    private boolean dirty = true;
    private boolean consoleAsked;
    private long nextLookNanos;
    private long holdUntilNanos;
    private long orderAtNanos;
    private long messageUntilNanos;
    private long freshSequence;
    private long freshNanos;
    private boolean outcomeKnown;
    private long outcomeUntilNanos;

    /**
     * A screen.
     *
     * @param terminal raw already
     * @param guardClient where the data come from and the commands go to
     * @param setting where the screen stands
     * @param nanoTime a clock that never goes back, in nanoseconds
     */
    public ScreenLoop(TerminalPort terminal, GuardClient guardClient, Setting setting, LongSupplier nanoTime) {
        this(terminal, guardClient, setting, nanoTime, Lookups.NONE);
    }

    /**
     * One whose pages show what is looked up beside it.
     *
     * @param lookups what takes too long for a frame
     */
    public ScreenLoop(
            TerminalPort terminal, GuardClient guardClient, Setting setting, LongSupplier nanoTime, Lookups lookups) {
        this.views = new Views(setting.times(), timeline);
        Proposals proposals = new Proposals(setting.by(), setting.evidence(), guardClient::allowedInLockdown);
        this.terminal = terminal;
        this.setting = setting;
        this.guardClient = guardClient;
        this.nanoTime = nanoTime;
        this.screen = new Screen(setting, views, proposals, lookups, timeline);
        this.controller = new Controller(guardClient, views, setting.keys(), proposals, lookups);
        this.mouse = new Mouse(views);
        this.sender = new FrameSender(terminal, setting.probe());
        this.view = ViewState.first(views.hidden(setting.columns().read())).withWelcome(setting.firstRun());
        this.holdUntilNanos = nanoTime.getAsLong();
        this.orderAtNanos = holdUntilNanos;
        this.messageUntilNanos = holdUntilNanos;
        this.nextLookNanos = holdUntilNanos;
    }

    /** Returns when a person quits, or when the terminal is gone. */
    public void run() {
        run(() -> true);
    }

    /**
     * As {@link #run()}.
     *
     * @param afterFirstFrame what can wait until there is something to look at; false ends it
     */
    public void run(BooleanSupplier afterFirstFrame) {
        run(afterFirstFrame, () -> false);
    }

    /**
     * As {@link #run(BooleanSupplier)}.
     *
     * @param isOver asked four times a second; true ends it
     */
    public void run(BooleanSupplier afterFirstFrame, BooleanSupplier isOver) {
        List<Input> early = askBackground();
        draw(nanoTime.getAsLong());
        if (!afterFirstFrame.getAsBoolean()) {
            awaitAnswer();
            return;
        }
        if (take(early)) {
            awaitAnswer();
            return;
        }
        while (true) {
            long now = nanoTime.getAsLong();
            if (nextLookNanos - now <= 0) {
                if (isOver.getAsBoolean()) {
                    awaitAnswer();
                    return;
                }
                look(now);
            }
            if (dirty && sender.waitNanos(now) == 0) {
                draw(now);
            }
            int got = terminal.read(input, timeoutMillis());
            if (got == TerminalPort.SUSPEND) {
                awaitAnswer();
                got = terminal.suspend();
            }
            if (got == TerminalPort.CLOSED) {
                return;
            }
            if (got == TerminalPort.REDRAW) {
                sender.forget();
                dirty = true;
            }
            if (take(got)) {
                awaitAnswer();
                return;
            }
        }
    }

    /*
     * Asks for the colour of the background (OSC 11 of xterm's ctlseqs) and waits for it no longer than a person can tell.
     * The question behind it is one that every terminal answers, so one that does not know the first costs no time. Keys
     * that come first are kept.
     */
    private List<Input> askBackground() {
        List<Input> early = new ArrayList<>();
        if (!setting.probe() || setting.look().isCertain()) {
            return early;
        }
        terminal.write(ASK_BACKGROUND, ASK_BACKGROUND.length);
        sender.asked();
        long until = nanoTime.getAsLong() + BACKGROUND_NANOS;
        // What the first frame needs is loaded while the answer is under way: the second drawing of it takes no time.
        Size size = terminal.size();
        screen.draw(size, screen.arrange(size, guardClient.snapshot(), view, false));
        boolean answered = false;
        for (long left = until - nanoTime.getAsLong(); !answered; left = until - nanoTime.getAsLong()) {
            int got = terminal.read(input, (int) Math.max(0, left / 1_000_000));
            if (got <= 0) {
                break;
            }
            for (Input each : keys.take(input, got)) {
                if (each instanceof Input.Shown) {
                    sender.answered();
                    answered = true;
                } else if (each instanceof Input.Background background) {
                    relook(background.light());
                } else {
                    early.add(each);
                }
            }
        }
        return early;
    }

    private void relook(boolean light) {
        if (!setting.look().isCertain()) {
            screen.look(setting.look().onLight(light));
            dirty = true;
        }
    }

    /* Whether that was the last key. */
    private boolean take(int got) {
        return take(got > 0 ? keys.take(input, got) : got == 0 ? keys.timeOut() : List.of());
    }

    private boolean take(List<Input> inputs) {
        for (int i = 0; i < inputs.size(); i++) {
            Input each = inputs.get(i);
            if (each instanceof Input.Shown) {
                sender.shown(nanoTime.getAsLong());
            } else if (each instanceof Input.Synchronized mode) {
                sender.synchronizes(mode.supported());
            } else if (each instanceof Input.Background background) {
                relook(background.light());
            } else if (each instanceof Input.Mouse click && arranged.isPresent()) {
                Optional<Input.Key> named = screen.keyAt(arranged.get(), click);
                if (named.isPresent() && press(named.get())) {
                    return true;
                }
                view = named.isPresent() ? view : mouse.take(click, view, arranged.get());
                held();
            } else if (each instanceof Input.Key key && press(key)) {
                return true;
            }
            if (consoleAsked) {
                consoleAsked = false;
                openConsole(inputs.subList(i + 1, inputs.size()));
                return false;
            }
        }
        return false;
    }

    /* What was typed behind the colon before the console was there is meant for it, and not for the table. */
    private void openConsole(List<Input> behind) {
        List<Input> meant = new ArrayList<>(behind);
        meant.addAll(awaitAnswer());
        String typed = meant.stream()
                .filter(Input.Key.class::isInstance)
                .map(key -> ((Input.Key) key).typed())
                .collect(Collectors.joining());
        if (!terminal.console(typed)) {
            view = view.withMessage("there is no console here");
        }
        sender.forget();
    }

    /* What the terminal still has to say would be typed at the shell. Returns what else came. */
    private List<Input> awaitAnswer() {
        List<Input> others = new ArrayList<>();
        long until = nanoTime.getAsLong() + sender.lastAnswerNanos();
        while (sender.owes() && until - nanoTime.getAsLong() > 0) {
            int got = terminal.read(input, (int) ((until - nanoTime.getAsLong()) / 1_000_000));
            if (got == TerminalPort.CLOSED || got == TerminalPort.SUSPEND) {
                return others;
            }
            // Of another size the next frame learns, whoever draws it.
            for (Input each : got > 0 ? keys.take(input, got) : List.<Input>of()) {
                if (each instanceof Input.Shown) {
                    sender.shown(nanoTime.getAsLong());
                } else {
                    others.add(each);
                }
            }
        }
        sender.writeOff();
        return others;
    }

    private int timeoutMillis() {
        if (keys.waiting()) {
            return KeyDecoder.ESCAPE_MILLIS;
        }
        long now = nanoTime.getAsLong();
        long left = nextLookNanos - now;
        if (dirty) {
            left = Math.min(left, sender.waitNanos(now));
        }
        return (int) Math.max(0, (left + 999_999) / 1_000_000);
    }

    private void held() {
        holdUntilNanos = nanoTime.getAsLong() + HOLD_NANOS;
        dirty = true;
    }

    private boolean press(Input.Key key) {
        if (arranged.isEmpty()) {
            return false;
        }
        // Keys that come faster than frames act on what the ones before them chose.
        Screen.Arranged now =
                screen.arrange(terminal.size(), arranged.get().table().snapshot(), view, true);
        Controller.Pressed pressed = controller.press(key, now.view(), now.seen());
        outcomeKnown &= pressed.view().asked().equals(view.asked());
        view = pressed.view();
        dirty = true;
        if (!view.message().isEmpty()) {
            messageUntilNanos = nanoTime.getAsLong() + MESSAGE_NANOS;
        }
        if (!pressed.copied().isEmpty()) {
            copy(pressed.copied());
        }
        switch (pressed.then()) {
            case HOLD -> held();
            case REDRAW -> sender.forget();
            case KEEP -> setting.columns().write(views.hidden(view.tables()));
            case CONSOLE -> consoleAsked = true;
            case NOTHING, QUIT -> {}
        }
        return pressed.then() == Controller.Then.QUIT;
    }

    /* OSC 52 of xterm's ctlseqs: the terminal's clipboard, also over SSH. */
    private void copy(String text) {
        String coded = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        byte[] sequence = ("\033]52;c;" + coded + "\007").getBytes(StandardCharsets.US_ASCII);
        terminal.write(sequence, sequence.length);
    }

    /* Whether there is something to draw. */
    private void look(long now) {
        nextLookNanos = now + LOOK_NANOS;
        if (!view.message().isEmpty() && messageUntilNanos - now <= 0) {
            view = view.withMessage("");
            dirty = true;
        }
        asked(now);
        late(now);
        dirty |= view.paused().isEmpty() && redrawPolicy.calls(guardClient.snapshot());
    }

    /* Data that do not come are old, whatever they say of themselves: their age is told, and counted by this clock. */
    private void late(long now) {
        Snapshot snapshot = guardClient.snapshot();
        timeline.observe(snapshot);
        if (snapshot.sequence() != freshSequence) {
            freshSequence = snapshot.sequence();
            freshNanos = now;
        }
        boolean counts = snapshot.sequence() > 0 && view.paused().isEmpty();
        int seconds = counts ? (int) ((now - freshNanos) / 1_000_000_000L) : 0;
        int shown = seconds < LATE_SECONDS ? 0 : seconds;
        if (shown != view.lateSeconds()) {
            view = view.withLate(shown);
            dirty = true;
        }
    }

    /* The outcome of what was confirmed is told for some seconds from when it is known. */
    private void asked(long now) {
        if (view.asked().isEmpty()) {
            return;
        }
        if (!outcomeKnown) {
            outcomeKnown = view.asked().get().isOver(guardClient.snapshot());
            outcomeUntilNanos = now + MESSAGE_NANOS;
        } else if (outcomeUntilNanos - now <= 0) {
            view = view.withAsked(Optional.empty());
            dirty = true;
        }
    }

    private void draw(long now) {
        dirty = false;
        Snapshot shown = view.paused().orElseGet(guardClient::snapshot);
        timeline.observe(shown);
        boolean called = redrawPolicy.drawn(shown);
        boolean moving = view.asking() || holdUntilNanos - now > 0;
        boolean hold = moving || !called && orderAtNanos - now > 0;
        if (!hold) {
            orderAtNanos = now + ORDER_NANOS;
        }
        Size size = terminal.size();
        Screen.Arranged next = screen.arrange(size, shown, view, hold);
        view = next.view();
        arranged = Optional.of(next);
        sender.send(screen.draw(size, next, !sender.isSlow()), now);
    }
}
