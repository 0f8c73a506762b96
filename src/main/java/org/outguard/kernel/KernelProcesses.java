package org.outguard.kernel;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.outguard.kernel.KernelEye.Facts;
import org.outguard.kernel.KernelEye.Sender;
import org.outguard.kernel.KernelRecords.Born;
import org.outguard.kernel.KernelRecords.Lineage;
import org.outguard.kernel.KernelRecords.Told;
import org.outguard.owner.Owner;

/**
 * What is known of processes, the latest of those that have ended among them. /proc knows more of a process that runs,
 * the kernel's word is all there is of one that does not. For one thread at a time.
 */
final class KernelProcesses {

    private static final int MAX_TOLD = 8_192;
    private static final int MAX_OWNERS = 4_096;
    private static final int MAX_PARENTS = 32;

    /* A process may give itself another name or user at any time. */
    private static final long KEEP_DRAINS = 20;

    /* A flooder that forks for each packet must not make us read /proc for each of them. */
    private static final int READS_PER_DRAIN = 32;

    private final KernelRecords records;
    private final ProcessReader alive;
    private final UnaryOperator<Owner> completion;
    private final Map<Born, Told> told = bounded(MAX_TOLD);
    private final Map<Sender, Known> owners = bounded(MAX_OWNERS);
    private long drains;
    private int reads;

    private record Known(Owner owner, long drain) {}

    KernelProcesses(KernelRecords records, ProcessReader alive, UnaryOperator<Owner> completion) {
        this.records = records;
        this.alive = alive;
        this.completion = completion;
    }

    /* The one that was asked for least recently goes first. */
    static <K, V> Map<K, V> bounded(int most) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /** Takes what was told since the last drain. */
    void learn() {
        drains++;
        reads = 0;
        records.told().forEach(process -> told.merge(process.self(), process, Told::later));
    }

    Optional<Facts> facts(Sender sender) {
        Born self = new Born(sender.tgid(), sender.startNanos());
        Told own = told.get(self);
        Optional<Lineage> lineage = records.lineage(self);
        if (own != null) {
            return Optional.of(withParents(own, lineage.orElse(own.lineage()), self, sender.uid()));
        }
        return lineage.map(from -> {
            Told anchor = told.get(from.anchor());
            return anchor == null ? byLineage(from, self, sender.uid()) : withParents(anchor, from, self, sender.uid());
        });
    }

    /* One that was there before this eye, outside of the pid namespace whose processes were read then. */
    private Facts byLineage(Lineage from, Born self, int uid) {
        return new Facts(
                records.id(self),
                from.command(),
                "",
                from.exeDeleted(),
                0,
                0,
                "",
                List.of(),
                uid,
                OptionalInt.empty(),
                from.cgroupId(),
                "",
                from.netns(),
                parents(from.parent()),
                records.id(from.anchor()));
    }

    private Facts withParents(Told program, Lineage from, Born self, int uid) {
        Facts facts = program.facts();
        List<Owner.Ancestor> parents = parents(from.parent());
        return new Facts(
                records.id(self),
                from.command(),
                facts.exe(),
                from.exeDeleted(),
                facts.exeInode(),
                facts.exeDevice(),
                facts.cwd(),
                facts.commandLine(),
                uid,
                facts.loginUid(),
                from.cgroupId(),
                facts.cgroup(),
                from.netns(),
                parents.isEmpty() && program.self().equals(self) ? facts.parents() : parents,
                records.id(from.anchor()));
    }

    /* From one to the next, whether it lives or not, up to one whose ancestors were told with it. */
    private List<Owner.Ancestor> parents(Born nearest) {
        List<Owner.Ancestor> parents = new ArrayList<>();
        Set<Born> seen = new HashSet<>();
        Born next = nearest;
        while (next.pid() != 0 && parents.size() < MAX_PARENTS && seen.add(next)) {
            Lineage from = lineage(next);
            if (from == null) {
                break;
            }
            parents.add(new Owner.Ancestor(records.id(next), from.command()));
            next = from.parent();
        }
        return parents;
    }

    private @Nullable Lineage lineage(Born process) {
        Told known = told.get(process);
        return records.lineage(process).orElse(known == null ? null : known.lineage());
    }

    Optional<Owner> owner(Sender sender) {
        Known known = owners.get(sender);
        if (known != null && drains - known.drain() < KEEP_DRAINS) {
            return Optional.of(known.owner());
        }
        Optional<Owner> now = running(sender);
        // One that is about to end has no arguments any more, and soon no program either.
        Optional<Owner> owner = now.filter(alive -> !alive.commandLine().isEmpty())
                .or(() -> known == null ? facts(sender).map(this::asOwner) : Optional.of(known.owner()))
                .filter(found -> !found.exe().isEmpty() || now.isEmpty())
                .or(() -> now);
        owner.ifPresent(found -> owners.put(sender, new Known(found, drains)));
        return owner;
    }

    private Optional<Owner> running(Sender sender) {
        if (reads == READS_PER_DRAIN || !sender.id().isHere()) {
            return Optional.empty();
        }
        reads++;
        return alive.read(sender.id().pid())
                .filter(owner -> owner.id().equals(sender.id()) && !isZombie(owner))
                .map(owner -> owner.uid() == sender.uid() ? owner : completion.apply(as(owner, sender.uid())));
    }

    /* It has ended and waits for its parent: /proc still has its name and number, and nothing else. */
    private static boolean isZombie(Owner owner) {
        return owner.exe().isEmpty() && owner.netns() == 0;
    }

    private static Owner as(Owner owner, int uid) {
        return new Owner(
                owner.id(),
                owner.program(),
                new Owner.Credentials(uid, "", owner.loginUid()),
                owner.placement(),
                owner.parents());
    }

    private Owner asOwner(Facts facts) {
        return completion.apply(new Owner(
                facts.id(),
                new Owner.Program(
                        facts.command(),
                        facts.exe(),
                        facts.exeDeleted(),
                        Optional.empty(),
                        facts.cwd(),
                        facts.commandLine(),
                        ""),
                new Owner.Credentials(facts.uid(), "", facts.loginUid()),
                new Owner.Placement(facts.cgroup(), "", "", facts.netns()),
                facts.parents()));
    }
}
