package org.outguard.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.headless.EvidenceWriter;
import org.outguard.headless.ExitStatus;
import org.outguard.headless.WatchLog;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outguard watch}: observes without a screen. */
@Command(name = "watch", description = "observe without a screen and log offenders as NDJSON")
final class WatchCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = LengthWord.class,
            description = "for how long: 30s, 10m, 1h; until told to end if not given")
    @Nullable
    Duration length;

    @Option(
            names = "--json",
            paramLabel = "FILE|-",
            description = "where the NDJSON goes, appended to a file; standard output if not given")
    String json = "-";

    @Option(
            names = "--evidence",
            paramLabel = "DIR",
            description = "keep the first packets of each offender there, as pcapng")
    @Nullable
    Path evidence;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        Session session = Session.open(common, false, err);
        if (session instanceof Session.Impossible impossible) {
            return impossible.status().code();
        }
        Watcher watcher = ((Session.Ready) session).watcher();
        try (Writer out = JsonOutput.open(json)) {
            EvidenceWriter keeper = evidence == null ? null : new EvidenceWriter(evidence, watcher.evidence());
            return new HeadlessRun(watcher, System::nanoTime, err)
                    .withKernelEyeOnly(common.eye == CommonOptions.Eye.KERNEL)
                    .withLog(new WatchLog(out, false))
                    .withEvidence(keeper)
                    .run(length, snapshot -> false)
                    .code();
        } catch (IOException e) {
            err.println("outguard: " + SafeText.clean(json + " cannot be written: " + e.getMessage()));
            return ExitStatus.FAILED.code();
        }
    }
}
