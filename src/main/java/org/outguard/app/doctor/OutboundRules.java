package org.outguard.app.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.outguard.headless.Finding;

/** Whether the users that web servers run scripts as may send what they like. */
final class OutboundRules implements Check {

    private static final List<String> WEB_USERS = List.of("www-data", "apache", "nginx", "http", "nobody");
    private static final Pattern DROPS = Pattern.compile("\\b(drop|reject|DROP|REJECT)\\b");
    private static final Pattern CHAIN = Pattern.compile("(?s)chain [^{]*\\{[^{}]*(?:\\{[^{}]*}[^{}]*)*}");

    @Override
    public List<Finding> look(CheckContext place) {
        Optional<String> rules = place.output("nft", "list", "ruleset");
        if (rules.isEmpty()) {
            return List.of(new Finding(
                    "nft-missing",
                    Finding.Cost.KEEPS_IT_GOING,
                    "the nft program is not there, or may not list the rules",
                    "Outguard blocks by nftables; without it, only processes can be stopped",
                    "apt-get install nftables"));
        }
        List<Finding> findings = new ArrayList<>();
        for (String user : WEB_USERS) {
            Optional<String> uid = place.uid(user).filter(id -> !user.equals("nobody") && !id.equals("0"));
            if (uid.isPresent() && !restricts(rules.get(), uid.get(), user)) {
                findings.add(open(user, uid.get(), inboundClosed(rules.get())));
            }
        }
        return findings;
    }

    private static Finding open(String user, String uid, boolean inboundClosed) {
        String table = "outguard_policy_" + uid;
        return new Finding(
                "outbound-open",
                Finding.Cost.LETS_IT_HAPPEN,
                "no rule limits what uid " + uid + " (" + user + ") sends"
                        + (inboundClosed ? ", though what comes in is closed by default" : ""),
                "a script that somebody uploaded floods others or sends mail past the queue"
                        + (inboundClosed ? "; rules for what comes in do not touch that" : ""),
                "nft 'add table inet " + table + "; add chain inet " + table
                        + " output { type filter hook output priority 0; policy accept; }; add rule inet " + table
                        + " output meta skuid " + uid
                        + " oifname != \"lo\" meta l4proto udp udp dport != 53 counter drop;"
                        + " add rule inet " + table + " output meta skuid " + uid
                        + " oifname != \"lo\" tcp dport { 25, 465, 587 } counter reject with tcp reset'");
    }

    /* A chain of the output hook that drops by default, or has a rule for the user that drops. */
    static boolean restricts(String rules, String uid, String user) {
        return CHAIN.matcher(rules)
                .results()
                .map(match -> match.group())
                .filter(c -> c.contains("hook output"))
                .anyMatch(chain -> chain.contains("policy drop")
                        || chain.lines()
                                .anyMatch(line -> line.matches(".*\\bskuid (==)?\\s*\"?(" + uid + "|"
                                                + Pattern.quote(user) + ")\"?\\b.*")
                                        && DROPS.matcher(line).find()));
    }

    private static boolean inboundClosed(String rules) {
        return CHAIN.matcher(rules)
                .results()
                .map(match -> match.group())
                .anyMatch(chain -> chain.contains("hook input") && chain.contains("policy drop"));
    }
}
