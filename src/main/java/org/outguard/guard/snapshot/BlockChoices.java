package org.outguard.guard.snapshot;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.outguard.flow.Endpoint;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.owner.Account;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/** The scopes that a person is offered for a block, narrowest first. */
public final class BlockChoices {

    /** What is about the first destination, however many others there are. */
    private static final Set<OffenceKind> ABOUT_ONE =
            EnumSet.of(OffenceKind.L7_FLOOD, OffenceKind.BEACON, OffenceKind.LISTED, OffenceKind.REFLECTOR);

    /** What goes to one port of whoever answers. */
    private static final Set<OffenceKind> TRIES =
            EnumSet.of(OffenceKind.SCAN, OffenceKind.BRUTE_FORCE, OffenceKind.FOREIGN_SMTP);

    private BlockChoices() {}

    /**
     * What could be blocked to stop this talker: its user to its busiest remote and port, that remote and port for
     * everybody, the whole remote, that remote and port for its control group, this process alone, and last everything of
     * the user. Of a process that takes one user after the other, first it alone and its control group, since a block of any
     * of these users does not stop it. Never empty for a talker with a remote or a user.
     */
    public static List<BlockTarget> of(Talker talker) {
        Set<BlockTarget> choices = new LinkedHashSet<>();
        OptionalInt uid = talker.attribution()
                .account()
                .map(Account::uid)
                .filter(id -> id != 0)
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
        boolean oneRemote = talker.remoteCount() == 1 || ABOUT_ONE.contains(talker.kind());
        talker.remotes().stream().findFirst().ifPresent(busiest -> {
            Optional<BlockTarget.Remote> remote =
                    Optional.of(BlockTarget.Remote.of(busiest.remote().address()));
            boolean port = hasPort(talker, busiest.remote());
            if (talker.kind() == OffenceKind.REFLECTOR) {
                // Whoever forges the questions chooses the victim's port, so all of them: the service's answers to the
                // victim.
                choices.add(new BlockTarget(remote, OptionalInt.empty(), Optional.of(talker.protocol()), uid));
            }
            List<OptionalInt> users = uid.isPresent() ? List.of(uid, OptionalInt.empty()) : List.of(uid);
            for (OptionalInt user : users) {
                if (port) {
                    choices.add(new BlockTarget(
                            remote, OptionalInt.of(busiest.remote().port()), Optional.of(talker.protocol()), user));
                }
            }
            choices.add(new BlockTarget(remote, OptionalInt.empty(), Optional.empty(), OptionalInt.empty()));
        });
        List<BlockTarget> bySender = bySender(talker);
        List<BlockTarget> ordered = new ArrayList<>(choices);
        if (talker.attribution().users().size() > 1) {
            Collections.reverse(bySender);
            ordered.addAll(0, bySender);
        } else {
            ordered.addAll(bySender);
        }
        if (uid.isPresent()) {
            BlockTarget everything = new BlockTarget(Optional.empty(), OptionalInt.empty(), Optional.empty(), uid);
            // A spray is not stopped by a block of one of its remotes, so the user comes first there.
            ordered.add(oneRemote ? ordered.size() : 0, everything);
            tried(talker, uid).ifPresent(target -> ordered.add(0, target));
        }
        return List.copyOf(ordered);
    }

    /* Its control group, then the process alone. */
    private static List<BlockTarget> bySender(Talker talker) {
        List<BlockTarget> targets = new ArrayList<>();
        talker.attribution().knownOwner().ifPresent(owner -> {
            group(owner).ifPresent(path -> targets.add(ofGroup(talker, path)));
            // Of several processes that were put together, one is the least of them.
            boolean one = talker.pids().size() == 1 && talker.attribution() instanceof Attribution.Exact;
            if (one && owner.id().isHere()) {
                targets.add(BlockTarget.ofProcess(owner.id(), owner.uid()));
            }
        });
        return targets;
    }

    /* What a scan, or who guesses passwords or sends mail by others tries: one port of everybody, or all ports of one address. Not more than that need be cut off. */
    private static Optional<BlockTarget> tried(Talker talker, OptionalInt uid) {
        if (!TRIES.contains(talker.kind()) || talker.remotes().isEmpty()) {
            return Optional.empty();
        }
        Endpoint first = talker.remotes().get(0).remote();
        boolean onePort =
                talker.remotes().stream().allMatch(total -> total.remote().port() == first.port());
        boolean oneAddress = talker.remotes().stream()
                .allMatch(total -> total.remote().address().equals(first.address()));
        if (onePort && hasPort(talker, first)) {
            return Optional.of(new BlockTarget(
                    Optional.empty(), OptionalInt.of(first.port()), Optional.of(talker.protocol()), uid));
        }
        return oneAddress
                ? Optional.of(new BlockTarget(
                        Optional.of(BlockTarget.Remote.of(first.address())),
                        OptionalInt.empty(),
                        Optional.empty(),
                        uid))
                : Optional.empty();
    }

    private static boolean hasPort(Talker talker, Endpoint remote) {
        return remote.port() != 0 && talker.protocol().hasPorts();
    }

    private static Optional<String> group(Owner owner) {
        // An owner's path begins with the slash of the root, which is no group that could be blocked.
        return Optional.of(owner.cgroup())
                .filter(path -> path.startsWith("/"))
                .map(path -> path.substring(1))
                .filter(BlockTarget::namesCgroup);
    }

    /* As narrow as the talker is: its remote and port where it has one, all that the group sends for a spray. */
    private static BlockTarget ofGroup(Talker talker, String path) {
        Optional<Endpoint> only = talker.remoteCount() == 1
                ? talker.remotes().stream().findFirst().map(Talker.RemoteTotal::remote)
                : Optional.empty();
        boolean port = only.filter(remote -> hasPort(talker, remote)).isPresent();
        return new BlockTarget(
                only.map(remote -> BlockTarget.Remote.of(remote.address())),
                port ? OptionalInt.of(only.get().port()) : OptionalInt.empty(),
                port ? Optional.of(talker.protocol()) : Optional.empty(),
                OptionalInt.empty(),
                Optional.of(path));
    }
}
