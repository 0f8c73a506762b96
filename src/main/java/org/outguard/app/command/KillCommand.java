package org.outguard.app.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.outguard.app.enforce.RespawnAdvice;
import org.outguard.app.option.ActingOptions;
import org.outguard.app.option.ProcessOptions;
import org.outguard.guard.action.KillTarget;
import org.outguard.guard.action.ProcessStep;
import org.outguard.headless.ExitStatus;
import org.outguard.owner.Owner;
import org.outguard.procfs.ProcessEnforcer;
import org.outguard.procfs.RespawnCause;
import org.outguard.procfs.RespawnWatch;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outguard kill}: keeps evidence of a process, ends it, and sees whether it comes back. */
@Command(
        name = "kill",
        description = "stop a process, keep evidence of it, end it, and see whether it comes back",
        footer = "Exit status 3: it was ended, and is back.")
public final class KillCommand implements Callable<Integer> {

    /** A program that is started by a loop or by its parent is back by then; cron is not. */
    private static final Duration WATCHED = Duration.ofMillis(2_500);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final ProcessOptions process = new ProcessOptions();

    @Mixin
    final ActingOptions acting = new ActingOptions();

    @Option(names = "--evidence", paramLabel = "DIR", description = "where evidence is kept, in a new folder there")
    @Nullable
    Path evidence;

    @Option(names = "--no-evidence", description = "keep none; without this, no evidence means no kill")
    boolean noEvidence;

    @Override
    public Integer call() throws InterruptedException {
        String folder = evidence == null
                ? ProcessStep.USUAL_EVIDENCE
                : evidence.toAbsolutePath().toString();
        String kept = noEvidence ? ProcessEnforcer.NO_EVIDENCE : folder;
        CliActionExecutor.Question question = new CliActionExecutor.Question(
                "this cannot be undone; type " + process.pid + " to do it: ",
                answer -> answer.equals(Integer.toString(process.pid)));
        int status = process.act(
                spec,
                acting,
                question,
                match -> List.of(new ProcessStep.Kill(KillTarget.of(match), process.scope(), kept)));
        boolean ended = status == ExitStatus.DONE.code() && !acting.dryRun;
        return ended
                        && process.executor().isPresent()
                        && isBack(process.executor().get().respawns())
                ? ExitStatus.FOUND.code()
                : status;
    }

    private boolean isBack(RespawnWatch respawns) throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Clock clock = Clock.systemUTC();
        long end = System.nanoTime() + WATCHED.toNanos();
        while (respawns.expects() && System.nanoTime() < end) {
            TimeUnit.MILLISECONDS.sleep(RespawnWatch.EVERY.toMillis());
            List<RespawnWatch.Back> back = respawns.look(clock.instant());
            if (!back.isEmpty()) {
                back.forEach(one -> tell(one, out));
                out.flush();
                return true;
            }
        }
        return false;
    }

    private static void tell(RespawnWatch.Back back, PrintWriter out) {
        Owner owner = back.owner();
        out.println(SafeText.clean("it is back: process " + owner.pid() + " " + owner.command() + ", started by "
                + back.cause().words()));
        out.println("  stop that next: " + SafeText.clean(next(back.cause(), owner)));
    }

    private static String next(RespawnCause.Cause cause, Owner owner) {
        return RespawnAdvice.command(cause, owner);
    }
}
