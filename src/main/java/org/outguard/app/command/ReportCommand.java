package org.outguard.app.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.host.Confining;
import org.outguard.app.option.DurationConverter;
import org.outguard.app.option.RecordOptions;
import org.outguard.app.output.ActionLogLines;
import org.outguard.app.output.Records;
import org.outguard.headless.ExitStatus;
import org.outguard.headless.History;
import org.outguard.headless.Incident;
import org.outguard.headless.IncidentReport;
import org.outguard.headless.PastOffender;
import org.outguard.headless.PastTrace;
import org.outguard.headless.XarfReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code outguard report}: an incident for those who must be told. */
@Command(name = "report", description = "write an incident report from the journal and from what was recorded")
public final class ReportCommand implements Callable<Integer> {

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");

    /** What is written. */
    enum Form {
        markdown,
        html,
        xarf
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Option(names = "--format", paramLabel = "markdown|html|xarf", description = "markdown if not given")
    Form form = Form.markdown;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "how far back: 24h if not given")
    Duration since = Duration.ofHours(24);

    @Option(names = "--output", paramLabel = "FILE", description = "a new file; standard output if not given")
    @Nullable
    Path output;

    @Option(names = "--source", paramLabel = "ADDR", description = "for xarf: this machine's address")
    String source = "";

    @Option(names = "--organisation", paramLabel = "NAME", description = "for xarf: who reports")
    String organisation = "";

    @Option(names = "--contact", paramLabel = "MAIL", description = "for xarf: their mail address")
    String contact = "";

    @Option(
            names = "--trace",
            paramLabel = "FILE",
            description =
                    "what 'outguard trace --json' wrote, repeatable: how it got in, what was found, and what of the"
                            + " clean-up is open are in the report")
    List<Path> traces = new ArrayList<>();

    @Mixin
    final RecordOptions recorded = new RecordOptions();

    @Override
    public Integer call() throws IOException {
        if (form == Form.xarf
                && (source.isEmpty() || organisation.isEmpty() || !contact.matches("[^@\\s]+@[^@\\s]+"))) {
            throw new ParameterException(spec.commandLine(), "xarf needs --source, --organisation and --contact");
        }
        Confining.toReading(output == null ? null : output.toAbsolutePath().getParent(), false);
        List<PastTrace> traced = new ArrayList<>();
        for (Path file : traces) {
            try {
                traced.add(PastTrace.read(Files.readString(file)));
            } catch (IOException e) {
                throw new ParameterException(spec.commandLine(), "--trace " + file + ": " + e.getMessage(), e);
            }
        }
        Instant now = Clock.systemUTC().instant();
        Instant from = now.minus(since);
        PrintWriter err = spec.commandLine().getErr();
        List<PastOffender> offenders;
        try (Records records = Records.open(recorded.given(), recorded.store())) {
            offenders = records.offenders(offender -> !offender.lastSeen().isBefore(from), now, message -> {});
            if (form == Form.html) {
                offenders = records.withRates(offenders, IncidentReport.MOST_GRAPHS);
            }
            if (records.nothing()) {
                err.println("outguard: there is no NDJSON in " + History.DEFAULT_FOLDER
                        + ", so only the journal is in the report");
            } else {
                records.warn(err);
            }
            if (records.more()) {
                err.println("outguard: only the first " + History.MAX_OFFENDERS + " offenders are in the report");
            }
        }
        List<Incident.Deed> deeds = ActionLogLines.deeds(recorded.journal()).stream()
                .filter(deed -> !deed.action().at().isBefore(from))
                .toList();
        Incident incident = new Incident(Files.readString(HOST_NAME).strip(), now, from, offenders, deeds, traced);
        write(
                switch (form) {
                    case markdown -> IncidentReport.markdown(incident);
                    case html -> IncidentReport.html(incident);
                    case xarf ->
                        XarfReport.write(
                                incident, new XarfReport.Reporter(source, organisation, contact), UUID::randomUUID);
                });
        return ExitStatus.DONE.code();
    }

    private void write(String text) throws IOException {
        if (output == null) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(text);
            out.flush();
        } else {
            Files.writeString(output, text, StandardCharsets.UTF_8, StandardOpenOption.CREATE_NEW);
        }
    }
}
