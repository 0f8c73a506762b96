package org.outguard.app.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.outguard.app.actor.ActorClient;
import org.outguard.app.host.Confining;
import org.outguard.app.host.Privileges;
import org.outguard.app.host.ShutdownSignal;
import org.outguard.app.option.CommonOptions;
import org.outguard.app.option.DurationConverter;
import org.outguard.app.option.MetricsAddress;
import org.outguard.app.output.JsonOutput;
import org.outguard.app.output.MetricsOutput;
import org.outguard.app.run.HeadlessRun;
import org.outguard.app.run.Telling;
import org.outguard.app.run.Watcher;
import org.outguard.app.wiring.Wiring;
import org.outguard.headless.ExitStatus;
import org.outguard.headless.Metrics;
import org.outguard.headless.MetricsFile;
import org.outguard.headless.WatchLog;
import org.outguard.headless.evidence.EvidenceWriter;
import org.outguard.kernel.Confinement.Confined;
import org.outguard.notify.Channel;
import org.outguard.notify.Notifier;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code outguard watch}: observes without a screen. */
@Command(name = "watch", description = "observe without a screen and log offenders as NDJSON")
public final class WatchCommand implements Callable<Integer> {

    /* A scraper or two; one that holds on to its connection must not keep out the other. */
    private static final int METRICS_THREADS = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "for how long: 30s, 10m, 1h; until told to end if not given")
    @Nullable
    Duration length;

    @Option(
            names = "--json",
            paramLabel = "FILE|-",
            description =
                    "where the NDJSON goes; standard output if not given. A file is appended to; at 64 MB it becomes"
                            + " FILE.1, and four of those are kept")
    String json = "-";

    @Option(
            names = "--evidence",
            paramLabel = "DIR",
            description = "keep the first packets of each offender there, as pcapng")
    @Nullable
    Path evidence;

    @Option(
            names = "--metrics",
            paramLabel = "ADDR:PORT",
            converter = MetricsAddress.Word.class,
            description = "serve metrics for Prometheus at /metrics; a PORT alone listens on this machine only")
    @Nullable
    MetricsAddress metrics;

    @Option(
            names = "--metrics-file",
            paramLabel = "FILE",
            description =
                    "write the same metrics every 15 s to FILE, for the textfile collector of node_exporter, which reads"
                            + " names that end in .prom; removed at the end")
    @Nullable
    Path metricsFile;

    @Option(names = "--enforce", description = "do what the rules of the policy say")
    boolean enforce;

    @Option(
            names = "--actor",
            paramLabel = "PATH",
            description = "with --enforce: have it done by the 'outguard actor' that listens there; if not given,"
                    + " /run/outguard/actor.sock where this process has no right to act itself")
    @Nullable
    Path actor;

    @Option(names = "--dry-run", description = "with --enforce: only say what they would do")
    boolean dryRun;

    private SessionFactory.Role role() {
        if (!enforce) {
            return SessionFactory.Role.LOOKS;
        }
        return dryRun ? SessionFactory.Role.REHEARSES : SessionFactory.Role.ENFORCES;
    }

    /* Null where this process acts itself, or nobody does. */
    private @Nullable Path actorSocket() {
        boolean acts = role() == SessionFactory.Role.ENFORCES;
        if (actor != null && (!acts || common.netns != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--actor goes with --enforce, and without --netns: the actor acts in the machine's own namespace");
        }
        boolean cannot =
                acts && common.netns == null && !Privileges.ofThisProcess().has(Privileges.Capability.CAP_KILL);
        return actor == null && cannot ? ActorClient.SOCKET : actor;
    }

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        if (metricsFile != null && !metricsFile.toString().endsWith(MetricsFile.SUFFIX)) {
            throw new ParameterException(
                    spec.commandLine(), "--metrics-file: the name must end in " + MetricsFile.SUFFIX);
        }
        Path socket = actorSocket();
        SessionFactory session = SessionFactory.open(common, role(), err);
        if (session instanceof SessionFactory.Impossible impossible) {
            return impossible.status().code();
        }
        SessionFactory.Ready ready = (SessionFactory.Ready) session;
        ready.record(common);
        Watcher watcher = ready.watcher();
        if (socket != null) {
            watcher.carryOutBy(new ActorClient(socket, Clock.systemUTC(), System::nanoTime));
        }
        // First, so that it is closed last: until then a signal waits for the last lines, alerts and the metrics' file.
        try (ShutdownSignal shutdownSignal = new ShutdownSignal();
                Metrics told = metrics == null ? null : tell(metrics, watcher);
                MetricsOutput written = metricsFile == null ? null : write(metricsFile, watcher, err);
                Notifier notifier = Telling.notifier(ready.policy().notified(), err)) {
            if (written != null && written.wasStale()) {
                watcher.close();
                return ExitStatus.FAILED.code();
            }
            notifier.start(Wiring.daemons("notify"));
            if (told != null) {
                err.println("outguard: metrics at port " + told.port());
            }
            boolean startsOthers =
                    ready.policy().notified().stream().anyMatch(target -> target.channel() instanceof Channel.Exec);
            int status = watch(watcher, notifier, written, startsOthers, shutdownSignal, err);
            return status == ExitStatus.DONE.code() && written != null && written.wasStale()
                    ? ExitStatus.FAILED.code()
                    : status;
        } catch (IOException e) {
            watcher.close();
            err.println("outguard: metrics cannot be served at " + metrics + ": "
                    + SafeText.clean(String.valueOf(e.getMessage())));
            return ExitStatus.FAILED.code();
        }
    }

    private static Metrics tell(MetricsAddress at, Watcher watcher) throws IOException {
        ExecutorService threads = Executors.newFixedThreadPool(METRICS_THREADS, Wiring.daemons("metrics"));
        return Metrics.open(
                at.address(),
                at.port(),
                threads,
                watcher.guardClient()::snapshot,
                watcher.tickTimes(),
                Clock.systemUTC());
    }

    private static MetricsOutput write(Path file, Watcher watcher, PrintWriter err) {
        return new MetricsOutput(
                new MetricsFile(file, watcher.guardClient()::snapshot, watcher.tickTimes(), Clock.systemUTC()), err);
    }

    /* Who carries rules out has to be able to, and so has a program of the policy's that tells somebody. */
    private Confined confine(boolean startsOthers) {
        return startsOthers || role() == SessionFactory.Role.ENFORCES && actorSocket() == null
                ? Confined.NOT
                : Confining.toWatching(Arrays.asList(
                        json.equals("-") ? null : Path.of(json),
                        evidence,
                        metricsFile,
                        common.log == null ? null : common.log.file()));
    }

    private int watch(
            Watcher watcher,
            Notifier notifier,
            @Nullable MetricsOutput written,
            boolean startsOthers,
            ShutdownSignal shutdownSignal,
            PrintWriter err)
            throws InterruptedException {
        try (Writer out = JsonOutput.bounded(json)) {
            EvidenceWriter keeper = evidence == null ? null : new EvidenceWriter(evidence, watcher.evidence());
            return new HeadlessRun(watcher, System::nanoTime, err)
                    .withKernelEyeOnly(common.eye == CommonOptions.Eye.KERNEL)
                    .withLog(new WatchLog(out, false, Clock.systemUTC()))
                    .withEvidence(keeper)
                    .withConfinement(() -> confine(startsOthers))
                    .withWord(json.equals("-") ? "" : json)
                    .run(
                            length,
                            snapshot -> {
                                notifier.accept(snapshot);
                                if (written != null) {
                                    written.turn();
                                }
                                return false;
                            },
                            shutdownSignal)
                    .code();
        } catch (IOException e) {
            if (!JsonOutput.isReaderGone(String.valueOf(e.getMessage()))) {
                err.println("outguard: " + SafeText.clean(json + " cannot be written: " + e.getMessage()));
            }
            return ExitStatus.FAILED.code();
        }
    }
}
