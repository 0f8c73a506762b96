package org.outguard.nft;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.outguard.guard.action.BlockTarget;

/**
 * The elements that one block or limit consists of, as commands in nft's language.
 *
 * @param target what it drops
 * @param rate packets a second that it lets pass; empty where it lets none
 * @param cgroups see {@link BlockSet#element}
 * @param egress whether it stands in the egress of devices too
 */
record Elements(BlockTarget target, OptionalLong rate, String cgroups, boolean egress) {

    /* Longest comment that the kernel keeps, with the byte that ends it (NFTNL_UDATA_COMMENT_MAXLEN). */
    private static final int LONGEST_COMMENT = 120;

    /** So much of a second's packets may come at once. */
    private static final int BURST_PART = 10;

    private static final int LEAST_BURST = 5;

    SetGroup group() {
        return SetGroup.of(target, rate.isPresent());
    }

    /** Adds them, with a time in nft's words. */
    List<String> add(String time) {
        return commands("add", " timeout " + time + comment());
    }

    /** Deletes them; an error where one is not there. */
    List<String> delete() {
        return commands("delete", "");
    }

    /**
     * Adds them with time and counters at their beginning, whether they are there or not: the first command makes sure
     * that the delete finds one, the delete that the last is new, since older kernels leave the time of an element that
     * is added again as it was.
     */
    List<String> renew(String time) {
        List<String> commands = new ArrayList<>(add(time));
        commands.addAll(delete());
        commands.addAll(add(time));
        return commands;
    }

    /** Empties the sets that they stand in, of everything. */
    List<String> flush() {
        BlockSet shape = BlockSet.of(target);
        List<String> commands = new ArrayList<>();
        for (String table : egress ? List.of(Ruleset.INET, Ruleset.NETDEV) : List.of(Ruleset.INET)) {
            if (rate.isPresent()) {
                commands.add("flush set " + table + " " + group().limiting(shape));
            }
            commands.add("flush set " + table + " " + group().counting(shape));
        }
        return commands;
    }

    Elements withoutEgress() {
        return new Elements(target, rate, cgroups, false);
    }

    /** Deletes what stands in egress. */
    List<String> deleteInEgress() {
        return commands("delete", "", List.of(Ruleset.NETDEV));
    }

    private List<String> commands(String verb, String options) {
        return commands(verb, options, egress ? List.of(Ruleset.INET, Ruleset.NETDEV) : List.of(Ruleset.INET));
    }

    private List<String> commands(String verb, String options, List<String> tables) {
        BlockSet shape = BlockSet.of(target);
        SetGroup group = group();
        List<String> commands = new ArrayList<>();
        for (String table : tables) {
            if (rate.isPresent()) {
                String limit = verb.equals("add") ? limit(rate.getAsLong()) : "";
                commands.add(command(verb, table, group.limiting(shape), limit + options));
            }
            commands.add(command(verb, table, group.counting(shape), options));
        }
        return commands;
    }

    private String command(String verb, String table, String set, String options) {
        String element = BlockSet.of(target).element(target, cgroups);
        return verb + " element " + table + " " + set + " { " + element + options + " }";
    }

    private static String limit(long packetsPerSecond) {
        long burst = Math.max(LEAST_BURST, packetsPerSecond / BURST_PART);
        return " limit rate over " + packetsPerSecond + "/second burst " + burst + " packets";
    }

    private String comment() {
        return target.cgroup()
                .filter(path -> path.length() <= LONGEST_COMMENT)
                .map(path -> " comment \"" + path + "\"")
                .orElse("");
    }
}
