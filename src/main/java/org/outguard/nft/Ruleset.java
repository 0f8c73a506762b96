package org.outguard.nft;

import java.util.List;
import java.util.Set;
import org.outguard.guard.action.BlockTarget;

/**
 * Our two tables, and what is done to them, in nft's own language (nft(8)) as input for {@code nft -f}; each script is one
 * transaction. Names are no reserved words of any nft from 0.9.8 on. nft's JSON is not used here, since in version 1.0.6 it has no level for {@code socket cgroupv2}.
 *
 * <p>Table {@code inet outguard} hangs in output and forward at priority -10. That is after connection tracking (-200)
 * and destination NAT (-100), so it sees the destinations that the wire sees, and before the filter chains of others
 * (0), whose drops would keep packets from our counters. Chain {@value #REFUSE} ends every match: TCP to mail ports is
 * reset, since a mail server would wait minutes for a connection that is silently dropped; all else is dropped, since
 * answers to a flood cost time.
 *
 * <p>Clients are dropped in input and forward at the same priority, whatever they send; the input hook is there from the first
 * such block on.
 *
 * <p>Table {@code netdev outguard} hangs in the egress of devices, where packets of AF_PACKET sockets pass that never see
 * the other hooks. There a packet has no user or control group that could be relied on, so only blocks of a remote for
 * everybody stand there. There is no reject in egress.
 */
final class Ruleset {

    static final String TABLE = "outguard";
    static final String INET = "inet " + TABLE;
    static final String NETDEV = "netdev " + TABLE;
    static final String REFUSE = "refuse";
    static final int MOST_ELEMENTS = 65_535;

    /** Where an element is added without a time, by hand: so none stays for ever. */
    static final long DEFAULT_SECONDS = 600;

    static final String COMMENT = "Outguard: blocks that expire by themselves";

    /** The chain of {@link SetGroup#LIMITS} as earlier versions called it, which nft 0.9.8 cannot read. */
    static final String FORMER_LIMITS = "limits";

    private static final int PRIORITY = -10;
    private static final String MAIL_PORTS = "{ 25, 465, 587 }";
    private static final String ANYWHERE = "anywhere";
    private static final String FLAGS = "flags timeout; timeout " + DEFAULT_SECONDS + "s; size " + MOST_ELEMENTS + "; ";

    private final StringBuilder text = new StringBuilder();
    private final boolean byHeader;

    private Ruleset(boolean byHeader) {
        this.byHeader = byHeader;
    }

    /**
     * Makes whatever of our tables a group needs and is missing.
     *
     * <p>The chains of the hooks and of the group are emptied and filled again each time: rules, unlike sets, are not
     * idempotent, and so nothing has to be listed first and a {@code flush ruleset} by somebody else does no harm. It is
     * one transaction; no packet sees an empty chain. The chains of other groups are left as they are.
     *
     * @param devices whose egress is to be hooked; none where the target is not for every sender
     * @param former which tables have {@value #FORMER_LIMITS}: what stands in its sets gets the rules of today
     * @param byHeader see {@link BlockSet#expression}
     */
    static String setUp(SetGroup group, List<String> devices, Set<String> former, boolean byHeader) {
        Ruleset script = new Ruleset(byHeader);
        script.hooks();
        if (group.inbound()) {
            script.input();
        }
        script.group(INET, group, group.shapes());
        script.bringOver(group, former);
        if (!devices.isEmpty()) {
            script.egress(devices);
            script.group(NETDEV, group, inEgress(group));
            // The former chain stays: chains of devices that are gone may still jump to it.
            if (former.contains(NETDEV) && !group.equals(SetGroup.LIMITS)) {
                script.group(NETDEV, SetGroup.LIMITS, inEgress(SetGroup.LIMITS));
            }
        }
        return script.text.toString();
    }

    private static List<BlockSet> inEgress(SetGroup group) {
        return group.shapes().stream().filter(BlockSet::forEverySender).toList();
    }

    private void bringOver(SetGroup made, Set<String> former) {
        if (former.contains(INET)) {
            if (!made.equals(SetGroup.LIMITS)) {
                group(INET, SetGroup.LIMITS, SetGroup.LIMITS.shapes());
            }
            line("delete chain " + INET + " " + FORMER_LIMITS);
        }
    }

