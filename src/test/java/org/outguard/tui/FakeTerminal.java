package org.outguard.tui;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Queue;

/** A terminal at which a script types. Time passes only while it waits. */
final class FakeTerminal implements TerminalPort {

    private final Queue<Runnable> script = new ArrayDeque<>();
    private final Emulator emulator;
    private Size size;
    private long nanos = 1_000_000;
    private byte[] typed = {};
    private int event = NOTHING;
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
        Runnable step = script.poll();
        if (step == null) {
            return CLOSED;
        }
        typed = new byte[0];
        event = NOTHING;
        step.run();
        System.arraycopy(typed, 0, into, 0, typed.length);
        return typed.length > 0 ? typed.length : event;
    }

    @Override
    public void write(byte[] buffer, int length) {
        writes++;
        bytes += length;
        emulator.take(buffer, length);
    }
}
