package org.outguard.mta;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Mail systems of this machine that are not supported, or in part, so that it can be said: flows and blocks work with any of them, but
 * their queues and logs are not read. They are known by what they run and by files that no other system brings.
 */
public final class OtherMailSystems {

    private static final String LIMIT = " is here: flows and blocks work; its queue and logs are not read";

    private static final String OPEN_SMTPD = "OpenSMTPD";

    /** It keeps neither the user that runs sendmail(8) nor, before 7.0, the login. */
    private static final String UNNAMED =
            " is here: its queue is read and acted on; its log is not read, and its queue names clients and logins, not local"
                    + " users";

    private OtherMailSystems() {}

    /**
     * One of them.
     *
     * @param name for people
     * @param files one of which is there where it is installed
     * @param programs how the kernel calls its processes, by proc_pid_comm(5)
     * @param folder where the program of such a process lies, since others have one of the same name; empty for anywhere
     */
    private record Known(String name, List<String> files, List<String> programs, String folder) {}

    private static final List<Known> ALL = List.of(
            new Known(
                    "Sendmail",
                    List.of("usr/sbin/sendmail.sendmail", "usr/lib/sm.bin/sendmail", "usr/libexec/sendmail/sendmail"),
                    List.of("sendmail-mta", "sm-mta", "sendmail.sendma"),
                    ""),
            new Known(OPEN_SMTPD, List.of("usr/sbin/smtpctl", "etc/smtpd.conf"), List.of("smtpd"), "/usr/sbin/"),
            new Known("qmail", List.of("var/qmail/bin/qmail-send"), List.of("qmail-send"), ""),
            new Known("Courier", List.of("usr/sbin/courier", "usr/lib/courier/courierd"), List.of("courierd"), ""),
            new Known("Haraka", List.of("etc/haraka", "usr/bin/haraka", "usr/local/bin/haraka"), List.of("haraka"), ""),
            new Known(
                    "Stalwart",
                    List.of("opt/stalwart", "opt/stalwart-mail", "usr/local/bin/stalwart"),
                    List.of("stalwart", "stalwart-mail"),
                    ""));

    /**
     * Their names.
     *
     * @param root where the machine's files are: {@code /}
     */
    public static List<String> names(Path root) {
        TreeSet<String> found = new TreeSet<>();
        for (Known one : ALL) {
            if (one.files().stream().anyMatch(file -> Files.exists(root.resolve(file)))) {
                found.add(one.name());
            }
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(root.resolve("proc"), "[0-9]*")) {
            processes.forEach(process -> running(process).ifPresent(found::add));
        } catch (IOException | DirectoryIteratorException e) {
            // Files alone have to do.
            return List.copyOf(found);
        }
        return List.copyOf(found);
    }

    /** What is to be said of them, a sentence each. */
    public static List<String> limits(Path root) {
        return names(root).stream()
                .map(name -> name + (name.equals(OPEN_SMTPD) ? UNNAMED : LIMIT))
                .toList();
    }

    private static Optional<String> running(Path process) {
        String command;
        try {
            command = Files.readString(process.resolve("comm"), StandardCharsets.ISO_8859_1)
                    .strip();
        } catch (IOException e) {
            // It has ended.
            return Optional.empty();
        }
        return ALL.stream()
                .filter(one -> one.programs().contains(command) && isIn(process, one.folder()))
                .map(Known::name)
                .findFirst();
    }

    private static boolean isIn(Path process, String folder) {
        try {
            return folder.isEmpty()
                    || Files.readSymbolicLink(process.resolve("exe")).toString().startsWith(folder);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
