package org.outguard.nft;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.port.StepRunner;

/**
 * Makes and takes out blocks, limits and the lockdown, and reads what the kernel has of them. Calls start nft, mostly
 * once, and wait for it, so this is for a thread that may wait; only {@link #plan} never does. Safe from any thread;
 * nft's transactions keep calls apart.
 *
 * <p>It acts in the network namespace of the calling thread, which the program inherits.
 */
public final class NftEnforcer implements StepRunner<NetworkStep> {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final String NO_EGRESS = "packets of AF_PACKET sockets pass, since egress could not be hooked: ";

    private final CommandRunner runner;
    private final List<String> nft;
    private final Clock clock;
    private final Hooks hooks;

    /** Whether our tables were set up since the start, and so have today's names. */
    private volatile boolean today;

    /** Whether this kernel and this nft take the protocol beside a network from the IP header alone. */
    private volatile boolean byHeader;

    /**
     * Starts nothing yet.
     *
     * @param runner starts nft
     * @param nft the words before nft's own arguments: {@code nft}, or {@code ip netns exec lab nft}
     * @param clock stamps outcomes and lists
     * @param hooks what the rules hang on
     */
    public NftEnforcer(CommandRunner runner, List<String> nft, Clock clock, Hooks hooks) {
        this.runner = runner;
        this.nft = List.copyOf(nft);
        this.clock = clock;
        this.hooks = hooks;
    }

    /* Which tables an earlier version made, whose limits stand in a chain of another name. Asked until they are ours. */
    private Set<String> former() {
        if (today
                || !(runner.run(command(List.of("-j", "list chains")), "", LIMIT)
                        instanceof CommandResult.Finished chains)) {
            return Set.of();
        }
        return chains.exitStatus() == 0 ? Listing.tablesWith(Ruleset.FORMER_LIMITS, chains.stdout()) : Set.of();
    }

    /**
     * The command that does the same as {@link #run} will, and the one that undoes it, in nft's own language. Pure:
     * starts nothing and needs no privilege.
     *
     * <p>What is run is one transaction with whatever of our tables is missing ({@link #tableScript}). For a target that
     * is blocked already the line does a little less than {@link #run}: nft's add keeps the counter, and on older kernels
     * the old time too. A block that is undone can be made again, but for how long it stood is not known here, so
     * that undo has the time of a block that was asked for without one.
     */
    @Override
    public Action.Plan plan(NetworkStep step) {
        if (step instanceof NetworkStep.Timed timed) {
            Elements elements = elements(timed.target(), timed.rate());
            return new Action.Plan(line(elements.add(time(timed))), line(elements.delete()));
        }
        if (step instanceof NetworkStep.OnTarget ended) {
            Elements elements = elements(ended.target(), ended.limits() ? OptionalLong.of(1) : OptionalLong.empty());
            String again = NftTime.words(Ruleset.DEFAULT_SECONDS);
            // How much a limit let pass is not known here either, and none is what a block lets pass.
            Elements undo = elements(ended.target(), OptionalLong.empty());
            return new Action.Plan(line(elements.delete()), line(undo.add(again)));
        }
        if (step instanceof LockdownStep.Lockdown lockdown) {
            return new Action.Plan(line(Lockdown.begin(lockdown)), line(List.of(Lockdown.off())));
        }
        return new Action.Plan(
                line(List.of(Lockdown.off())), line(List.of(Lockdown.on(Optional.of(Duration.ofMinutes(1))))));
    }

    private static String time(NetworkStep.Timed step) {
        return NftTime.words(NftTime.seconds(step.duration()));
    }

    private Elements elements(BlockTarget target, OptionalLong rate) {
        boolean egress = Ruleset.standsInEgress(target) && !hooks.usable().isEmpty();
        return new Elements(target, rate, hooks.cgroups(), egress);
    }

    /* nft takes several commands as one argument, and then as one transaction. */
    private String line(List<String> commands) {
        String first = commands.get(0);
        int brace = first.indexOf(" {");
        List<String> words = new ArrayList<>();
        if (commands.size() > 1) {
            words.add(String.join("; ", commands));
        } else if (brace < 0) {
            words.addAll(List.of(first.split(" ")));
        } else {
            words.addAll(List.of(first.substring(0, brace).split(" ")));
            words.add(first.substring(brace + 1));
        }
        return CommandRunner.describe(command(words));
    }

