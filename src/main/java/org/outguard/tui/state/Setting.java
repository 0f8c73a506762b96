package org.outguard.tui.state;

import org.outguard.text.LocalTimes;
import org.outguard.tui.draw.Look;
import org.outguard.tui.keys.Keys;

/**
 * Where the screen stands.
 *
 * @param host name of this machine
 * @param by who sits there, for the journal: {@code "root on pts/0"}
 * @param look what the terminal can show
 * @param times of the clock on the wall here
 * @param probe whether the terminal may be asked what it knows
 * @param firstRun whether nobody has seen this screen before
 * @param keys which key does what
 * @param evidence folder that keeps what is known of a process
 * @param columns which columns are hidden
 */
public record Setting(
        String host,
        String by,
        Look look,
        LocalTimes times,
        boolean probe,
        boolean firstRun,
        Keys keys,
        String evidence,
        KeptColumns columns) {

    /** One that shows all columns and keeps no choice of them. */
    public Setting(
            String host,
            String by,
            Look look,
            LocalTimes times,
            boolean probe,
            boolean firstRun,
            Keys keys,
            String evidence) {
        this(host, by, look, times, probe, firstRun, keys, evidence, KeptColumns.NONE);
    }
}
