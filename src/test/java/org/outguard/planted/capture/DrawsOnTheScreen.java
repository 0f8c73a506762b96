package org.outguard.planted.capture;

import com.googlecode.lanterna.TerminalSize;

/** A library of another room. */
public final class DrawsOnTheScreen {
    public final byte[][] frames = new byte[1][1];
    final TerminalSize size = TerminalSize.ONE;
}
