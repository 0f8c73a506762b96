package org.outguard.app.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.outguard.app.host.StandardStreams;
import org.outguard.app.intruder.IntruderFindings;
import org.outguard.app.option.ActingOptions;
import org.outguard.app.option.DurationConverter;
import org.outguard.app.option.PlaceOptions;
import org.outguard.app.option.RecordOptions;
import org.outguard.app.output.Records;
import org.outguard.app.output.TraceQuestions;
import org.outguard.headless.ExitStatus;
import org.outguard.text.SafeText;
import org.outguard.trace.Question;
import org.outguard.trace.Trace;
import org.outguard.trace.TraceReport;
import org.outguard.trace.Tracer;
import org.outguard.trace.left.Scene;
import org.outguard.trace.web.AccessLogs;
import org.outguard.trace.web.WebServers;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outguard trace}: from an offender to the hole. */
@Command(
        name = "trace",
        description = "find the file behind an offender, who called it, what request wrote it, and what else was left;"
                + " changes nothing without --plan, and runs nothing that it finds",
        footer =
                "Exit status 3: there is something to clean up; with --plan 0 where all of it was done, 4 where not. Exit status 1: nothing of that name is known.")
public final class TraceCommand implements Callable<Integer> {

    private static final long MOST_LOG_BYTES = 16L << 30;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "OFFENDER|PID|QUEUE-ID|FILE",
            description = "an offender's id, a process, a message, or a file by a path with a slash")
    String what = "";

    @Option(names = "--json", description = "one object")
    boolean json;

    @Option(
            names = "--root",
            paramLabel = "DIR",
            description = "look at the files below this folder, such as a mounted disk")
    Path root = Path.of("/");

    @Option(
            names = "--limit",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "how long each tree of files, and all logs together, may take: 60s if not given")
    Duration limit = Duration.ofSeconds(60);

    @Option(
            names = "--plan",
            description = "carry the clean-up out: each step with its command, risk and undo, after it was confirmed")
    boolean plan;

    @Mixin
    final ActingOptions acting = new ActingOptions();

    @Mixin
    final RecordOptions recorded = new RecordOptions();

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        Path where = root.toAbsolutePath().normalize();
        if (plan && (json || !where.equals(Path.of("/")))) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--plan acts on this machine, and asks: not with " + (json ? "--json" : "--root"));
        }
        if (!plan && (acting.dryRun || acting.yes || acting.anyway)) {
            throw new ParameterException(spec.commandLine(), "without --plan nothing is changed");
        }
        Optional<Question> question;
        try (Records records = Records.open(recorded.given(), recorded.store())) {
            question = new TraceQuestions(where, records).of(what);
        }
        if (question.isEmpty()) {
            err.println("outguard: nothing is known of '" + SafeText.clean(what)
                    + "': it is no running process, no message in a queue, and no offender or message that was recorded;"
                    + " a file is named by a path with a slash");
            return ExitStatus.FAILED.code();
        }
        Scene scene = IntruderFindings.scene(where, limit);
        AccessLogs logs = new AccessLogs(scene.texts(), MOST_LOG_BYTES, limit, System::nanoTime, scene.stop());
        boolean tells = StandardStreams.isTerminal(StandardStreams.ERR);
        Trace trace = new Tracer(scene, WebServers.read(scene.texts()), logs, place -> {
                    if (tells) {
                        err.println("outguard: looking at " + SafeText.clean(place));
                        err.flush();
                    }
                })
                .trace(question.get());
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? TraceReport.json(trace, Clock.systemUTC().instant()) : TraceReport.text(trace));
        out.flush();
        if (plan && !trace.plan().isEmpty()) {
            return PlaceOptions.of(recorded.netns())
                    .acting(spec, acting)
                    .map(executor -> new CleanUp(executor::act, acting, System.out).carryOut(trace.plan()))
                    .orElse(ExitStatus.FAILED.code());
        }
        return (trace.plan().isEmpty() ? ExitStatus.DONE : ExitStatus.FOUND).code();
    }
}