    /** Our tables without elements, as input for {@code nft -f}: what a plan's command needs to be there. */
    public String tableScript(NetworkStep step) {
        if (step instanceof NetworkStep.OnTarget one) {
            Elements elements = elements(one.target(), one.limits() ? OptionalLong.of(1) : OptionalLong.empty());
            return Ruleset.setUp(elements.group(), devices(elements), Set.of(), byHeader);
        }
        return Ruleset.hooksOnly(Set.of());
    }

    private List<String> devices(Elements elements) {
        return elements.egress() ? hooks.usable() : List.of();
    }

    /* Makes what is missing of our tables and adds the element: in the way that the kernel takes. */
    private CommandResult add(Elements elements, Set<String> former, String time) {
        List<String> commands = elements.renew(time);
        List<String> devices = devices(elements);
        CommandResult result = feed(Ruleset.setUp(elements.group(), devices, former, byHeader), commands);
        if (byHeader || !NftProblem.notSupported(result)) {
            return result;
        }
        CommandResult again = feed(Ruleset.setUp(elements.group(), devices, former, true), commands);
        byHeader = NftProblem.of(again, LIMIT).isEmpty();
        return byHeader ? again : result;
    }

    private String limit(Elements elements) {
        return byHeader && BlockSet.of(elements.target()).missesExtensions()
                ? "packets with IPv6 extension headers pass it with this kernel and this nft"
                : "";
    }

    /**
     * Carries an action out. The action is to be journaled before.
     *
     * <p>Blocking what is blocked starts its time and its counters anew. Taking out a block that is not there any more
     * is done, with a word about it.
     */
    @Override
    public Outcome run(Action action, NetworkStep step) {
        if (step instanceof NetworkStep.Timed timed) {
            return block(action, timed);
        }
        if (step instanceof NetworkStep.OnTarget ended) {
            return unblock(action, ended);
        }
        if (step instanceof LockdownStep.Lockdown lockdown) {
            Set<String> former = former();
            return outcome(action, problem(Ruleset.hooksOnly(former), Lockdown.begin(lockdown)));
        }
        CommandResult result = feed("", Lockdown.end());
        return NftProblem.absent(result) ? expired(action) : outcome(action, NftProblem.of(result, LIMIT));
    }

    private Outcome block(Action action, NetworkStep.Timed step) {
        Elements elements = elements(step.target(), step.rate());
        String time = time(step);
        Set<String> former = former();
        CommandResult result = add(elements, former, time);
        Optional<String> problem = NftProblem.of(result, LIMIT);
        if (problem.isEmpty()) {
            // Without egress the other table is still what it was.
            today |= elements.egress() || hooks.usable().isEmpty();
            Optional<String> unreadable = unreadable(elements);
            return unreadable.isPresent()
                    ? outcome(action, unreadable)
                    : new Outcome(action.id(), clock.instant(), Outcome.Result.DONE, limit(elements));
        }
        if (!elements.egress() || !NftProblem.mayBeEgress(result)) {
            return outcome(action, problem);
        }
        // A kernel before 5.16, or a device that has just gone. The other hooks stop all but AF_PACKET.
        Optional<String> still = NftProblem.of(add(elements.withoutEgress(), former, time), LIMIT);
        if (still.isEmpty()) {
            still = unreadable(elements.withoutEgress());
            problem = still.isPresent() ? still : problem;
        }
        return still.isPresent()
                ? outcome(action, problem)
                : new Outcome(action.id(), clock.instant(), Outcome.Result.DONE, NO_EGRESS + problem.get());
    }

    /*
     * nft 0.9.8 crashes where it lists a network beside a user, protocol or port, also to delete it, and then no block is
     * seen any more. So none is left there: the whole set is emptied, which holds nothing else with such an nft. Why the
     * block was undone; empty where it can be read.
     */
    private Optional<String> unreadable(Elements elements) {
        BlockSet shape = BlockSet.of(elements.target());
        if (!shape.destination().network()
                || shape.key().size() == 1
                || !NftProblem.crashed(runner.run(command(List.of("-j", "list table " + Ruleset.INET)), "", LIMIT))) {
            return Optional.empty();
        }
        String stays = problem("", elements.flush())
                .map(why -> ". The block stands, and could not be undone: " + why)
                .orElse("");
        return Optional.of("this nft cannot list a network beside a user, protocol or port (nft 1.0 can); block single"
                + " addresses, or the network for everybody" + stays);
    }

