package org.outguard.nft;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.outguard.guard.BlockTarget;

/**
 * Our table, and what is done to it, as input for {@code nft -j -f -} (libnftables-json(5)); each document is one
 * transaction. {@link #script()} says the same in nft's own language, for people.
 *
 * <p>The chain hangs in output at priority -10. That is after connection tracking (-200) and destination NAT (-100), so
 * it sees the destinations that the wire sees, and before the filter chains of others (0), whose drops would keep
 * packets from our counters. Chain {@value #REFUSE} ends every match: TCP to mail ports is reset, since a mail server
 * would wait minutes for a connection that is silently dropped; all else is dropped, since answers to a flood cost time.
 *
 * <p>nft 1.0.6 ignores comments on tables and sets in JSON, so one on the first rule says whose table it is.
 */
final class Ruleset {

    static final String FAMILY = "inet";
    static final String TABLE = "outguard";
    static final int MOST_ELEMENTS = 65_535;

    /** Where an element is added without a time, by hand: so none stays for ever. */
    static final long DEFAULT_SECONDS = 600;

    private static final String OUTPUT = "output";
    private static final String REFUSE = "refuse";
    private static final int PRIORITY = -10;
    private static final List<Integer> MAIL_PORTS = List.of(25, 465, 587);
    private static final String COMMENT = "Outguard: blocks that expire by themselves";

    /* A statement without parameters is a null; without it nft 1.0.6 crashes rather than complains. */
    private static final JSON WITH_NULLS = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    private Ruleset() {}

    /**
     * Makes whatever of our table is missing, and adds an element.
     *
     * <p>Chains are emptied and filled again each time: rules, unlike sets, are not idempotent, and so nothing has to be
     * listed first and a {@code flush ruleset} by somebody else does no harm. It is one transaction; no packet sees an
     * empty chain. The element is added, deleted and added: the first makes sure that the delete finds one, the second
     * that the last is new, since older kernels leave the time of an element that is added again as it was.
     */
    static String block(BlockTarget target, long seconds) {
        List<Object> commands = setUp();
        commands.add(element("add", target, seconds));
        commands.add(element("delete", target, 0));
        commands.add(element("add", target, seconds));
        return document(commands);
    }

    /** Deletes an element. */
    static String unblock(BlockTarget target) {
        return document(List.of(element("delete", target, 0)));
    }

    /** Deletes our table, whether it is there or not. */
    static String remove() {
        Map<String, Object> table = Map.of("table", own("name", TABLE));
        return document(List.of(Map.of("add", table), Map.of("delete", table)));
    }

    private static String document(List<?> commands) {
        try {
            return WITH_NULLS.asString(Map.of("nftables", commands));
        } catch (IOException e) {
            throw new UncheckedIOException("maps and strings do not fail", e);
        }
    }

    private static List<Object> setUp() {
        List<Object> commands = new ArrayList<>();
        commands.add(Map.of("add", Map.of("table", own("name", TABLE))));
        commands.add(Map.of("add", Map.of("chain", in("name", REFUSE))));
        Map<String, Object> output = in("name", OUTPUT);
        output.putAll(Map.of("type", "filter", "hook", OUTPUT, "prio", PRIORITY, "policy", "accept"));
        commands.add(Map.of("add", Map.of("chain", output)));
        commands.add(Map.of("flush", Map.of("chain", in("name", OUTPUT))));
        commands.add(Map.of("flush", Map.of("chain", in("name", REFUSE))));
        BlockSet.ALL.forEach(set -> commands.add(Map.of("add", Map.of("set", set(set)))));
        rules().forEach(rule -> commands.add(Map.of("add", Map.of("rule", rule))));
        return commands;
    }

    private static Map<String, Object> set(BlockSet set) {
        Map<String, Object> json = in("name", set.name());
        List<String> types = set.key().stream().map(KeyPart::type).toList();
        json.put("type", types.size() == 1 ? types.get(0) : types);
        json.put("flags", set.network() ? List.of("interval", "timeout") : List.of("timeout"));
        json.put("timeout", DEFAULT_SECONDS);
        json.put("size", MOST_ELEMENTS);
        Map<String, Object> counter = new HashMap<>();
        counter.put("counter", null);
        json.put("stmt", List.of(counter));
        return json;
    }

