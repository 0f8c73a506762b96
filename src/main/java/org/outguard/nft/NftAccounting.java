package org.outguard.nft;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;

/**
 * Exact counts by user and by control group where eBPF cannot be had: dynamic sets in a table of our own, which drops
 * nothing and is taken out at the end (nft(8), SET STATEMENT).
 *
 * <p>It hangs in the output hook behind all filters, so what somebody blocks is not counted, and neither is what never
 * comes there: packets of AF_PACKET sockets and what is forwarded. Each call starts nft once and waits for it; for one
 * thread at a time, whose network namespace is the one that is counted in.
 */
public final class NftAccounting implements AutoCloseable {

    /** Flows of one kind that are told apart; reading ten thousand takes most of a second. */
    static final int MOST_ELEMENTS = 2_048;

    private static final String FAMILY = "inet";
    private static final String PREFIX = "outguard_accounting_";
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** An element that is not met for so long is forgotten; the time begins anew with each packet. */
    private static final String FLAGS = "; flags dynamic, timeout; timeout 10m; size " + MOST_ELEMENTS + "; }\n";

    private static final String FLOW = " . inet_proto . inet_service";
    private static final String PING = " . inet_proto";

    private final CommandRunner runner;
    private final List<String> nft;
    private final Accounting.Reader reader;
    private final boolean loopback;
    private final TableMaker maker;
    private String table = "";

    /**
     * Starts nothing yet.
     *
     * @param runner starts nft
     * @param nft the words before nft's own arguments, mostly just {@code nft}
     * @param hooks where the control groups are
     * @param loopback whether what programs of this machine send to each other counts
     * @param maker whose table it is; each instance in a network namespace counts with its own
     */
    public NftAccounting(CommandRunner runner, List<String> nft, Hooks hooks, boolean loopback, TableMaker maker) {
        this.loopback = loopback;
        this.maker = maker;
        this.runner = runner;
        this.nft = List.copyOf(nft);
        this.reader = new Accounting.Reader(hooks.cgroups());
    }

    /**
     * What came of the beginning.
     *
     * @param problem why nothing is counted; empty where it is
     * @param limit what is not counted, in words; empty where all is
     */
    public record Begun(Optional<String> problem, Optional<String> limit) {}

    /** Makes the table, takes out what earlier runs have left, and begins to count. */
    public Begun open() {
        takeOutLeft();
        reader.startAgain();
        Optional<String> withGroups = feed(setUp(true));
        if (withGroups.isEmpty()) {
            return new Begun(Optional.empty(), Optional.empty());
        }
        // Kernels before 5.13 cannot tell the control group of a socket.
        Optional<String> without = feed(setUp(false));
        return without.isPresent()
                ? new Begun(without, Optional.empty())
                : new Begun(
                        Optional.empty(),
                        Optional.of("packets are counted by user alone, not by control group: " + withGroups.get()));
    }

    /** Reads the counts. A table that somebody else took out is a failure; {@link #open} makes it again. */
    public Accounting read() {
        CommandResult result = runner.run(command("-j", "-n", "list table " + table()), "", LIMIT);
        Optional<String> problem = NftProblem.of(result, LIMIT);
        return problem.isEmpty() && result instanceof CommandResult.Finished finished
                ? reader.read(finished.stdout())
                : new Accounting.Failed(problem.orElse("nft did not run"));
    }

    /* Not before it is needed: whose it is is looked up. */
    private String table() {
        if (table.isEmpty()) {
            table = FAMILY + " " + PREFIX + maker.word();
        }
        return table;
    }

    /** Takes out the tables of runs that have ended without doing so, as after kill -9. */
    public void takeOutLeft() {
        CommandResult result = runner.run(command("-j", "list tables " + FAMILY), "", LIMIT);
        if (NftProblem.of(result, LIMIT).isPresent() || !(result instanceof CommandResult.Finished finished)) {
            return;
        }
        StringBuilder script = new StringBuilder();
        for (String name : Accounting.tables(finished.stdout())) {
            if (name.startsWith(PREFIX) && maker.hasEnded(name.substring(PREFIX.length()))) {
                script.append(remove(FAMILY + " " + name));
            }
        }
        if (!script.isEmpty()) {
            feed(script.toString());
        }
    }

