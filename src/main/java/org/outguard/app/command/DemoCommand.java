package org.outguard.app.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.demo.DemoFolder;
import org.outguard.app.demo.DemoRun;
import org.outguard.app.demo.Lab;
import org.outguard.app.demo.LabMail;
import org.outguard.app.demo.LabResult;
import org.outguard.app.demo.SenderReport;
import org.outguard.app.host.ShutdownSignal;
import org.outguard.app.mail.MailEnvironment;
import org.outguard.app.option.CommonOptions;
import org.outguard.app.option.DurationConverter;
import org.outguard.app.option.ScreenOptions;
import org.outguard.app.output.JsonOutput;
import org.outguard.app.run.HeadlessRun;
import org.outguard.app.run.Watcher;
import org.outguard.app.screen.TuiRunner;
import org.outguard.app.wiring.Wiring;
import org.outguard.guard.Guard;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.headless.ExitStatus;
import org.outguard.headless.WatchLog;
import org.outguard.kernel.NetworkNamespace;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code outguard demo}: a lab of its own, watched. */
@Command(
        name = "demo",
        description = "build a lab in network namespaces (floods, spam and innocents), watch it, take it down")
public final class DemoCommand implements Callable<Integer> {

    private static final Duration HEADLESS_LENGTH = Duration.ofSeconds(20);

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Mixin
    final ScreenOptions screen = new ScreenOptions();

    @Option(names = "--headless", description = "without the screen: NDJSON, then what the senders say they sent")
    boolean headless;

    @Option(
            names = "--for",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "how long, 4s to 10m; 20s without the screen, else 10m")
    @Nullable
    Duration length;

    @Option(names = "--json", paramLabel = "FILE|-", description = "where the NDJSON of --headless goes; -")
    String json = "-";

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        if (length != null && (length.compareTo(DemoRun.SHORTEST) < 0 || length.compareTo(Lab.LONGEST) > 0)) {
            throw new ParameterException(spec.commandLine(), "--for must be 4s to 10m");
        }
        if (!common.interfaces.isEmpty() || common.netns != null || !common.mailLogs.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(), "the demo has an interface, a namespace and a mail log of its own");
        }
        Path sender = Path.of(System.getProperty("outguard.native", "/usr/lib/outguard"), "outguard-lab-sender");
        LabResult built =
                Lab.build(Wiring.runner(), sender, ProcessHandle.current().pid());
        if (built instanceof LabResult.NotBuilt not) {
            err.println("outguard: the lab cannot be built: " + SafeText.clean(not.reason()));
            return (not.lacksPrivilege() ? ExitStatus.LACKS_PRIVILEGE : ExitStatus.FAILED).code();
        }
        Lab lab = ((LabResult.Ready) built).lab();
        try (ShutdownSignal interruption = new ShutdownSignal();
                lab) {
            return run(lab, interruption, err).code();
        } catch (IOException e) {
            err.println("outguard: " + SafeText.clean(String.valueOf(e.getMessage())));
            return ExitStatus.FAILED.code();
        }
    }

    private ExitStatus run(Lab lab, ShutdownSignal shutdownSignal, PrintWriter err)
            throws IOException, InterruptedException {
        Optional<String> outside = NetworkNamespace.enter(lab.serverNamespace().toString());
        if (outside.isPresent()) {
            err.println("outguard: " + SafeText.clean(outside.get()));
            return ExitStatus.FAILED;
        }
        common.interfaces = List.of(lab.uplink());
        // Started beside: what is shown first does not wait for it.
        try (DemoFolder folder = DemoFolder.make(
                        DemoFolder.PARENT, ProcessHandle.current().pid());
                LabMail mail = startMail(lab, folder)) {
            MailEnvironment.OfTheDemo place = new MailEnvironment.OfTheDemo(Optional.ofNullable(mail));
            Wiring.moveTo(folder.journal(), place);
            place.problem().ifPresent(reason -> err.println("outguard: " + SafeText.clean(reason)));
            SessionFactory session = SessionFactory.open(common, Wiring.journal(null), SessionFactory.Role.ACTS, err);
            if (session instanceof SessionFactory.Impossible impossible) {
                return impossible.status();
            }
            SessionFactory.Ready ready = (SessionFactory.Ready) session;
            return headless ? watchHeadless(lab, ready.watcher(), shutdownSignal, err) : watchOnScreen(lab, ready, err);
        }
    }

    private static @Nullable LabMail startMail(Lab lab, DemoFolder folder) throws IOException {
        Optional<LabMail.Software> software = LabMail.Software.installed();
        return software.isEmpty()
                ? null
                : LabMail.start(lab, software.get(), folder.mail(), Wiring.daemons("lab mail"));
    }

    private ExitStatus watchOnScreen(Lab lab, SessionFactory.Ready ready, PrintWriter err) throws InterruptedException {
        Duration time = length == null ? Lab.LONGEST : length;
        Optional<String> problem = lab.startBystander(time).or(() -> lab.startFloods(time));
        if (problem.isPresent()) {
            err.println("outguard: " + SafeText.clean(problem.get()));
            return ExitStatus.FAILED;
        }
        int status = TuiRunner.run(complaints -> ready, common, screen, err);
        return status == ExitStatus.DONE.code() ? ExitStatus.DONE : ExitStatus.FAILED;
    }

    private ExitStatus watchHeadless(Lab lab, Watcher watcher, ShutdownSignal shutdownSignal, PrintWriter err)
            throws IOException, InterruptedException {
        Duration time = length == null ? HEADLESS_LENGTH : length;
        Script script = new Script(lab, time);
        try (Writer out = JsonOutput.open(json)) {
            ExitStatus status = new HeadlessRun(watcher, System::nanoTime, err)
                    .withKernelEyeOnly(common.eye == CommonOptions.Eye.KERNEL)
                    .withLog(new WatchLog(out, false))
                    .run(null, script, shutdownSignal);
            lab.stopFloods();
            lab.stopBystander();
            for (SenderReport report : lab.reports()) {
                out.append(report.toJson()).append('\n');
            }
            if (!script.problem.isEmpty()) {
                err.println("outguard: " + SafeText.clean(script.problem));
                return ExitStatus.FAILED;
            }
            return status;
        }
    }

    /** The play begins when the capture runs and the kernel eye is there, where that does not take too long. */
    private static final class Script implements HeadlessRun.Turn {

        private static final Duration EYE_WAIT = Duration.ofSeconds(10);

        private final Lab lab;
        private final Duration time;
        private @Nullable DemoRun play;
        private String problem = "";

        Script(Lab lab, Duration time) {
            this.lab = lab;
            this.time = time;
        }

        @Override
        public boolean isOver(Snapshot snapshot) {
            DemoRun going = play;
            if (going == null) {
                boolean runs = !snapshot.sources().isEmpty()
                        && snapshot.sources().stream()
                                .allMatch(s -> s.state() == TrafficObservation.SourceState.RUNNING);
                boolean opening = snapshot.eye() == Snapshot.Eye.OPENING
                        && snapshot.sequence() * Guard.TICK_NANOS < EYE_WAIT.toNanos();
                if (!runs || opening) {
                    return false;
                }
                going = new DemoRun(lab, System.nanoTime(), time);
                play = going;
            }
            problem = going.doWork(System.nanoTime()).orElse(problem);
            return going.isOver() || !problem.isEmpty();
        }
    }
}
