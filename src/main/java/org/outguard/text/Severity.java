package org.outguard.text;

import java.util.Locale;

/** How sure it is that somebody must act on a finding. */
public enum Severity {
    /** What no honest set-up has. */
    HIGH,
    /** What is mostly wrong, and sometimes meant. */
    MEDIUM,
    /** What is worth knowing. */
    LOW;

    /** {@code "high"}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
