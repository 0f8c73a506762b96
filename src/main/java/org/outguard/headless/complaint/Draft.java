package org.outguard.headless.complaint;

import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** A row while it is read: what is not known of it is empty, or -1. */
public final class Draft {

    /** What a row was read from; what is better comes first. */
    enum Grade {
        /** A line of a log or of a table. */
        DETAIL,
        /** A block of fields that sums up what happened. */
        SUMMARY,
        /** A sentence. */
        PROSE
    }

    Grade grade = Grade.DETAIL;
    public Host source = Host.NONE;
    public Host destination = Host.NONE;
    public int sourcePort = -1;
    int destinationPort = -1;
    public String protocol = "";

    @Nullable
    public Stamp at;

    /** Stated by the head of the table that it stands in. */
    @Nullable
    public ZoneId tableZone;

    public String tableZoneWords = "";

    /** What its service says that it is; null where that is open. */
    @Nullable
    Kind kind;

    /** Which attempt it belongs to: several lines of one are one row. Empty for a line of its own. */
    String session = "";

    /** The line of a session that counts is that with the lowest rank. */
    int rank;

    /** Whether it is a line of a program that {@link LogForms} knows, which is whole as it is. */
    public boolean byProgram;

    int part;

    int line;

    /** How many of the five are known, and the time. */
    public int known() {
        return (at == null ? 0 : 1)
                + (source.told() ? 1 : 0)
                + (destination.told() ? 1 : 0)
                + (sourcePort < 0 ? 0 : 1)
                + (destinationPort < 0 ? 0 : 1)
                + (protocol.isEmpty() ? 0 : 1);
    }

    public Draft at(int inPart, int onLine) {
        part = inPart;
        line = onLine;
        return this;
    }
}