    private void hooks() {
        line("add table " + INET);
        for (String chain : List.of(REFUSE, ANYWHERE, Lockdown.CHAIN, Lockdown.FORWARD_CHAIN)) {
            line("add chain " + INET + " " + chain);
        }
        SetGroup.ALL.forEach(group -> line("add chain " + INET + " " + group.chain()));
        Lockdown.parts().forEach(this::line);
        String hook = " { type filter hook %s priority " + PRIORITY + "; policy accept; }";
        line("add chain " + INET + " output" + hook.replace("%s", "output"));
        line("add chain " + INET + " forward" + hook.replace("%s", "forward"));
        for (String chain : List.of(REFUSE, "output", "forward")) {
            line("flush chain " + INET + " " + chain);
        }
        rule(INET, REFUSE, "tcp dport " + MAIL_PORTS + " reject with tcp reset");
        rule(INET, REFUSE, "drop");
        rule(INET, "output", "jump " + ANYWHERE + " comment \"" + COMMENT + "\"");
        rule(INET, "output", "oifname \"lo\" accept");
        SetGroup.OUTBOUND.forEach(group -> rule(INET, "output", "jump " + group.chain()));
        rule(INET, "output", Lockdown.IN_FORCE + " jump " + Lockdown.CHAIN);
        rule(INET, "forward", "jump " + SetGroup.CLIENTS.chain());
        // A packet that is passed on has no socket, and nft refuses to look for one there.
        SetGroup.OUTBOUND.stream()
                .filter(group -> group.level() == 0)
                .forEach(group -> rule(INET, "forward", "jump " + group.chain()));
        rule(INET, "forward", Lockdown.IN_FORCE + " jump " + Lockdown.FORWARD_CHAIN);
    }

    /* Hooked only where a client is blocked: until then nothing that arrives passes a rule of ours. */
    private void input() {
        line("add chain " + INET + " input { type filter hook input priority " + PRIORITY + "; policy accept; }");
        line("flush chain " + INET + " input");
        rule(INET, "input", "iifname \"lo\" accept");
        rule(INET, "input", "jump " + SetGroup.CLIENTS.chain());
    }

    /**
     * Only the hooks, without a group.
     *
     * @param former see {@link #setUp}
     */
    static String hooksOnly(Set<String> former) {
        Ruleset script = new Ruleset(false);
        script.hooks();
        script.bringOver(new SetGroup(false, 0, false), former);
        return script.text.toString();
    }

    private void egress(List<String> devices) {
        line("add table " + NETDEV);
        line("add chain " + NETDEV + " " + REFUSE);
        line("flush chain " + NETDEV + " " + REFUSE);
        rule(NETDEV, REFUSE, "drop");
        List<SetGroup> groups =
                SetGroup.OUTBOUND.stream().filter(group -> group.level() == 0).toList();
        groups.forEach(group -> line("add chain " + NETDEV + " " + group.chain()));
        for (String device : devices) {
            String chain = "egress-" + device;
            line("add chain " + NETDEV + " " + chain + " { type filter hook egress device \"" + device + "\" priority "
                    + PRIORITY + "; policy accept; }");
            line("flush chain " + NETDEV + " " + chain);
            groups.forEach(group -> rule(NETDEV, chain, "jump " + group.chain()));
        }
    }

    private void group(String table, SetGroup group, List<BlockSet> shapes) {
        for (BlockSet shape : shapes) {
            if (group.limits()) {
                set(table, group.limiting(shape), shape, "limit rate over 1/second burst 5 packets;");
            }
            set(table, group.counting(shape), shape, "counter;");
        }
        line("flush chain " + table + " " + group.chain());
        if (table.equals(INET) && !group.limits() && !group.inbound() && group.level() == 0) {
            line("flush chain " + table + " " + ANYWHERE);
        }
        for (BlockSet shape : shapes) {
            String chain = !group.limits() && shape.onLoopback() ? ANYWHERE : group.chain();
            rule(table, chain, group.rule(shape, byHeader));
        }
    }

    private void set(String table, String name, BlockSet shape, String statement) {
        String flags = shape.destination().network() ? FLAGS.replace("flags ", "flags interval, ") : FLAGS;
        line("add set " + table + " " + name + " { type " + shape.type() + "; " + flags + statement + " }");
    }

    private void rule(String table, String chain, String rule) {
        line("add rule " + table + " " + chain + " " + rule);
    }

    private void line(String command) {
        text.append(command).append('\n');
    }

    /** Deletes our tables, whether they are there or not. */
    static String remove() {
        return removeInet() + "add table " + NETDEV + "\ndelete table " + NETDEV + "\n";
    }

    /** The same where the kernel knows no egress. */
    static String removeInet() {
        return "add table " + INET + "\ndelete table " + INET + "\n";
    }

    /** Whether that target stands in the egress of devices too. */
    static boolean standsInEgress(BlockTarget target) {
        return BlockSet.of(target).forEverySender();
    }
}
