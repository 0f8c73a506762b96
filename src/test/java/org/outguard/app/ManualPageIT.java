package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The manual page as man(1) shows it. */
class ManualPageIT {
    @Test
    void manShowsItWithoutAWarning() {
        Path page = ManualPageTest.FILE.toAbsolutePath();
        String shown =
                Programs.output("env", "LC_ALL=C.UTF-8", "MANWIDTH=100", "man", "-P", "cat", "-l", page.toString());
        assertThat(shown)
                .contains("OUTGUARD(8)", "lockdown", "--confirm-within TIME", "Ctrl-L", "/etc/outguard/outguard.toml");
        assertThat(Programs.output("sh", "-c", "LC_ALL=C.UTF-8 groff -man -ww -Tutf8 -z " + page + " 2>&1"))
                .as("warnings")
                .isEmpty();
    }

    @Test
    void soDoesItThatOfThePolicy() {
        Path page = ManualPageTest.POLICY_FILE.toAbsolutePath();
        assertThat(Programs.output("env", "LC_ALL=C.UTF-8", "MANWIDTH=100", "man", "-P", "cat", "-l", page.toString()))
                .contains("OUTGUARD.TOML(5)", "offending_pps = 10000", "[[rule]]");
        assertThat(Programs.output("sh", "-c", "LC_ALL=C.UTF-8 groff -man -ww -Tutf8 -z " + page + " 2>&1"))
                .as("warnings")
                .isEmpty();
    }
}
