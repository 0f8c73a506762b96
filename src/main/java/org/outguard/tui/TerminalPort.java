package org.outguard.tui;

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

    /** Its size now. */
    Size size();

    /**
     * Waits for input.
     *
     * @param into where the bytes go
     * @param timeoutMillis how long to wait at most, 0 for not at all
     * @return how many bytes there are, {@link #NOTHING}, {@link #CLOSED} or {@link #REDRAW}
     */
    int read(byte[] into, int timeoutMillis);

    /** Writes the first bytes of a buffer, all in one. */
    void write(byte[] bytes, int length);
}
