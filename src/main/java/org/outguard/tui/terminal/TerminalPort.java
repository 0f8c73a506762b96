package org.outguard.tui.terminal;

import org.outguard.tui.draw.Size;

/**
 * A terminal that shows nothing of ours but the frames: raw, on its alternate screen, without cursor and line wrap. The
 * one who lends it gives it back as it was, whatever happens.
 */
public interface TerminalPort {

    /** {@link #read}: nothing came in time. */
    int NOTHING = 0;

    /** {@link #read}: the terminal is gone. */
    int CLOSED = -1;

    /** {@link #read}: its size or its content has changed, so all of it is to be drawn anew. */
    int REDRAW = -2;

    /** {@link #read}: ^Z was pressed; {@link #suspend} gives the terminal to the shell. */
    int SUSPEND = -3;

    /** Its size now. */
    Size size();

    /**
     * Waits for input.
     *
     * @param into where the bytes go
     * @param timeoutMillis how long to wait at most, 0 for not at all
     * @return how many bytes there are, {@link #NOTHING}, {@link #CLOSED}, {@link #REDRAW} or {@link #SUSPEND}
     */
    int read(byte[] into, int timeoutMillis);

    /**
     * Gives the terminal to the shell, stops this program, and comes back when it is in front again.
     *
     * @return {@link #REDRAW}, or {@link #CLOSED} where the terminal is gone
     */
    int suspend();

    /**
     * Lends the terminal to the console until a person leaves it.
     *
     * @param typed what was typed for it already
     * @return false where there is none
     */
    default boolean console(String typed) {
        return false;
    }

    /** Writes the first bytes of a buffer, all in one. */
    void write(byte[] bytes, int length);
}
