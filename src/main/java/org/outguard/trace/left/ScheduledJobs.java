package org.outguard.trace.left;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.outguard.procfs.ForeignFiles;
import org.outguard.text.Severity;
import org.outguard.trace.tree.FileEntry;

/** What is run at a time: crontab(5), anacrontab(5), at(1). */
final class ScheduledJobs implements LeftCheck {

    private static final int MAX_BYTES = 256 << 10;
    private static final List<String> SPOOLS = List.of("/var/spool/cron/crontabs", "/var/spool/cron");
    private static final List<String> AT_SPOOLS =
            List.of("/var/spool/cron/atjobs", "/var/spool/at", "/var/spool/atjobs");
    private static final List<String> SCRIPTS =
            List.of("/etc/cron.hourly", "/etc/cron.daily", "/etc/cron.weekly", "/etc/cron.monthly");

    private static final CheckInfo CRON = new CheckInfo(
            "cron-job",
            Severity.HIGH,
            "crontabs of users and of the system, anacron, and the scripts in /etc/cron.*",
            "a job of cron brings back what was deleted, or fetches it anew, minutes after it is gone");
    private static final CheckInfo AT =
            new CheckInfo("at-job", Severity.HIGH, "jobs of at(1)", "a job that waits brings back what was deleted");

    @Override
    public List<CheckInfo> about() {
        return List.of(CRON, AT);
    }

    @Override
    public void look(Scene scene, Consumer<Leftover> found) {
        for (String spool : SPOOLS) {
            for (String file : scene.texts().in(spool)) {
                scene.texts().entry(file).filter(FileEntry::isFile).ifPresent(entry -> ofUser(scene, entry, found));
            }
        }
        lines(scene, "/etc/crontab", CRON, found);
        lines(scene, "/etc/anacrontab", CRON, found);
        scene.texts().in("/etc/cron.d").forEach(file -> lines(scene, file, CRON, found));
        SCRIPTS.forEach(folder -> scene.texts().in(folder).forEach(file -> lines(scene, file, CRON, found)));
        AT_SPOOLS.forEach(spool -> scene.texts().in(spool).forEach(file -> atJob(scene, file, found)));
    }

    private static void ofUser(Scene scene, FileEntry file, Consumer<Leftover> found) {
        // cron takes the name of the file for the user, whoever owns it.
        Optional<Users.User> user = scene.users().named(file.name());
        boolean web = user.filter(Users.User::web).isPresent();
        int number = 0;
        for (String line : text(scene, file.path()).split("\n", -1)) {
            number++;
            if (!isJob(line)) {
                continue;
            }
            Optional<String> reason = SuspiciousCommand.reason(command(line));
            if (reason.isPresent() || web) {
                found.accept(new Leftover(
                        CRON.id(),
                        reason.isPresent() ? Severity.HIGH : Severity.MEDIUM,
                        file.path() + ":" + number,
                        "the crontab of " + file.name()
                                + reason.map(why -> " " + why).orElse(" runs a command as the web server's user"),
                        List.of(line.strip(), "file changed " + file.written()),
                        Mend.disable(file.path(), number)));
            }
        }
    }

    private static String text(Scene scene, String file) {
        return scene.texts().text(file, MAX_BYTES, Optional.<ForeignFiles.Reader>empty());
    }

    private static boolean isJob(String line) {
        String job = line.strip();
        return !job.isEmpty() && !job.startsWith("#") && !job.matches("\\w+\\s*=.*");
    }

    /* Behind "m h dom mon dow" or "@reboot". */
    private static String command(String line) {
        String[] fields = line.strip().split("\\s+", line.strip().startsWith("@") ? 2 : 6);
        return fields[fields.length - 1];
    }

    private static void lines(Scene scene, String file, CheckInfo check, Consumer<Leftover> found) {
        int number = 0;
        for (String line : text(scene, file).split("\n", -1)) {
            number++;
            int place = number;
            if (!line.strip().startsWith("#")) {
                SuspiciousCommand.reason(line)
                        .ifPresent(why -> found.accept(new Leftover(
                                check.id(),
                                Severity.HIGH,
                                file + ":" + place,
                                file + " " + why,
                                List.of(line.strip()),
                                Mend.disable(file, place))));
            }
        }
    }

    /* A job is a script with the environment in front; its file belongs to the user. */
    private static void atJob(Scene scene, String file, Consumer<Leftover> found) {
        Optional<FileEntry> entry = scene.texts().entry(file).filter(FileEntry::isFile);
        if (entry.isEmpty() || !entry.get().executable()) {
            return;
        }
        String script = text(scene, file);
        Optional<String> reason = script.lines()
                .filter(line -> !line.startsWith("#") && !line.contains("; export "))
                .flatMap(line -> SuspiciousCommand.reason(line).stream())
                .findFirst();
        boolean web = scene.users().web(entry.get().uid());
        if (reason.isPresent() || web) {
            String last = script.lines().filter(line -> !line.isBlank()).reduce("", (one, next) -> next);
            found.accept(new Leftover(
                    AT.id(),
                    reason.isPresent() ? Severity.HIGH : Severity.MEDIUM,
                    file,
                    "a job of at(1) of " + scene.users().name(entry.get().uid())
                            + reason.map(why -> " " + why).orElse(" waits"),
                    List.of(last, "file changed " + entry.get().written()),
                    Mend.quarantine(file)));
        }
    }
}
