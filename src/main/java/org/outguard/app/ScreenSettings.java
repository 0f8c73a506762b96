package org.outguard.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Optional;
import org.outguard.config.PolicyResult;
import org.outguard.config.ScreenFile;
import org.outguard.text.LocalTimes;
import org.outguard.text.SafeText;
import org.outguard.tui.Keys;
import org.outguard.tui.Look;
import org.outguard.tui.Setting;

/** Where the screen stands, from the environment, the options and the file of the policy. */
final class ScreenSettings {

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    private ScreenSettings() {}

    /** Empty after a complaint where the file is wrong. */
    static Optional<Setting> of(CommonOptions options, PrintWriter err) {
        ScreenFile file = ScreenFile.read(options.config == null ? Session.POLICY_FILE : options.config);
        Keys.Custom keys = Keys.custom(file.keys());
        Look look = Look.of(System.getenv(), options.color.wanted(true)).withColours(file.colours());
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
                file.lightBackground().map(look::onLight).orElse(look),
                new LocalTimes(ZoneId::systemDefault, BootTime.ofThisMachine()),
                probe,
                !Files.exists(Edges.seenFile()),
                keys.keys(),
                Edges.evidenceFolder().toString()));
    }

    /** Somebody has seen it: the lines of the first run are not shown again. */
    static void seen() {
        Path file = Edges.seenFile();
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
