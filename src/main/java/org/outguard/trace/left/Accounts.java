package org.outguard.trace.left;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.outguard.text.Severity;
import org.outguard.trace.tree.FileEntry;

/** What lets an intruder in again, or lies below every program: accounts, keys, ld.so.preload, PAM. */
final class Accounts implements LeftCheck {

    private static final int MAX_BYTES = 256 << 10;
    private static final List<String> KEY_FILES = List.of("/.ssh/authorized_keys", "/.ssh/authorized_keys2");

    private static final CheckInfo KEYS = new CheckInfo(
            "authorized-key",
            Severity.HIGH,
            "keys that users which nobody logs in as accept (authorized_keys of sshd(8))",
            "whoever has the key logs in by SSH, whatever is closed otherwise");
    private static final CheckInfo PRELOAD = new CheckInfo(
            "ld-preload",
            Severity.HIGH,
            "/etc/ld.so.preload (ld.so(8))",
            "what stands there is loaded into every program, and may hide files and processes from them");
    private static final CheckInfo ROOT =
            new CheckInfo("second-root", Severity.HIGH, "users with number 0 beside root", "each of them is root");
    private static final CheckInfo PAM = new CheckInfo(
            "pam",
            Severity.HIGH,
            "/etc/pam.d",
            "who changes how passwords are asked gets in with any, or takes them along");

    @Override
    public List<CheckInfo> about() {
        return List.of(KEYS, PRELOAD, ROOT, PAM);
    }

    @Override
    public void look(Scene scene, Consumer<Leftover> found) {
        for (Users.User user : scene.users().all()) {
            if (user.uid() == 0 && !user.name().equals("root")) {
                found.accept(new Leftover(
                        ROOT.id(),
                        Severity.HIGH,
                        "user " + user.name(),
                        "the user " + user.name() + " has number 0: it is root",
                        List.of("shell " + user.shell(), "home " + user.home()),
                        Mend.byHand(
                                "usermod --expiredate 1 --lock " + user.name(),
                                "usermod --expiredate '' --unlock " + user.name())));
            }
            if (user.service() && user.home().startsWith("/") && user.home().length() > 1) {
                KEY_FILES.forEach(name -> keys(scene, user, user.home().replaceFirst("/+$", "") + name, found));
            }
        }
        preload(scene, found);
        scene.texts().in("/etc/pam.d").forEach(file -> pam(scene, file, found));
    }

    private static void keys(Scene scene, Users.User user, String file, Consumer<Leftover> found) {
        int number = 0;
        for (String line : scene.texts().text(file, MAX_BYTES, user.reader()).split("\n", -1)) {
            number++;
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split("\\s+");
            found.accept(new Leftover(
                    KEYS.id(),
                    user.web() ? Severity.HIGH : Severity.MEDIUM,
                    file + ":" + number,
                    "a key lets somebody log in as " + user.name() + ", a user that nobody logs in as",
                    List.of("key ends with " + words[words.length - 1], scene.changed(file)),
                    Mend.disable(file, number)));
        }
    }

    private static void preload(Scene scene, Consumer<Leftover> found) {
        String file = "/etc/ld.so.preload";
        for (String library : scene.texts().text(file, MAX_BYTES).split("[\\s:]+")) {
            if (library.isEmpty() || library.startsWith("#")) {
                continue;
            }
            Optional<FileEntry> entry = scene.texts().entry(library);
            boolean usual = library.matches("/(usr/|opt/|lib).*") && !library.contains("/.");
            boolean ofRoot = entry.filter(one -> one.uid() == 0).isPresent();
            List<String> evidence = new ArrayList<>(List.of(file + " names " + library));
            evidence.add(entry.map(one -> "owner " + scene.users().name(one.uid()) + ", changed " + one.written())
                    .orElse("the file is not there, or hides itself"));
            found.accept(new Leftover(
                    PRELOAD.id(),
                    usual && ofRoot ? Severity.MEDIUM : Severity.HIGH,
                    library,
                    "every program loads " + library + " first",
                    evidence,
                    Mend.quarantine(file)));
        }
    }

    private static void pam(Scene scene, String file, Consumer<Leftover> found) {
        int number = 0;
        for (String line : scene.texts().text(file, MAX_BYTES).split("\n", -1)) {
            number++;
            boolean anybody = line.matches("-?auth\\s+sufficient\\s+(\\S*/)?pam_permit\\.so.*");
            boolean runs = line.matches("-?auth\\s+.*pam_exec\\.so.*");
            if (anybody || runs) {
                found.accept(new Leftover(
                        PAM.id(),
                        anybody ? Severity.HIGH : Severity.MEDIUM,
                        file + ":" + number,
                        anybody
                                ? file + " lets everybody in without a password"
                                : file + " runs a program at each login, which may be handed the password",
                        List.of(line.strip()),
                        Mend.disable(file, number)));
            }
        }
    }
}
