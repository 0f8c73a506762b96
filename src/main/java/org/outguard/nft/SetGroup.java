package org.outguard.nft;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.outguard.guard.action.BlockTarget;

/**
 * Sets that are made together, with the chain that holds their rules. A group is made when the first of its targets is
 * blocked or limited; until then its chain is empty.
 *
 * <p>An element of a limit stands in two sets: in one with the rate, which lets the rule go on only for packets beyond
 * it, and in one with the counter, which so counts what is dropped. nft 1.0.6 lists one of an element's statements.
 *
 * @param limits whether elements let a number of packets pass
 * @param level of the control groups in the keys; 0 where there are none
 * @param inbound whether they are of clients: of what arrives
 */
record SetGroup(boolean limits, int level, boolean inbound) {

    /** Those of what is sent, in the order in which their chains are passed. */
    static final List<SetGroup> OUTBOUND = Stream.of(false, true)
            .flatMap(
                    limits -> IntStream.iterate(BlockTarget.MOST_CGROUP_LEVELS, level -> level >= 0, level -> level - 1)
                            .mapToObj(level -> new SetGroup(limits, level, false)))
            .toList();

    /** Limits without a control group. */
    static final SetGroup LIMITS = new SetGroup(true, 0, false);

    /** Blocks of clients. */
    static final SetGroup CLIENTS = new SetGroup(false, 0, true);

    static final List<SetGroup> ALL =
            Stream.concat(OUTBOUND.stream(), Stream.of(CLIENTS)).toList();

    static SetGroup of(BlockTarget target, boolean limits) {
        BlockSet shape = BlockSet.of(target);
        return new SetGroup(limits, shape.level(), shape.inbound());
    }

    /** {@code blocks}, {@code limited}, {@code limits_cgroup2}; "limits" alone is a reserved word of nft 0.9.8. */
    String chain() {
        if (inbound) {
            return "clients";
        }
        if (level == 0) {
            return limits ? "limited" : "blocks";
        }
        return (limits ? "limits" : "blocks") + "_cgroup" + level;
    }

    List<BlockSet> shapes() {
        return inbound ? BlockSet.ofClients() : BlockSet.ofLevel(level);
    }

    /** The set whose elements count. */
    String counting(BlockSet shape) {
        return limits ? "over_" + shape.name() : shape.name();
    }

    /** The set whose elements have a rate; only where there are limits. */
    String limiting(BlockSet shape) {
        return "limit_" + shape.name();
    }

    /** The rule for a shape, see {@link #chain()} and {@link BlockSet#expression}. */
    String rule(BlockSet shape, boolean byHeader) {
        String key = shape.expression(byHeader);
        if (inbound) {
            return key + " @" + counting(shape) + " drop";
        }
        return limits
                ? key + " @" + limiting(shape) + " " + key + " @" + counting(shape) + " drop"
                : key + " @" + counting(shape) + " goto " + Ruleset.REFUSE;
    }

    /** Names of all its sets. */
    List<String> sets() {
        List<String> names = new ArrayList<>();
        for (BlockSet shape : shapes()) {
            if (limits) {
                names.add(limiting(shape));
            }
            names.add(counting(shape));
        }
        return names;
    }
}
