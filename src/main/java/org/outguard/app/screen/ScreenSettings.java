package org.outguard.app.screen;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.app.command.SessionFactory;
import org.outguard.app.host.BootTime;
import org.outguard.app.option.CommonOptions;
import org.outguard.app.option.PlaceOptions;
import org.outguard.app.option.ScreenOptions;
import org.outguard.app.wiring.Wiring;
import org.outguard.config.PolicyResult;
import org.outguard.config.ScreenFile;
import org.outguard.text.LocalTimes;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.Look;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.state.Setting;

/** Where the screen stands, from the environment, the options and the file of the policy. */
final class ScreenSettings {

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private ScreenSettings() {}

    /** Empty after a complaint where the file is wrong. */
    static Optional<Setting> of(CommonOptions options, ScreenOptions screen, PrintWriter err) {
        ScreenFile file = ScreenFile.read(options.config == null ? SessionFactory.POLICY_FILE : options.config);
        Keys.Custom keys = Keys.custom(file.keys());
        Look plain = Look.of(System.getenv(), options.color.wanted(true));
        Look known = file.lightBackground().map(plain::onLight).orElse(plain);
        String theme = screen.theme().or(file::theme).orElse("auto");
        Map<String, String> own = file.themes().getOrDefault(theme, Map.of());
        Look look = known.withTheme(own.getOrDefault("base", theme)).withColours(coloursOf(own, file.colours()));
        if (!Look.THEMES.contains(theme) && !file.themes().containsKey(theme)) {
            err.println("outguard: no theme '" + SafeText.clean(theme, 40) + "'; there are: "
                    + SafeText.clean(String.join(" ", themes(file))));
            return Optional.empty();
        }
        for (PolicyResult.Fault fault : file.faults()) {
            err.println("outguard: " + SafeText.clean(fault.toString()));
        }
        keys.faults().forEach(fault -> err.println("outguard: " + SafeText.clean(fault)));
        look.faults().forEach(fault -> err.println("outguard: " + SafeText.clean(fault)));
        if (!file.faults().isEmpty()
                || !keys.faults().isEmpty()
                || !look.faults().isEmpty()) {
            return Optional.empty();
        }
        // The Linux console prints the end of a question that it does not know.
        boolean probe = !String.valueOf(System.getenv("TERM")).equals("linux");
        return Optional.of(new Setting(
                host(),
                PlaceOptions.whoActs(),
                look,
                new LocalTimes(ZoneId::systemDefault, BootTime.ofThisMachine()),
                probe,
                !Files.exists(Wiring.seenFile()),
                keys.keys(),
                Wiring.evidenceFolder().toString(),
                new ColumnsFile(Wiring.columnsFile())));
    }

    private static List<String> themes(ScreenFile file) {
        List<String> names = new ArrayList<>(Look.THEMES);
        names.addAll(file.themes().keySet());
        return names;
    }

    /* Those of the theme, and above them those that are wanted whatever the theme. */
    private static Map<String, String> coloursOf(Map<String, String> theme, Map<String, String> always) {
        Map<String, String> colours = new LinkedHashMap<>(theme);
        colours.remove("base");
        colours.putAll(always);
        return colours;
    }

    /** Somebody has seen it: the lines of the first run are not shown again. */
    static void seen() {
        Path file = Wiring.seenFile();
        try {
            if (file.getParent() != null && Files.isDirectory(file.getParent()) && !Files.exists(file)) {
                Files.createFile(file);
            }
        } catch (IOException e) {
            // They are shown once more.
            return;
        }
    }

    private static String host() {
        try {
            return SafeText.clean(Files.readString(HOST_NAME).strip());
        } catch (IOException e) {
            return "?";
        }
    }
}
