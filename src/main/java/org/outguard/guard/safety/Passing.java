package org.outguard.guard.safety;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Step;

/** What passes a block or limit by the kernel's doing, to be said before it is made, with what stops that. */
public final class Passing {

    private Passing() {}

    /** One clause each, the likeliest first; none where no step is a block or limit of nft. */
    public static List<String> of(List<? extends Step> steps) {
        List<BlockTarget> targets = steps.stream()
                .filter(NetworkStep.Timed.class::isInstance)
                .map(step -> ((NetworkStep.Timed) step).target())
                .filter(target -> target.process().isEmpty())
                .toList();
        if (targets.isEmpty()) {
            return List.of();
        }
        if (targets.stream().allMatch(target -> target.client().isPresent())) {
            return List.of(
                    "requests of that client that a proxy hands on: they arrive from the proxy's address, and are"
                            + " stopped there");
        }
        Set<String> clauses = new LinkedHashSet<>();
        for (BlockTarget target : targets) {
            if (target.uid().isPresent()) {
                clauses.add("sockets that another user opened, such as raw sockets of root; --cgroup or --remote alone"
                        + " stops these");
            }
            if (target.cgroup().isPresent()) {
                clauses.add("sockets older than their process's membership of the control group; --remote alone stops"
                        + " these");
            }
            if (target.ofSomeSender()) {
                clauses.add("AF_PACKET sockets; --remote alone stops these");
            }
            if (target.port().isPresent()) {
                clauses.add("later fragments, which have no port; the same block without a port stops these");
            }
        }
        protocols(targets, clauses);
        clauses.add("frames sent by XDP (XDP_REDIRECT, AF_XDP), which pass every hook of nft; \"ip link set dev DEVICE"
                + " xdp off\" or kill stops these");
        return List.copyOf(clauses);
    }

    private static void protocols(List<BlockTarget> targets, Set<String> clauses) {
        if (targets.stream().anyMatch(target -> target.port().isEmpty())) {
            return;
        }
        List<String> blocked = targets.stream().map(BlockTarget::protocolWord).toList();
        if (blocked.contains(Protocol.UDPLITE.word())) {
            return;
        }
        clauses.add("other protocols to that port than " + String.join(" and ", blocked)
                + ", such as UDP-Lite (--proto udplite); the same block without a port stops these");
    }
}
