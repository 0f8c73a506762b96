package org.outguard.tui.dialog;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.Command;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.BlockChoices;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Account;
import org.outguard.text.Durations;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.text.Words;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.table.Subject;

/** Dropping packets for a while. */
final class BlockOffer {

    private BlockOffer() {}

    /** One scope of one sender. */
    record Aim(Talker talker, BlockTarget target) {}

    static Proposal.Answer of(List<Subject> subjects, String by) {
        List<List<Aim>> each = subjects.stream()
                .map(BlockOffer::aims)
                .filter(aims -> !aims.isEmpty())
                .toList();
        if (each.isEmpty()) {
            return new Proposal.No(subjects.isEmpty() ? "nothing is selected" : "nothing of it is known to block");
        }
        return new Proposal.Yes(each.size() == 1 ? one(each.get(0), by) : several(each, by));
    }

    /** What can be blocked or limited of it, narrowest first. */
    static List<Aim> aims(Subject subject) {
        if (subject instanceof Subject.OfTalker of) {
            return BlockChoices.of(of.talker()).stream()
                    .map(target -> new Aim(of.talker(), target))
                    .toList();
        }
        return subject instanceof Subject.OfRemote of ? aims(of.talker(), of.remote()) : List.of();
    }

    /* As BlockChoices, for one destination. */
    private static List<Aim> aims(Talker talker, Talker.RemoteTotal remote) {
        Optional<BlockTarget.Remote> to =
                Optional.of(BlockTarget.Remote.of(remote.remote().address()));
        OptionalInt uid = talker.attribution()
                .account()
                .map(Account::uid)
                .filter(id -> id != 0)
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
        boolean port = remote.remote().port() != 0 && talker.protocol().hasPorts();
        List<Aim> aims = new ArrayList<>();
        if (port) {
            OptionalInt number = OptionalInt.of(remote.remote().port());
            Optional<Protocol> protocol = Optional.of(talker.protocol());
            if (uid.isPresent()) {
                aims.add(new Aim(talker, new BlockTarget(to, number, protocol, uid)));
            }
            aims.add(new Aim(talker, new BlockTarget(to, number, protocol, OptionalInt.empty())));
        }
        aims.add(new Aim(talker, new BlockTarget(to, OptionalInt.empty(), Optional.empty(), OptionalInt.empty())));
        return aims;
    }

    private static Proposal one(List<Aim> aims, String by) {
        Talker talker = aims.get(0).talker();
        String who = who(talker);
        return new Proposal(
                "Block " + who + "?",
                TextRole.BAD,
                "Block",
                aims.stream().map(aim -> scope(aim.target(), talker)).toList(),
                true,
                pick -> {
                    Aim aim = aims.get(pick.choice());
                    String effect = "drops every packet of " + scope(aim.target(), talker) + " for "
                            + Durations.words(pick.time())
                            + (aim.target().process().isPresent()
                                    ? ", as long as Outguard runs"
                                    : "; the kernel then forgets it, with or without Outguard");
                    return new Proposal.Draft(effect, caution(aim), List.of(errand(aim, pick.time(), by)));
                },
                Optional.empty(),
                snapshot -> seen(snapshot, talker.id()),
                who + " is no longer seen; nothing was blocked");
    }

    private static Proposal several(List<List<Aim>> each, String by) {
        List<Aim> narrow = each.stream().map(aims -> aims.get(0)).toList();
        return new Proposal(
                "Block " + each.size() + " tagged senders?",
                TextRole.BAD,
                "Block all",
                List.of("each of the " + each.size() + " tagged, as narrowly as it stops"),
                true,
                pick -> new Proposal.Draft(
                        "drops what these send for " + Durations.words(pick.time()) + "; the kernel then forgets it",
                        Optional.empty(),
                        narrow.stream().map(aim -> errand(aim, pick.time(), by)).toList()),
                Optional.empty(),
                snapshot -> narrow.stream()
                        .anyMatch(aim -> seen(snapshot, aim.talker().id())),
                "none of them is seen any more; nothing was blocked");
    }

    static boolean seen(Snapshot snapshot, String id) {
        return snapshot.talkers().stream().anyMatch(talker -> talker.id().equals(id));
    }

    private static Proposal.Errand errand(Aim aim, Duration length, String by) {
        return new Proposal.Errand(
                new NetworkStep.Block(aim.target(), length),
                new Command.Block(aim.talker().id(), aim.target(), length, by));
    }

    static String who(Talker talker) {
        return talker.attribution()
                .knownOwner()
                .map(owner -> Words.process(owner) + " (pid " + owner.id().number() + ", " + Words.user(talker) + ")")
                .or(() -> talker.attribution().account().map(account -> "sockets of " + user(account)))
                .orElse("an unnamed sender to " + Words.destination(talker));
    }

    /** A target in words that name the user: {@code "www-data (uid 33) to 192.0.2.1 udp port 80"}. */
    static String scope(BlockTarget target, Talker talker) {
        if (target.process().isPresent()) {
            return "only process " + target.process().get().pid() + " to anywhere";
        }
        String user = target.uid().isEmpty()
                ? target.cgroup()
                        .map(path -> "control group " + SafeText.clean(path))
                        .orElse("everybody")
                : talker.attribution()
                        .account()
                        .filter(account -> account.uid() == target.uid().getAsInt())
                        .map(BlockOffer::user)
                        .orElse("uid " + Integer.toUnsignedLong(target.uid().getAsInt()));
        if (target.remote().isEmpty()) {
            return user + " to anywhere";
        }
        String port = target.port().isPresent()
                ? " " + target.protocolWord() + " port " + target.port().getAsInt()
                : ", every port";
        return user + " to " + target.remote().get() + port;
    }

    private static String user(Account account) {
        return SafeText.clean(account.user()) + " (uid " + Integer.toUnsignedLong(account.uid()) + ")";
    }

    static Optional<String> caution(Aim aim) {
        if (aim.target().process().isPresent()) {
            return Optional.of("what it starts again, and whoever else sends, goes on");
        }
        if (aim.target().cgroup().isPresent() && aim.target().remote().isEmpty()) {
            return Optional.of("stops the honest traffic of that service too");
        }
        if (aim.target().remote().isEmpty()) {
            return Optional.of("stops the honest traffic of that user too: look-ups, web requests, mail");
        }
        if (aim.talker().verdict() == Verdict.CLEAN) {
            return Optional.of("this talker is within the limits");
        }
        return aim.talker().remoteCount() > 1
                ? Optional.of(
                        "it sends to " + Numbers.count(aim.talker().remoteCount()) + " destinations, this stops one")
                : Optional.empty();
    }
}
