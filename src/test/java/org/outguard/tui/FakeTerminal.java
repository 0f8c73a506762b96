package org.outguard.tui;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.outguard.tui.draw.Emulator;
import org.outguard.tui.draw.Size;
import org.outguard.tui.terminal.TerminalPort;

/** A terminal at which a script types. Time passes only while it waits. */
final class FakeTerminal implements TerminalPort {

    private final Queue<Runnable> script = new ArrayDeque<>();
    private final Emulator emulator;
    private Size size;
    private long nanos = 1_000_000;
    private byte[] typed = {};
    private int event = NOTHING;
    private boolean answers = true;
    private final List<String> writings = new ArrayList<>();
    /** What was typed for the console before it was there, each time it was opened. */
    final List<String> toConsole = new ArrayList<>();

    int writes;
    int bytes;

    FakeTerminal(Size size) {
        this.size = size;
        this.emulator = new Emulator(new Size(Size.MOST, 200));
    }

    long nanoTime() {
        return nanos;
    }

    /** Types, as soon as it is asked for input again. */
    FakeTerminal type(String keys) {
        return then(() -> typed = keys.getBytes(StandardCharsets.UTF_8));
    }

    FakeTerminal pass(long millis) {
        return then(() -> nanos += millis * 1_000_000);
    }

    FakeTerminal resize(Size to) {
        return then(() -> {
            size = to;
            event = REDRAW;
        });
    }

    /** A terminal that answers no question. */
    FakeTerminal mute() {
        answers = false;
        return this;
    }

    /** A terminal over a link on which its answer is still under way until {@link #answer}. */
    void answerOnlyWhenAsked() {
        answers = false;
    }

    /** The answer to the last question comes. */
    FakeTerminal answer() {
        return type("\033[0n");
    }

    /** What was written last. */
    String last() {
        return writings.get(writings.size() - 1);
    }

    /** What was written after the first. */
    String second() {
        return writings.get(1);
    }

    /** All that was written. */
    String all() {
        return String.join("", writings);
    }

    /** What was written first. */
    String first() {
        return writings.get(0);
    }

    FakeTerminal then(Runnable step) {
        script.add(step);
        return this;
    }

    /** What a person sees now. */
    String screen() {
        StringBuilder screen = new StringBuilder();
        for (int row = 0; row < size.rows(); row++) {
            screen.append(emulator.text(row).stripTrailing()).append('\n');
        }
        return screen.toString();
    }

    @Override
    public Size size() {
        return size;
    }

    @Override
    public int read(byte[] into, int timeoutMillis) {
        if (!emulator.questions.isEmpty() && answers) {
            emulator.questions.clear();
            return put("\033[0n".getBytes(StandardCharsets.UTF_8), into);
        }
        Runnable step = script.poll();
        if (step == null) {
            return CLOSED;
        }
        typed = new byte[0];
        event = NOTHING;
        step.run();
        return typed.length > 0 ? put(typed, into) : event;
    }

    private static int put(byte[] bytes, byte[] into) {
        System.arraycopy(bytes, 0, into, 0, bytes.length);
        return bytes.length;
    }

    @Override
    public int suspend() {
        return REDRAW;
    }

    @Override
    public boolean console(String typed) {
        toConsole.add(typed);
        return true;
    }

    @Override
    public void write(byte[] buffer, int length) {
        writes++;
        writings.add(new String(buffer, 0, length, StandardCharsets.UTF_8));
        bytes += length;
        emulator.take(buffer, length);
    }
}
