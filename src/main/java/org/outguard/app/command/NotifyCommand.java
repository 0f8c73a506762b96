package org.outguard.app.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.run.Telling;
import org.outguard.config.PolicyResult;
import org.outguard.headless.ExitStatus;
import org.outguard.notify.Notifier;
import org.outguard.notify.Target;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outguard notify}: who is told of what, and whether they are reached. */
@Command(
        name = "notify",
        description = "list the receivers of alerts in the policy, or send each a test",
        footer = "'watch' tells them. Exit status 1: a test was not taken by all.")
public final class NotifyCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Option(names = "--test", description = "send a test to each, and say who took it")
    boolean test;

    @Option(names = "--config", paramLabel = "FILE", description = "policy, instead of /etc/outguard/outguard.toml")
    @Nullable
    Path config;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Optional<PolicyResult.Read> policy = SessionFactory.policy(config, err);
        if (policy.isEmpty()) {
            return ExitStatus.FAILED.code();
        }
        if (policy.get().notified().isEmpty()) {
            err.println("outguard: the policy has no [[notify]]: no alert is sent");
            return ExitStatus.FAILED.code();
        }
        if (!test) {
            for (Target target : policy.get().notified()) {
                out.println(words(target) + ": " + target.verdict() + " of "
                        + (target.kinds().size() == 1
                                ? target.kinds().iterator().next().name()
                                : target.kinds().size() + " kinds")
                        + (target.ended() ? ", and its end" : ""));
            }
            return ExitStatus.DONE.code();
        }
        boolean all = true;
        try (Notifier notifier = Telling.notifier(policy.get().notified(), err)) {
            for (Notifier.Tested tested : notifier.test()) {
                out.println(words(tested.target()) + ": "
                        + tested.problem()
                                .map(reason -> "failed: " + SafeText.clean(reason))
                                .orElse("sent"));
                all &= tested.problem().isEmpty();
            }
        }
        out.flush();
        return (all ? ExitStatus.DONE : ExitStatus.FAILED).code();
    }

    private static String words(Target target) {
        return SafeText.clean(target.name() + " (" + target.channel().word() + ")");
    }
}
