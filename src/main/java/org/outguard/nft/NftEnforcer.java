package org.outguard.nft;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.Action;
import org.outguard.guard.BlockTarget;
import org.outguard.guard.NetworkStep;
import org.outguard.guard.Outcome;
import org.outguard.guard.StepRunner;

/**
 * Makes and takes out blocks, and reads what the kernel has of them. Each call starts nft once or not at all and waits for it, so
 * this is for a thread that may wait; only {@link #plan} never does. Safe from any thread; nft's transactions keep
 * calls apart.
 *
 * <p>It acts in the network namespace of the calling thread, which the program inherits.
 */
public final class NftEnforcer implements StepRunner<NetworkStep> {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final CommandRunner runner;
    private final List<String> nft;
    private final Clock clock;

    /**
     * Starts nothing yet.
     *
     * @param runner starts nft
     * @param nft the words before nft's own arguments: {@code nft}, or {@code ip netns exec lab nft}
     * @param clock stamps outcomes and lists
     */
    public NftEnforcer(CommandRunner runner, List<String> nft, Clock clock) {
        this.runner = runner;
        this.nft = List.copyOf(nft);
        this.clock = clock;
    }

    /**
     * The command that does the same as {@link #run} will, and the one that takes it back, in nft's own language. Pure:
     * starts nothing and needs no privilege.
     *
     * <p>What is run is that element in JSON, in one transaction with whatever of our table is missing ({@link
     * #tableScript()}). For a target that is blocked already the line does a little less than {@link #run}: nft's add
     * keeps the counter, and on older kernels the old time too. A block that is taken back can be made again, but for
     * how long it stood is not known here, so that undo has the time of a block that was asked for without one.
     */
    @Override
    public Action.Plan plan(NetworkStep step) {
        BlockTarget target = step.target();
        if (step instanceof NetworkStep.Block block) {
            return new Action.Plan(adding(target, seconds(block.duration())), deleting(target));
        }
        return new Action.Plan(deleting(target), adding(target, Ruleset.DEFAULT_SECONDS));
    }

    private String adding(BlockTarget target, long seconds) {
        return line("add", target, " timeout " + words(seconds));
    }

    private String deleting(BlockTarget target) {
        return line("delete", target, "");
    }

    private String line(String verb, BlockTarget target, String time) {
        BlockSet set = BlockSet.of(target);
        List<String> arguments = List.of(
                verb, "element", Ruleset.FAMILY, Ruleset.TABLE, set.name(), "{ " + set.words(target) + time + " }");
        return CommandRunner.describe(command(arguments));
    }

    /** Our table, without blocks, as input for {@code nft -f -}: what a plan's command needs to be there. */
    public String tableScript() {
        return Ruleset.script();
    }

    /**
     * Carries an action out. The action is to be journaled before.
     *
     * <p>Blocking what is blocked starts its time and its counters anew. Taking out a block that is not there any more
     * is done, with a word about it.
     */
    @Override
    public Outcome run(Action action, NetworkStep step) {
        BlockTarget target = step.target();
        if (step instanceof NetworkStep.Block block) {
            Optional<String> problem = NftProblem.of(feed(Ruleset.block(target, seconds(block.duration()))), LIMIT);
            return outcome(action, problem);
        }
        CommandResult result = feed(Ruleset.unblock(target));
        if (NftProblem.absent(result)) {
            return new Outcome(action.id(), clock.instant(), Outcome.Result.DONE, "it had already expired");
        }
        return outcome(action, NftProblem.of(result, LIMIT));
    }

    private Outcome outcome(Action action, Optional<String> problem) {
        Outcome.Result result = problem.isPresent() ? Outcome.Result.FAILED : Outcome.Result.DONE;
        return new Outcome(action.id(), clock.instant(), result, problem.orElse(""));
    }

    /** The blocks that stand, with their counters. */
    public Listing list() {
        CommandResult result =
                runner.run(command(List.of("-j", "list", "table", Ruleset.FAMILY, Ruleset.TABLE)), "", LIMIT);
        if (NftProblem.absent(result)) {
            return Listing.read("{\"nftables\":[]}", clock.instant());
        }
        Optional<String> problem = NftProblem.of(result, LIMIT);
        if (problem.isPresent() || !(result instanceof CommandResult.Finished finished)) {
            return new Listing.Failed(problem.orElse("nft did not run"));
        }
        return Listing.read(finished.stdout(), clock.instant());
    }

    /** Deletes our table with every block in it; empty where that is done or there was none, else the reason. */
    public Optional<String> removeTable() {
        return NftProblem.of(feed(Ruleset.remove()), LIMIT);
    }

    private CommandResult feed(String document) {
        return runner.run(command(List.of("-j", "-f", "-")), document, LIMIT);
    }

    private List<String> command(List<String> arguments) {
        List<String> argv = new ArrayList<>(nft);
        argv.addAll(arguments);
        return argv;
    }

    /* In JSON a time has whole seconds; 0 would be no time at all. */
    private static long seconds(Duration length) {
        long wholeSeconds = length.plusNanos(999_999_999).toSeconds();
        if (wholeSeconds < 1) {
            throw new IllegalArgumentException("a block of " + length);
        }
        return wholeSeconds;
    }

    /* 1h30m: nft's own way to write a time. */
    private static String words(long seconds) {
        Duration time = Duration.ofSeconds(seconds);
        StringBuilder text = new StringBuilder();
        append(text, time.toDays(), "d");
        append(text, time.toHoursPart(), "h");
        append(text, time.toMinutesPart(), "m");
        append(text, time.toSecondsPart(), "s");
        return text.toString();
    }

    private static void append(StringBuilder text, long count, String unit) {
        if (count > 0) {
            text.append(count).append(unit);
        }
    }
}
