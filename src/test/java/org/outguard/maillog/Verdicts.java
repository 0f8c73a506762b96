package org.outguard.maillog;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;

/** What a log says of its messages, held against what happened. */
public final class Verdicts {

    public final List<String> wrong = new ArrayList<>();
    final List<String> open = new ArrayList<>();
    int right;

    /**
     * Compares every message of the truth.
     *
     * @param host as the log has it
     * @param fates whether what became of the recipients must be right too
     */
    public static Verdicts of(
            List<Map<String, Object>> truths,
            Map<String, LoggedMessage> read,
            String host,
            boolean exim,
            boolean fates) {
        var verdicts = new Verdicts();
        var lives = new HashMap<String, Integer>();
        for (Map<String, Object> truth : truths) {
            String instance = exim ? "exim" : String.valueOf(truth.getOrDefault("instance", "postfix"));
            String id = String.valueOf(truth.get("queue_id"));
            int life = lives.merge(instance + id, 1, Integer::sum) - 1;
            LoggedMessage message = read.get(Corpus.key(host, instance, id, life));
            verdicts.compare(id + "/" + life, truth, message, fates);
        }
        return verdicts;
    }

    /** Compares the origin and the root of one. */
    static Verdicts ofOne(Map<String, Object> truth, LoggedMessage message) {
        var verdicts = new Verdicts();
        verdicts.compare(message.id() + "/" + message.life(), truth, message, false);
        return verdicts;
    }

    private void compare(String id, Map<String, Object> truth, LoggedMessage message, boolean fates) {
        if (message == null) {
            open.add(id + " is not in what was read");
            return;
        }
        Map<String, Object> origin = Corpus.map(truth.get("origin"));
        Map<String, Object> root = Corpus.map(truth.getOrDefault("root", truth.get("origin")));
        int before = wrong.size() + open.size();
        compare(id, "origin", origin, message.provenance());
        compare(id, "root", root, message.root());
        if (fates) {
            compareFates(id, truth, message);
        }
        if (wrong.size() + open.size() == before) {
            right++;
        }
    }

    private void compare(String id, String what, Map<String, Object> truth, Provenance read) {
        if (read.isDisputed() || read.origin() instanceof MailOrigin.Unknown) {
            open.add(id + " " + what + ": " + read);
        } else if (!same(truth, read.origin())) {
            wrong.add(id + " " + what + ": " + read.origin() + ", in truth " + truth);
        }
    }

    private static boolean same(Map<String, Object> truth, MailOrigin read) {
        if (!read.kind().equals(truth.get("kind"))) {
            return false;
        }
        if (read instanceof MailOrigin.LocalUser user) {
            return user.uid() == ((Number) truth.get("uid")).intValue()
                    && user.user().equals(truth.get("user"));
        }
        if (read instanceof MailOrigin.Login login) {
            return login.login().equals(truth.get("sasl_username"))
                    && (login.client().isEmpty() || login.client().equals(truth.get("client_ip")))
                    && portFits(login.clientPort().orElse(-1), truth);
        }
        if (read instanceof MailOrigin.Client client) {
            return client.address().equals(truth.get("client_ip"))
                    && portFits(client.port().orElse(-1), truth);
        }
        return read.who().equals(truth.get("parent"));
    }

    private static boolean portFits(int port, Map<String, Object> truth) {
        return port < 0 || !(truth.get("client_port") instanceof Number n) || n.intValue() == port;
    }

    private void compareFates(String id, Map<String, Object> truth, LoggedMessage message) {
        var read = new LinkedHashMap<String, String>();
        message.recipients()
                .forEach(f -> read.put(f.address(), f.status().name().toLowerCase(Locale.ROOT)));
        var happened = new LinkedHashMap<String, String>();
        Corpus.map(truth.get("recipients"))
                .forEach((address, status) -> happened.put(
                        address,
                        switch (String.valueOf(status)) {
                            case "delivered" -> "sent";
                            case "failed" -> "bounced";
                            default -> String.valueOf(status);
                        }));
        // The truth notes the last attempt, and of what Exim delivers here the mailbox, not the address.
        read.replaceAll((address, status) -> status.equals("expired") ? "deferred" : status);
        boolean mailboxes = happened.keySet().stream().anyMatch(address -> !address.contains("@"));
        boolean same = mailboxes
                ? new HashSet<>(read.values()).equals(new HashSet<>(happened.values()))
                : read.equals(happened);
        if (!same) {
            wrong.add(id + " fates: " + read + ", in truth " + happened);
        }
        String state = switch (String.valueOf(truth.get("state"))) {
            case "removed", "completed" -> "done";
            case "frozen" -> "held";
            default -> String.valueOf(truth.get("state"));
        };
        if (!message.state().word().equals(state)) {
            wrong.add(
                    id + " state: " + message.state() + ", in truth " + truth.get("state") + " " + truth.get("events"));
        }
    }
}
