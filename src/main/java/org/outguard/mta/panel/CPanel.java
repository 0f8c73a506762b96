package org.outguard.mta.panel;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.outguard.exec.CommandRunner;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;

/**
 * cPanel and WHM: suspends what an account or a login sends by its own API, so that a rebuild of exim.conf keeps it.
 *
 * @param files its lists
 * @param calls runs its programs
 */
record CPanel(PanelFiles files, ProgramCalls calls) implements Panel {

    private static final String BIN = "/usr/local/cpanel/bin/";
    private static final String SUSPENDED = "/etc/outgoing_mail_suspended_users";

    @Override
    public String name() {
        return "cPanel";
    }

    @Override
    public Map<String, String> accounts() {
        Map<String, String> accounts = new TreeMap<>();
        files.addPairs("/etc/trueuserdomains", accounts);
        files.addPairs("/etc/userdomains", accounts);
        return accounts;
    }

    @Override
    public Optional<OutgoingSwitch> outgoing(String user) {
        Map<String, String> accounts = accounts();
        int at = user.lastIndexOf('@');
        if (at < 0) {
            return accounts.containsValue(user)
                    ? Optional.of(new Api(
                            user,
                            List.of(BIN + "whmapi1", "suspend_outgoing_email", "user=" + user),
                            List.of(BIN + "whmapi1", "unsuspend_outgoing_email", "user=" + user)))
                    : Optional.empty();
        }
        String account = accounts.get(user.substring(at + 1).toLowerCase(Locale.ROOT));
        return Optional.ofNullable(account)
                .map(owner -> new Api(
                        user,
                        List.of(BIN + "uapi", "--user=" + owner, "Email", "suspend_outgoing", "email=" + user),
                        List.of(BIN + "uapi", "--user=" + owner, "Email", "unsuspend_outgoing", "email=" + user)));
    }

    /** One user of it. */
    private final class Api implements OutgoingSwitch {

        private final String user;
        private final List<String> suspend;
        private final List<String> unsuspend;

        Api(String user, List<String> suspend, List<String> unsuspend) {
            this.user = user;
            this.suspend = suspend;
            this.unsuspend = unsuspend;
        }

        @Override
        public String stopping() {
            return CommandRunner.describe(suspend);
        }

        @Override
        public String resuming() {
            return CommandRunner.describe(unsuspend);
        }

        @Override
        public Optional<String> before() {
            return isStopped() ? Optional.of("suspended") : Optional.empty();
        }

        @Override
        public boolean isStopped() {
            return files.lines(SUSPENDED).stream()
                    .map(line -> line.split(":", 2)[0].strip())
                    .anyMatch(user::equalsIgnoreCase);
        }

        @Override
        public Optional<String> stop() {
            return isStopped() ? Optional.empty() : called(suspend, true);
        }

        @Override
        public Optional<String> resume(Optional<String> before) {
            return before.isPresent() || !isStopped() ? Optional.empty() : called(unsuspend, false);
        }

        /* Both programs end with 0 where the call failed: what counts is the list that Exim asks. */
        private Optional<String> called(List<String> argv, boolean stopped) {
            Said said = calls.call(argv, "");
            if (isStopped() == stopped) {
                return Optional.empty();
            }
            String reason = said.all()
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith("reason:"))
                    .findFirst()
                    .orElseGet(said::complaint);
            return Optional.of(argv.get(0) + " " + argv.get(1) + ": " + reason);
        }
    }
}
