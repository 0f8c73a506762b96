package org.outguard.app.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.host.Confining;
import org.outguard.app.host.StandardStreams;
import org.outguard.app.option.CommonOptions;
import org.outguard.app.option.DurationConverter;
import org.outguard.app.output.JsonOutput;
import org.outguard.app.run.HeadlessRun;
import org.outguard.app.run.Watcher;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.headless.ExitStatus;
import org.outguard.headless.TableReport;
import org.outguard.headless.WatchLog;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outguard once}: one look. */
@Command(
        name = "once",
        description = "observe for a moment and print one table; exit status 3 if anything is offending")
public final class OnceCommand implements Callable<Integer> {

    private static final int COLUMNS = 80;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(names = "--for", paramLabel = "TIME", converter = DurationConverter.class, description = "for how long; 3s")
    Duration length = Duration.ofSeconds(3);

    @Option(
            names = "--json",
            arity = "0..1",
            fallbackValue = "-",
            paramLabel = "FILE|-",
            description = "NDJSON instead of the table")
    @Nullable
    String json;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        SessionFactory session = SessionFactory.open(common, SessionFactory.Role.LOOKS, err);
        if (session instanceof SessionFactory.Impossible impossible) {
            return impossible.status().code();
        }
        Watcher watcher = ((SessionFactory.Ready) session).watcher();
        ExitStatus status = new HeadlessRun(watcher, System::nanoTime, err)
                .withKernelEyeOnly(common.eye == CommonOptions.Eye.KERNEL)
                .withConfinement(() -> Confining.toWatching(Arrays.asList(
                        json == null || json.equals("-") ? null : Path.of(json),
                        common.log == null ? null : common.log.file())))
                .run(length, snapshot -> false);
        if (status != ExitStatus.DONE) {
            return status.code();
        }
        return look(watcher.stop(), json, common.color, err);
    }

    /** The same as {@link #report}, but nothing is said where nothing was counted: one look waits for no interface. */
    public static int look(Snapshot last, @Nullable String json, CommonOptions.Color color, PrintWriter err) {
        if (HeadlessRun.allAre(TrafficObservation.SourceState.WAITING, last)) {
            HeadlessRun.sayWhy(last, err);
            return ExitStatus.FAILED.code();
        }
        return report(last, json, color, err);
    }

    /** Prints the last snapshot and gives the exit status that goes with it. */
    static int report(Snapshot last, @Nullable String json, CommonOptions.Color color, PrintWriter err) {
        if (json == null) {
            boolean coloured = color.wanted(StandardStreams.isTerminal(StandardStreams.OUT));
            System.out.print(new TableReport(COLUMNS, coloured).print(last));
            System.out.flush();
        } else {
            try (Writer out = JsonOutput.open(json)) {
                new WatchLog(out, false).confinedBy(Confining.inForce().words()).finish(last);
            } catch (IOException e) {
                err.println("outguard: " + SafeText.clean(json + " cannot be written: " + e.getMessage()));
                return ExitStatus.FAILED.code();
            }
        }
        return status(last).code();
    }

    static ExitStatus status(Snapshot last) {
        boolean found = last.talkers().stream().anyMatch(t -> t.verdict() == Verdict.OFFENDING)
                || last.mail().submitters().stream().anyMatch(s -> s.verdict() == Verdict.OFFENDING);
        return found ? ExitStatus.FOUND : ExitStatus.DONE;
    }
}
