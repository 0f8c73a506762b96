package org.outguard.mta.exim;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.mta.MailHost;
import org.outguard.mta.ThisMachine;

/**
 * The few lines in Exim's configuration that look into files of ours: who may not send, and whether all is held. They
 * stand between marks at the top of the two ACLs that every message passes, so they are taken out again to the byte.
 *
 * <p>Local mail is frozen rather than refused: refusing it there makes a bounce a message (Exim specification, "ACL for
 * non-SMTP messages").
 *
 * @param configuration the file that Exim reads
 * @param host where it is
 */
record EximHooks(Path configuration, MailHost host) {

    /** Of this machine itself. */
    EximHooks(Path configuration) {
        this(configuration, ThisMachine.HERE);
    }

    private static final String BEGIN = "# outguard begin\n";
    private static final String END = "# outguard end\n";
    private static final Pattern MARKED = Pattern.compile("(?ms)^# outguard begin\\n.*?^# outguard end\\n");
    private static final Pattern BEGIN_ACL = Pattern.compile("(?m)^begin[ \\t]+acl[ \\t]*\\n");

    Path bannedUids() {
        return configuration.resolveSibling("outguard_banned_uids");
    }

    Path bannedLogins() {
        return configuration.resolveSibling("outguard_banned_logins");
    }

    Path holdAll() {
        return configuration.resolveSibling("outguard_hold_all");
    }

    private String notSmtp() {
        return BEGIN + freezeAll()
                + "  warn condition = " + listed("$caller_uid", bannedUids()) + "\n"
                + "       control = freeze/no_tell\n"
                + "       log_message = frozen: the user is banned\n"
                + END;
    }

    private String smtpData() {
        return BEGIN + "  deny condition = " + listed("${lc:$authenticated_id}", bannedLogins()) + "\n"
                + "       message = mail from this account is stopped by the administrator\n"
                + freezeAll()
                + END;
    }

    private String freezeAll() {
        return "  warn condition = ${if exists{" + holdAll() + "}}\n" + "       control = freeze/no_tell\n"
                + "       log_message = frozen: all new mail is held\n";
    }

    private static String listed(String key, Path file) {
        return "${if exists{" + file + "}{${lookup{" + key + "}lsearch{" + file + "}{yes}{no}}}{no}}";
    }

    /** Whether the lines stand. */
    boolean stand() throws IOException {
        return read().contains(BEGIN);
    }

    private String read() throws IOException {
        byte[] bytes = host.content(configuration).orElseThrow(() -> new NoSuchFileException(configuration.toString()));
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /**
     * Puts the lines in.
     *
     * @param acls values in force of {@code acl_not_smtp} and {@code acl_smtp_data}, empty where not set
     * @return why they could not be put in; empty where they stand
     */
    Optional<String> putIn(Map<String, String> acls) throws IOException {
        String text = read();
        if (text.contains(BEGIN)) {
            return Optional.empty();
        }
        List<String> options = new ArrayList<>();
        List<String> blocks = new ArrayList<>();
        for (String option : List.of("acl_not_smtp", "acl_smtp_data")) {
            String lines = option.equals("acl_not_smtp") ? notSmtp() : smtpData();
            String name = acls.getOrDefault(option, "");
            if (name.isEmpty()) {
                options.add(option + " = outguard_" + option + "\n");
                blocks.add(
                        "outguard_" + option + ":\n" + lines.replace(BEGIN, "").replace(END, "") + "  accept\n");
                continue;
            }
            Matcher label = Pattern.compile("(?m)^" + Pattern.quote(name) + ":[ \\t]*\\n")
                    .matcher(text);
            if (!label.find()) {
                return Optional.of(option + " is set to what is no list in " + configuration + ": " + name);
            }
            text = text.substring(0, label.end()) + lines + text.substring(label.end());
        }
        if (!blocks.isEmpty()) {
            String block = String.join("", blocks);
            Matcher acl = BEGIN_ACL.matcher(text);
            text = acl.find()
                    ? text.substring(0, acl.end()) + BEGIN + block + END + text.substring(acl.end())
                    : text + BEGIN + "begin acl\n" + block + END;
            text = BEGIN + String.join("", options) + END + text;
        }
        write(text);
        return Optional.empty();
    }

    /** Takes away what a crash left half written. */
    void removeHalfWritten() throws IOException {
        for (Path file : List.of(configuration, bannedUids(), bannedLogins(), holdAll())) {
            host.delete(ThisMachine.fresh(file));
        }
    }

    /** Takes the lines out. */
    void takeOut() throws IOException {
        write(MARKED.matcher(read()).replaceAll(""));
    }

    private void write(String text) throws IOException {
        host.replace(configuration, text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
