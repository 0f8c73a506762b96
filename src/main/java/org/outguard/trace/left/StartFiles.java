package org.outguard.trace.left;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.outguard.procfs.ForeignFiles;
import org.outguard.text.Severity;

/** What is run when the machine starts or somebody logs in: systemd units and timers, profiles, and rc.local. */
final class StartFiles implements LeftCheck {

    private static final int MAX_BYTES = 256 << 10;
    private static final List<String> UNIT_FOLDERS = List.of(
            "/etc/systemd/system",
            "/run/systemd/system",
            "/usr/local/lib/systemd/system",
            "/usr/lib/systemd/system",
            "/lib/systemd/system",
            "/etc/systemd/user",
            "/usr/lib/systemd/user");
    private static final List<String> SYSTEM_PROFILES = List.of(
            "/etc/profile", "/etc/bash.bashrc", "/etc/bashrc", "/etc/zsh/zshrc", "/etc/rc.local", "/etc/rc.d/rc.local");
    private static final List<String> PROFILES = List.of(
            ".profile",
            ".bashrc",
            ".bash_profile",
            ".bash_login",
            ".bash_logout",
            ".zshrc",
            ".zprofile",
            ".config/autostart");

    private static final CheckInfo UNIT = new CheckInfo(
            "unit",
            Severity.HIGH,
            "units and timers of systemd, the system's and those in users' home folders",
            "a unit starts a program again whenever it is ended");
    private static final CheckInfo PROFILE = new CheckInfo(
            "profile",
            Severity.HIGH,
            "~/.profile, ~/.bashrc and their like, /etc/profile.d, /etc/rc.local",
            "what stands there runs at every login, or when the machine starts");

    @Override
    public List<CheckInfo> about() {
        return List.of(UNIT, PROFILE);
    }

    @Override
    public void look(Scene scene, Consumer<Leftover> found) {
        for (String folder : UNIT_FOLDERS) {
            units(scene, folder, Optional.empty(), "", found);
        }
        SYSTEM_PROFILES.forEach(file -> profile(scene, file, Optional.empty(), found));
        scene.texts().in("/etc/profile.d").forEach(file -> profile(scene, file, Optional.empty(), found));
        for (Users.User user : scene.users().all()) {
            if (user.home().startsWith("/") && user.home().length() > 1) {
                String home = user.home().replaceFirst("/+$", "");
                PROFILES.forEach(name -> profile(scene, home + "/" + name, user.reader(), found));
                units(scene, home + "/.config/systemd/user", user.reader(), user.service() ? user.name() : "", found);
            }
        }
    }

    private static void units(
            Scene scene,
            String folder,
            Optional<ForeignFiles.Reader> reader,
            String service,
            Consumer<Leftover> found) {
        for (String file : scene.texts().in(folder, reader)) {
            if (file.matches("(?s).*\\.(service|timer|socket|path)")) {
                unit(scene, file, reader, service, found);
            } else if (file.endsWith(".d")) {
                scene.texts().in(file, reader).forEach(part -> unit(scene, part, reader, service, found));
            }
        }
    }

    private static void unit(
            Scene scene, String file, Optional<ForeignFiles.Reader> reader, String service, Consumer<Leftover> found) {
        List<String> starts = scene.texts()
                .text(file, MAX_BYTES, reader)
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("Exec") && line.contains("="))
                .toList();
        Optional<String> reason = starts.stream()
                .flatMap(line ->
                        SuspiciousCommand.reason(
                                line.substring(line.indexOf('=') + 1).replaceFirst("^[-@:+!]+", ""))
                                .stream())
                .findFirst();
        if (reason.isPresent() || !service.isEmpty() && !starts.isEmpty()) {
            String name = file.substring(file.lastIndexOf('/') + 1);
            found.accept(new Leftover(
                    UNIT.id(),
                    reason.isPresent() ? Severity.HIGH : Severity.MEDIUM,
                    file,
                    "the unit " + name
                            + reason.map(why -> " " + why)
                                    .orElse(" is one of " + service + ", a user that nobody logs in as"),
                    starts.stream().limit(4).toList(),
                    // A part of another unit is no unit of its own, and that one may be an honest one.
                    file.matches("(?s).*\\.d/[^/]*") ? Mend.quarantine(file) : Mend.unit(file)));
        }
    }

    private static void profile(
            Scene scene, String file, Optional<ForeignFiles.Reader> reader, Consumer<Leftover> found) {
        int number = 0;
        for (String line : scene.texts().text(file, MAX_BYTES, reader).split("\n", -1)) {
            number++;
            int place = number;
            if (!line.strip().startsWith("#")) {
                SuspiciousCommand.reason(line.strip())
                        .ifPresent(why -> found.accept(new Leftover(
                                PROFILE.id(),
                                Severity.HIGH,
                                file + ":" + place,
                                file + " " + why,
                                List.of(line.strip(), scene.changed(file)),
                                Mend.disable(file, place))));
            }
        }
    }
}
