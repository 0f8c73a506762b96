package org.outguard.mta.panel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * DirectAdmin: its exim.conf asks lists of accounts that may not send, by scripts and by SMTP, with every message.
 *
 * @param files its lists
 */
record DirectAdmin(PanelFiles files) implements Panel {

    private static final List<String> LISTS =
            List.of("/etc/virtual/blacklist_script_usernames", "/etc/virtual/blacklist_smtp_usernames");

    /** The one list of older versions. */
    private static final String OLD_LIST = "/etc/virtual/blacklist_usernames";

    private static final String NONE = "no file";
    private static final String CUT = "\u0000";

    @Override
    public String name() {
        return "DirectAdmin";
    }

    @Override
    public Map<String, String> accounts() {
        Map<String, String> accounts = new TreeMap<>();
        files.addPairs("/etc/virtual/domainowners", accounts);
        return accounts;
    }

    /* Logins of mailboxes are not in these lists: those are stopped by Exim's ACL. */
    @Override
    public Optional<OutgoingSwitch> outgoing(String user) {
        return accounts().containsValue(user) && !lists().isEmpty()
                ? Optional.of(new Lists(user, lists()))
                : Optional.empty();
    }

    /* Those that its exim.conf asks; where there are none yet, it makes them when they are needed. */
    private List<String> lists() {
        String configuration = files.text("/etc/exim.conf").orElse("");
        List<String> asked = new ArrayList<>(LISTS);
        asked.add(OLD_LIST);
        asked.removeIf(list -> !configuration.contains(list));
        return asked;
    }

    /** An account in all of them. */
    private final class Lists implements OutgoingSwitch {

        private final String user;
        private final List<String> lists;

        Lists(String user, List<String> lists) {
            this.user = user;
            this.lists = lists;
        }

        @Override
        public String stopping() {
            return String.join(
                    "; ",
                    lists.stream().map(list -> "echo '" + user + "' >> " + list).toList());
        }

        @Override
        public String resuming() {
            return String.join(
                    "; ",
                    lists.stream()
                            .map(list -> "sed -i '/^" + user + "$/d' " + list)
                            .toList());
        }

        @Override
        public Optional<String> before() {
            return Optional.of(String.join(
                    CUT,
                    lists.stream().map(list -> files.text(list).orElse(NONE)).toList()));
        }

        private boolean lists(String text) {
            return text.lines().anyMatch(line -> line.strip().equals(user));
        }

        @Override
        public boolean isStopped() {
            return lists.stream().allMatch(list -> lists(files.text(list).orElse("")));
        }

        @Override
        public Optional<String> stop() {
            for (String list : lists) {
                String now = files.text(list).orElse("");
                if (!lists(now)) {
                    Optional<String> problem = write(list, now + ending(now) + user + "\n");
                    if (problem.isPresent()) {
                        return problem;
                    }
                }
            }
            return Optional.empty();
        }

        private String ending(String text) {
            return text.isEmpty() || text.endsWith("\n") ? "" : "\n";
        }

        @Override
        public Optional<String> resume(Optional<String> before) {
            String[] old = before.orElse("").split(CUT, -1);
            for (int i = 0; i < lists.size(); i++) {
                Optional<String> problem = resume(lists.get(i), i < old.length ? old[i] : NONE);
                if (problem.isPresent()) {
                    return problem;
                }
            }
            return Optional.empty();
        }

        /* As it was, to the byte, unless somebody else has changed it meanwhile: then our line alone goes. */
        private Optional<String> resume(String list, String before) {
            String now = files.text(list).orElse("");
            boolean existed = !before.equals(NONE);
            String was = existed ? before : "";
            if (!lists(now) || lists(was)) {
                return Optional.empty();
            }
            if (now.equals(was + ending(was) + user + "\n")) {
                return existed ? write(list, was) : delete(list);
            }
            List<String> left = new ArrayList<>(now.lines().toList());
            left.removeIf(line -> line.strip().equals(user));
            return write(list, left.isEmpty() ? "" : String.join("\n", left) + "\n");
        }

        private Optional<String> write(String list, String text) {
            try {
                files.host().replace(Path.of(list), text.getBytes(StandardCharsets.ISO_8859_1));
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of("cannot write " + list + ": " + e.getMessage());
            }
        }

        private Optional<String> delete(String list) {
            try {
                files.host().delete(Path.of(list));
                return Optional.empty();
            } catch (IOException e) {
                return Optional.of("cannot remove " + list + ": " + e.getMessage());
            }
        }
    }
}