    private Outcome unblock(Action action, NetworkStep.OnTarget step) {
        boolean everySender = Ruleset.standsInEgress(step.target());
        OptionalLong rate = step.limits() ? OptionalLong.of(1) : OptionalLong.empty();
        Elements all = new Elements(step.target(), rate, hooks.cgroups(), everySender);
        CommandResult result = feed("", all.delete());
        if (NftProblem.absent(result) && everySender) {
            // One of the two tables may have it: somebody flushed the other, or egress could not be hooked.
            CommandResult inEgress = feed("", all.deleteInEgress());
            result = feed("", all.withoutEgress().delete());
            if (NftProblem.absent(result)) {
                result = inEgress;
            }
        }
        return NftProblem.absent(result) ? expired(action) : outcome(action, NftProblem.of(result, LIMIT));
    }

    private Outcome expired(Action action) {
        return new Outcome(action.id(), clock.instant(), Outcome.Result.DONE, "it had already expired");
    }

    private Outcome outcome(Action action, Optional<String> problem) {
        Outcome.Result result = problem.isPresent() ? Outcome.Result.FAILED : Outcome.Result.DONE;
        return new Outcome(action.id(), clock.instant(), result, problem.orElse(""));
    }

    /** The blocks that stand, with their counters, and the lockdown. */
    public Listing list() {
        List<String> tables = new ArrayList<>();
        Instant at = clock.instant();
        for (String table : List.of(Ruleset.INET, Ruleset.NETDEV)) {
            CommandResult result = runner.run(command(List.of("-j", "list table " + table)), "", LIMIT);
            if (NftProblem.absent(result)) {
                continue;
            }
            Optional<String> problem = NftProblem.of(result, LIMIT);
            if (problem.isPresent() || !(result instanceof CommandResult.Finished finished)) {
                return new Listing.Failed(problem.orElse("nft did not run"));
            }
            tables.add(finished.stdout());
            if (!mayStandInEgress(Listing.read(tables, at))) {
                break;
            }
        }
        return Listing.read(tables, at);
    }

    /* What stands in egress stands in the other hooks too, unless somebody took it out there. */
    private static boolean mayStandInEgress(Listing listing) {
        return listing instanceof Listing.Seen seen
                && seen.blocks().blocks().stream().anyMatch(block -> Ruleset.standsInEgress(block.target()));
    }

    @Override
    public Optional<Extent> happened(NetworkStep step) {
        // Each is one transaction, so there is no part of it.
        return isInForce(step).map(Extent::of);
    }

    private Optional<Boolean> isInForce(NetworkStep step) {
        if (!(list() instanceof Listing.Seen seen)) {
            return Optional.empty();
        }
        if (step instanceof NetworkStep.OnTarget one) {
            boolean stands = seen.blocks().blocks().stream()
                    .anyMatch(block ->
                            block.target().equals(one.target()) && block.rate().isPresent() == one.limits());
            return Optional.of(stands == one instanceof NetworkStep.Timed);
        }
        boolean on = seen.blocks().lockdown().isPresent();
        if (step instanceof LockdownStep.Lockdown lockdown) {
            boolean confirmed = on && seen.blocks().lockdown().get().expires().isEmpty();
            return Optional.of(lockdown.confirmWithin().isEmpty() ? confirmed : on);
        }
        return Optional.of(!on);
    }

    /** Deletes our tables with every block in them; empty where that is done or there were none, else the reason. */
    public Optional<String> removeTables() {
        CommandResult both = feed(Ruleset.remove(), List.of());
        return NftProblem.mayBeEgress(both)
                ? NftProblem.of(feed(Ruleset.removeInet(), List.of()), LIMIT)
                : NftProblem.of(both, LIMIT);
    }

    private Optional<String> problem(String setUp, List<String> commands) {
        return NftProblem.of(feed(setUp, commands), LIMIT);
    }

    private CommandResult feed(String setUp, List<String> commands) {
        StringBuilder script = new StringBuilder(setUp);
        commands.forEach(command -> script.append(command).append('\n'));
        CommandResult result = runner.run(command(NftScript.FROM_STANDARD_INPUT), script.toString(), LIMIT);
        return NftProblem.withRefusedLine(result, script.toString());
    }

    private List<String> command(List<String> arguments) {
        List<String> argv = new ArrayList<>(nft);
        argv.addAll(arguments);
        return argv;
    }
}