    /** Takes the table out; there is no harm in doing so twice. */
    @Override
    public void close() {
        feed(remove(table()));
    }

    /* nft 1.0.6 knows no "destroy": what is added first can be deleted. */
    private static String remove(String table) {
        return "add table " + table + "\ndelete table " + table + "\n";
    }

    private String setUp(boolean groups) {
        StringBuilder script = new StringBuilder(remove(table()));
        script.append("add table " + table() + " { comment \"Outguard: counts only, drops nothing\"; }\n");
        script.append("add counter " + table() + " everything\n");
        script.append("add chain " + table() + " groups\n");
        script.append("add chain " + table() + " output { type filter hook output priority 300; policy accept; }\n");
        sets(script, "users", "uid");
        if (groups) {
            sets(script, "groups", "cgroupsv2");
        }
        if (!loopback) {
            rule(script, "output", "oifname \"lo\" accept");
        }
        rule(script, "output", "counter name everything");
        updates(script, "output", "users", "meta skuid", "");
        rule(script, "output", "jump groups");
        if (groups) {
            // Where a group is no deeper than the first level, the second has no match, and the next rule is tried.
            updates(script, "groups", "groups", "socket cgroupv2 level 2", "2");
            updates(script, "groups", "groups", "socket cgroupv2 level 1", "1");
        }
        return script.toString();
    }

    private void sets(StringBuilder script, String name, String type) {
        String set = "add set " + table() + " " + name;
        script.append(set + " { type " + type + FLAGS);
        for (String family : List.of("4", "6")) {
            String address = type + " . ipv" + family + "_addr";
            script.append(set + "_flow" + family + " { type " + address + FLOW + FLAGS);
            script.append(set + "_ping" + family + " { type " + address + PING + FLAGS);
        }
    }

    /* A rule whose key cannot be made of a packet, or whose set is full, ends there; the next one is tried all the same. */
    private void updates(StringBuilder script, String chain, String name, String who, String level) {
        String into = chain;
        if (!level.isEmpty()) {
            into = chain + level;
            script.append("add chain " + table() + " " + into + "\n");
        }
        String flow = " . meta l4proto . th dport counter }";
        String ping = " . meta l4proto counter }";
        String[] families = {"ip daddr", "ip6 daddr"};
        String[] icmp = {"icmp", "icmpv6"};
        for (int i = 0; i < 2; i++) {
            String family = i == 0 ? "4" : "6";
            String key = " { " + who + " . " + families[i];
            String nfproto = "meta nfproto ipv" + family + " meta l4proto ";
            rule(script, into, nfproto + "{ tcp, udp } update @" + name + "_flow" + family + key + flow);
            rule(script, into, nfproto + icmp[i] + " update @" + name + "_ping" + family + key + ping);
        }
        if (level.isEmpty()) {
            rule(script, into, "update @" + name + " { " + who + " counter }");
        } else {
            // Which level a packet has is known by its total; the flows follow, and the other level is left out.
            rule(script, chain, "update @" + name + " { " + who + " counter } goto " + into);
        }
    }

    private void rule(StringBuilder script, String chain, String rule) {
        script.append("add rule " + table() + " " + chain + " " + rule + "\n");
    }

    private Optional<String> feed(String script) {
        return NftProblem.of(
                runner.run(command(NftScript.FROM_STANDARD_INPUT.toArray(String[]::new)), script, LIMIT), LIMIT);
    }

    private List<String> command(String... arguments) {
        List<String> argv = new ArrayList<>(nft);
        argv.addAll(List.of(arguments));
        return argv;
    }
}
