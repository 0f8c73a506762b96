package org.outguard.app.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.host.Confining;
import org.outguard.app.host.Feeds;
import org.outguard.app.host.Ids;
import org.outguard.app.host.LocalUsers;
import org.outguard.app.mail.MailReplay;
import org.outguard.app.option.ReplayOptions;
import org.outguard.app.output.JsonOutput;
import org.outguard.app.output.ReplayProgress;
import org.outguard.app.run.Inbox;
import org.outguard.app.run.ReplayLooks;
import org.outguard.capture.EvidenceRing;
import org.outguard.capture.file.CaptureFileReader;
import org.outguard.capture.file.CaptureResult;
import org.outguard.capture.file.TraceClock;
import org.outguard.config.PolicyResult;
import org.outguard.flow.IpAddress;
import org.outguard.guard.Guard;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Step;
import org.outguard.guard.port.Enforcer;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.headless.ExitStatus;
import org.outguard.headless.WatchLog;
import org.outguard.headless.evidence.EvidenceWriter;
import org.outguard.procfs.PasswdFile;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code outguard replay}: the same judgement from capture files; the time of the trace is the clock. */
@Command(name = "replay", description = "judge capture files: pcap, pcapng, gzip of either")
public final class ReplayCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final ReplayOptions common = new ReplayOptions();

    @Parameters(
            arity = "0..*",
            paramLabel = "CAPTURE",
            description = "files in the order of time; - for standard input")
    List<String> captures = new ArrayList<>();

    @Option(
            names = "--mail-log",
            paramLabel = "FILE",
            description =
                    "mail log of the same time, also one compressed by gzip, xz, zstd or bzip2, or by a container's log"
                            + " driver; repeatable, in any order; also without a capture")
    List<Path> mailLogs = new ArrayList<>();

    @Option(names = "--explain-log", description = "print what was made of each line of the mail logs, before all else")
    boolean explainLog;

    @Option(
            names = "--local",
            paramLabel = "ADDR",
            converter = AddressWord.class,
            description = "an address of the machine, for captures that do not say which packets were sent; repeatable")
    Set<IpAddress> local = new LinkedHashSet<>();

    @Option(names = "--json", paramLabel = "FILE|-", description = "NDJSON as the trace goes on, instead of a table")
    @Nullable
    String json;

    @Option(names = "--all", description = "with --json: list clean talkers at the end, too")
    boolean all;

    @Option(names = "--enforce", description = "with --dry-run: say what the rules of the policy would have done")
    boolean enforce;

    @Option(names = "--dry-run", description = "see --enforce")
    boolean dryRun;

    @Option(names = "--evidence", paramLabel = "DIR", description = "keep the first packets of each offender there")
    @Nullable
    Path evidence;

    /** Reads an address. */
    static final class AddressWord implements ITypeConverter<IpAddress> {
        @Override
        public IpAddress convert(String text) {
            return IpAddress.parse(text).orElseThrow(() -> new TypeConversionException("'" + text + "' is no address"));
        }
    }

    /** A replay acts on nothing. */
    private static final class NoEnforcer implements Enforcer {
        @Override
        public Action.Plan plan(Step step) {
            return new Action.Plan("", "");
        }

        @Override
        public void carryOut(Action action) {
            throw new IllegalStateException("a replay acts on nothing");
        }
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        if (enforce != dryRun) {
            throw new ParameterException(
                    spec.commandLine(), "a replay acts on nothing: --enforce and --dry-run go together");
        }
        if (captures.isEmpty() && mailLogs.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "nothing to replay: name a CAPTURE, or a --mail-log FILE");
        }
        Optional<PolicyResult.Read> policy = SessionFactory.policy(common.config, err);
        if (policy.isEmpty()) {
            return ExitStatus.FAILED.code();
        }
        if (enforce && policy.get().rules().isEmpty()) {
            err.println("outguard: " + SessionFactory.NO_RULES);
            return ExitStatus.FAILED.code();
        }
        SecureRandom random = new SecureRandom();
        Guard guard = new Guard(
                policy.get().policy(),
                flows -> {},
                new NoEnforcer(),
                new Ids("o", random),
                new Ids("a", random),
                Snapshot.Eye.REPLAY,
                Instant.EPOCH);
        Inbox feeds = new Inbox();
        feeds.deliverTo(guard);
        new Feeds(policy.get().feeds().files()).look().forEach(feeds);
        if (enforce) {
            guard.respondBy(policy.get().rules(), true);
        }
        if (json == null) {
            confine();
            boolean whole = read(guard, null, err);
            if (!whole && nothingRead(guard.snapshot())) {
                return ExitStatus.FAILED.code();
            }
            int status = OnceCommand.report(guard.lookBack(), null, common.color, err);
            rehearsal(guard.snapshot());
            return whole ? status : ExitStatus.FAILED.code();
        }
        try (Writer out = JsonOutput.open(json)) {
            confine();
            WatchLog log = new WatchLog(out, all).confinedBy(Confining.inForce().words());
            boolean whole = read(guard, log, err);
            log.finish(guard.lookBack());
            return whole ? OnceCommand.status(guard.snapshot()).code() : ExitStatus.FAILED.code();
        } catch (IOException e) {
            err.println("outguard: " + SafeText.clean(json + " cannot be written: " + e.getMessage()));
            return ExitStatus.FAILED.code();
        }
    }

    /* What it writes to is open by now, but for packets of offenders. Compressed logs are read by programs. */
    private void confine() {
        Optional<IOException> noFolder = Optional.empty();
        if (evidence != null) {
            try {
                Files.createDirectories(evidence);
            } catch (IOException e) {
                noFolder = Optional.of(e);
            }
        }
        Confining.toReading(noFolder.isEmpty() ? evidence : null, !mailLogs.isEmpty());
    }

    /* What was wrong was said, and of nothing there is nothing to say. */
    private static boolean nothingRead(Snapshot snapshot) {
        return snapshot.totals().packets() == 0 && snapshot.mail().submitters().isEmpty();
    }

    /* A table does not list notices; what the rules would have done is what was asked for. */
    private void rehearsal(Snapshot snapshot) {
        PrintWriter out = spec.commandLine().getOut();
        snapshot.notices().stream()
                .filter(notice -> notice.text().startsWith("rule "))
                .forEach(notice -> out.println(notice.at() + "  " + SafeText.clean(notice.text())));
        out.flush();
    }

    /* Beside NDJSON on standard output, where no other line may stand, it goes where errors go. */
    private PrintWriter explained() {
        return "-".equals(json)
                ? spec.commandLine().getErr()
                : spec.commandLine().getOut();
    }

    /* Goes on with the next file after a damaged one; says whether all were whole. */
    private boolean read(Guard guard, @Nullable WatchLog log, PrintWriter err) {
        Inbox inbox = new Inbox();
        inbox.deliverTo(guard);
        EvidenceRing ring = evidence == null ? EvidenceRing.none() : new EvidenceRing();
        EvidenceWriter keeper = evidence == null ? null : new EvidenceWriter(evidence, ring);
        LocalUsers users = new LocalUsers(new PasswdFile(Path.of("/etc/passwd")));
        MailReplay mail = new MailReplay(mailLogs, users, inbox, err, explainLog ? explained() : null);
        ReplayProgress progress = ReplayProgress.ofThisProgram();
        ReplayLooks looks = new ReplayLooks(guard, log != null || keeper != null, snapshot -> {
            if (log != null) {
                log.accept(snapshot);
            }
            if (keeper != null) {
                keeper.accept(snapshot);
            }
        });
        CaptureFileReader reader = new CaptureFileReader(local, ring, inbox, new TraceClock() {
            @Override
            public void reached(Instant now) {
                mail.until(now);
                looks.reached(now);
                progress.reached(now);
            }

            @Override
            public long wakeNanos() {
                return mail.ended() ? guard.wakeNanos() : Long.MIN_VALUE;
            }
        });
        boolean whole = true;
        for (String capture : captures) {
            progress.begin(capture, reader::bytesRead);
            CaptureResult result = reader.read(capture, System.in);
            progress.end();
            if (result instanceof CaptureResult.Failed failed) {
                whole = false;
                err.println("outguard: " + SafeText.clean(failed.message()));
            } else if (result instanceof CaptureResult.Ended ended) {
                ended.notes().forEach(note -> err.println("outguard: " + SafeText.clean(note)));
            }
        }
        mail.finish(looks::reached);
        mail.close();
        return whole && mail.whole();
    }
}
