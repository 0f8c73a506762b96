package org.outguard.tui;

import java.time.ZoneId;

/**
 * Where the screen stands.
 *
 * @param host name of this machine
 * @param by who sits there, for the journal: {@code "root on pts/0"}
 * @param palette colours of the terminal
 * @param zone for the clock
 * @param probe whether the terminal may be asked what it knows
 */
public record Setting(String host, String by, Palette palette, ZoneId zone, boolean probe) {}
