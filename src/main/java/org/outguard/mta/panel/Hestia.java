package org.outguard.mta.panel;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.outguard.exec.CommandRunner;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;

/**
 * HestiaCP, and VestaCP from which it comes: a mailbox is suspended by its own command, which its database remembers.
 *
 * @param name which of them
 * @param home its folder
 * @param files its database
 * @param calls runs its programs
 */
record Hestia(String name, String home, PanelFiles files, ProgramCalls calls) implements Panel {

    private static final Pattern NAME = Pattern.compile("[0-9A-Za-z][0-9A-Za-z_.-]{0,63}");

    @Override
    public Map<String, String> accounts() {
        Map<String, String> accounts = new TreeMap<>();
        String users = home + "/data/users/";
        for (Path user : files.entries(users)) {
            String account = PanelFiles.name(user);
            for (String list : List.of("mail.conf", "web.conf")) {
                for (String line : files.lines(users + account + "/" + list)) {
                    String domain = PanelFiles.quoted(line).getOrDefault("DOMAIN", "");
                    if (!domain.isEmpty()) {
                        PanelFiles.add(accounts, domain, account);
                    }
                }
            }
        }
        return accounts;
    }

    /* To suspend an account is to close its sites: a local user is stopped by the mail system. */
    @Override
    public Optional<OutgoingSwitch> outgoing(String user) {
        int at = user.lastIndexOf('@');
        String domain = user.substring(at + 1).toLowerCase(Locale.ROOT);
        String box = at < 0 ? "" : user.substring(0, at);
        String account = accounts().get(domain);
        return account == null
                        || !NAME.matcher(box).matches()
                        || mailbox(account, domain, box).isEmpty()
                ? Optional.empty()
                : Optional.of(new Mailbox(account, domain, box));
    }

    private Map<String, String> mailbox(String account, String domain, String box) {
        return files.lines(home + "/data/users/" + account + "/mail/" + domain + ".conf").stream()
                .map(PanelFiles::quoted)
                .filter(values -> box.equals(values.get("ACCOUNT")))
                .findFirst()
                .orElse(Map.of());
    }

    /** One mailbox. */
    private final class Mailbox implements OutgoingSwitch {

        private final String account;
        private final String domain;
        private final String box;

        Mailbox(String account, String domain, String box) {
            this.account = account;
            this.domain = domain;
            this.box = box;
        }

        private List<String> argv(String command) {
            return List.of(home + "/bin/" + command, account, domain, box);
        }

        @Override
        public String stopping() {
            return CommandRunner.describe(argv("v-suspend-mail-account"));
        }

        @Override
        public String resuming() {
            return CommandRunner.describe(argv("v-unsuspend-mail-account"));
        }

        @Override
        public Optional<String> before() {
            return isStopped() ? Optional.of("suspended") : Optional.empty();
        }

        @Override
        public boolean isStopped() {
            return "yes".equals(mailbox(account, domain, box).get("SUSPENDED"));
        }

        @Override
        public Optional<String> stop() {
            return isStopped() ? Optional.empty() : called("v-suspend-mail-account", true);
        }

        @Override
        public Optional<String> resume(Optional<String> before) {
            return before.isPresent() || !isStopped() ? Optional.empty() : called("v-unsuspend-mail-account", false);
        }

        private Optional<String> called(String command, boolean stopped) {
            Said said = calls.call(argv(command), "");
            return said.ok() && isStopped() == stopped
                    ? Optional.empty()
                    : Optional.of(command + ": " + said.complaint());
        }
    }
}
