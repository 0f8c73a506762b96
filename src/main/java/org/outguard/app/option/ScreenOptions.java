package org.outguard.app.option;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of the commands that open the screen. */
public final class ScreenOptions {

    @Option(
            names = "--theme",
            paramLabel = "NAME",
            description = "colours: auto (asks the terminal), dark, light, mono, high-contrast, solarized,"
                    + " or a [themes.NAME] of the policy file")
    @Nullable
    String theme;

    @Option(
            names = "--no-mouse",
            description = "leave the mouse to the terminal, so that it selects text without Shift")
    public boolean noMouse;

    /** The theme that is asked for, in lower case. */
    public Optional<String> theme() {
        return Optional.ofNullable(theme).map(name -> name.toLowerCase(Locale.ROOT));
    }
}
