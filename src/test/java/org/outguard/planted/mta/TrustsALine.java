package org.outguard.planted.mta;

import org.outguard.guard.port.ReadsForeign;

/** A line without a blank ends it. */
public final class TrustsALine {

    private TrustsALine() {}

    @ReadsForeign
    public static String word(String line) {
        return line.substring(0, line.indexOf(' '));
    }
}