    private static List<Map<String, Object>> rules() {
        List<Map<String, Object>> rules = new ArrayList<>();
        Map<String, Object> mailPort = Map.of("payload", Map.of("protocol", "tcp", "field", "dport"));
        rules.add(rule(
                REFUSE, match(mailPort, Map.of("set", MAIL_PORTS)), Map.of("reject", Map.of("type", "tcp reset"))));
        rules.add(rule(REFUSE, verdict("drop")));
        Map<String, Object> loopback =
                rule(OUTPUT, match(Map.of("meta", Map.of("key", "oifname")), "lo"), verdict("accept"));
        loopback.put("comment", COMMENT);
        rules.add(loopback);
        for (BlockSet set : BlockSet.ALL) {
            List<Map<String, Object>> parts =
                    set.key().stream().map(KeyPart::json).toList();
            Map<String, Object> key = parts.size() == 1 ? parts.get(0) : Map.of("concat", parts);
            rules.add(rule(OUTPUT, match(key, "@" + set.name()), Map.of("goto", Map.of("target", REFUSE))));
        }
        return rules;
    }

    private static Map<String, Object> rule(String chain, Object... statements) {
        Map<String, Object> rule = in("chain", chain);
        rule.put("expr", List.of(statements));
        return rule;
    }

    private static Map<String, Object> match(Object left, Object right) {
        return Map.of("match", Map.of("op", "==", "left", left, "right", right));
    }

    private static Map<String, Object> verdict(String word) {
        Map<String, Object> verdict = new HashMap<>();
        verdict.put(word, null);
        return verdict;
    }

    private static Map<String, Object> element(String command, BlockTarget target, long seconds) {
        BlockSet set = BlockSet.of(target);
        Object value = set.json(target);
        Map<String, Object> json = in("name", set.name());
        json.put("elem", List.of(seconds == 0 ? value : Map.of("elem", Map.of("val", value, "timeout", seconds))));
        return Map.of(command, Map.of("element", json));
    }

    /* Something of our family. */
    private static Map<String, Object> own(String key, String value) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("family", FAMILY);
        json.put(key, value);
        return json;
    }

    /* Something in our table. */
    private static Map<String, Object> in(String key, String value) {
        Map<String, Object> json = own("table", TABLE);
        json.put(key, value);
        return json;
    }

    /** The whole table without elements, as input for {@code nft -f -}. */
    static String script() {
        StringBuilder text = new StringBuilder("table " + FAMILY + " " + TABLE + " {\n");
        for (BlockSet set : BlockSet.ALL) {
            String type = set.key().stream().map(KeyPart::type).collect(Collectors.joining(" . "));
            text.append("\tset ").append(set.name()).append(" {\n");
            text.append("\t\ttype ").append(type).append("\n\t\tsize ").append(MOST_ELEMENTS);
            text.append("\n\t\tflags ").append(set.network() ? "interval, timeout" : "timeout");
            text.append("\n\t\ttimeout ").append(DEFAULT_SECONDS).append("s\n\t\tcounter\n\t}\n");
        }
        String ports = MAIL_PORTS.stream().map(String::valueOf).collect(Collectors.joining(", "));
        text.append("\tchain ").append(REFUSE).append(" {\n\t\ttcp dport { ").append(ports);
        text.append(" } reject with tcp reset\n\t\tdrop\n\t}\n\tchain ")
                .append(OUTPUT)
                .append(" {\n");
        text.append("\t\ttype filter hook output priority ").append(PRIORITY).append("; policy accept;\n");
        text.append("\t\toifname \"lo\" accept comment \"").append(COMMENT).append("\"\n");
        for (BlockSet set : BlockSet.ALL) {
            String key = set.key().stream().map(KeyPart::words).collect(Collectors.joining(" . "));
            text.append("\t\t").append(key).append(" @").append(set.name());
            text.append(" goto ").append(REFUSE).append('\n');
        }
        return text.append("\t}\n}\n").toString();
    }
}
