package org.outguard.app.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.counting.EyeFindings;
import org.outguard.app.counting.SelfTest;
import org.outguard.app.doctor.Doctor;
import org.outguard.app.doctor.SetupChecks;
import org.outguard.app.host.Privileges;
import org.outguard.app.host.StandardStreams;
import org.outguard.app.intruder.AcceptedFindings;
import org.outguard.app.intruder.IntruderFindings;
import org.outguard.app.option.BtfFile;
import org.outguard.app.option.DurationConverter;
import org.outguard.app.option.NamespaceConverter;
import org.outguard.app.option.PlaceOptions;
import org.outguard.app.wiring.Wiring;
import org.outguard.headless.ExitStatus;
import org.outguard.headless.Finding;
import org.outguard.headless.FindingReport;
import org.outguard.kernel.Confinement;
import org.outguard.text.Severity;
import org.outguard.trace.left.CheckInfo;
import org.outguard.trace.left.LeftChecks;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code outguard doctor}: what of the set-up lets abuse happen, hides it, or keeps it going. */
@Command(
        name = "doctor",
        description =
                "report what in this machine's set-up lets abuse happen, hides it, or keeps it going, and what an intruder"
                        + " has left; changes nothing",
        footer = "Exit status 3: there are findings.")
public final class DoctorCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Option(names = "--json", description = "one object a line")
    boolean json;

    @Option(
            names = "--netns",
            paramLabel = "NAME",
            converter = NamespaceConverter.class,
            description = "look at the rules of this network namespace")
    @Nullable
    String netns;

    @Option(
            names = "--root",
            paramLabel = "DIR",
            description = "look at the files below this folder, such as a mounted disk")
    Path root = Path.of("/");

    @Option(
            names = "--btf",
            paramLabel = "FILE",
            description = "types of the running kernel for eBPF (BTF), where /sys/kernel/btf/vmlinux is not there")
    @Nullable
    Path btf;

    @Option(
            names = "--only",
            paramLabel = "ID",
            split = ",",
            description = "these checks alone, repeatable; see --explain")
    Set<String> only = new LinkedHashSet<>();

    @Option(
            names = "--explain",
            paramLabel = "ID",
            arity = "0..1",
            fallbackValue = "all",
            description = "explain what a check examines and why, or list all checks; runs none")
    @Nullable
    String explain;

    @Option(
            names = "--accept",
            paramLabel = "ID[:SUBJECT]",
            description = "stop reporting what this check finds now; what it finds later is reported")
    @Nullable
    String accept;

    @Option(names = "--all", description = "report accepted findings too")
    boolean all;

    @Option(
            names = "--limit",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "how long each tree of files may take: 60s if not given")
    Duration limit = Duration.ofSeconds(60);

    private List<Finding> kernelEye() throws InterruptedException {
        Optional<List<Finding>> found = EyeFindings.look(
                () -> Wiring.kernelEye(btf),
                Wiring.daemons("kernel eye opens"),
                new SelfTest(SelfTest.PATIENCE, System::nanoTime, SelfTest::sendToNowhere),
                EyeFindings.PATIENCE);
        if (found.isEmpty()) {
            spec.commandLine()
                    .getErr()
                    .println("outguard: eBPF was still opening after " + EyeFindings.PATIENCE.toSeconds()
                            + " s; what it cannot see is not among the findings");
        }
        return found.orElse(List.of());
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        Optional<String> noBtf = Optional.ofNullable(btf).flatMap(BtfFile::problem);
        if (noBtf.isPresent()) {
            spec.commandLine().getErr().println("outguard: --btf " + noBtf.get());
            return ExitStatus.FAILED.code();
        }
        if (!PlaceOptions.entered(netns, spec.commandLine().getErr()::println)) {
            return ExitStatus.FAILED.code();
        }
        if (explain != null) {
            return explain(explain);
        }
        unknown(accept == null ? only : Set.of(accept.split(":", 2)[0]));
        if (accept != null && only.isEmpty()) {
            only.add(accept.split(":", 2)[0]);
        }
        List<Finding> findings = new ArrayList<>(setup());
        findings.addAll(left());
        AcceptedFindings baseline = AcceptedFindings.usual();
        if (accept != null) {
            int count = baseline.accept(accept, findings);
            spec.commandLine()
                    .getOut()
                    .println(count + (count == 1 ? " finding is" : " findings are") + " accepted, in "
                            + baseline.file());
            return (count == 0 ? ExitStatus.FAILED : ExitStatus.DONE).code();
        }
        Set<String> accepted = all ? Set.of() : baseline.read();
        int before = findings.size();
        findings.removeIf(finding -> accepted.contains(finding.key()));
        if (before > findings.size()) {
            spec.commandLine()
                    .getErr()
                    .println("outguard: accepted and not shown: " + (before - findings.size()) + "; --all shows them");
        }
        findings.sort(Comparator.comparing(finding -> finding.severity() != Severity.HIGH));
        PrintWriter out = spec.commandLine().getOut();
        Instant now = Clock.systemUTC().instant();
        String confined = Confinement.available();
        out.print(
                json
                        ? FindingReport.json(now, findings) + FindingReport.confinement(now, confined)
                        : FindingReport.text(findings) + confined + "\n");
        out.flush();
        return (findings.isEmpty() ? ExitStatus.DONE : ExitStatus.FOUND).code();
    }

    private void unknown(Set<String> ids) {
        for (String id : ids) {
            if (SetupChecks.of(id).isEmpty() && LeftChecks.about(id).isEmpty()) {
                throw new ParameterException(
                        spec.commandLine(), "there is no check '" + id + "'; 'outguard doctor --explain' lists them");
            }
        }
    }

    private int explain(String id) {
        PrintWriter out = spec.commandLine().getOut();
        boolean listed = id.equals("all");
        unknown(listed ? Set.of() : Set.of(id));
        for (SetupChecks.About about : SetupChecks.all()) {
            if (listed || about.id().equals(id)) {
                out.println(about.id() + ": " + about.looksAt());
            }
        }
        for (CheckInfo about : LeftChecks.about()) {
            if (listed || about.id().equals(id)) {
                out.println(about.id() + ": " + about.looksAt());
                out.println("  severity: up to " + about.severity().word());
                out.println("  why: " + about.why());
            }
        }
        out.flush();
        return ExitStatus.DONE.code();
    }

    private List<Finding> left() {
        Path where = root.toAbsolutePath().normalize();
        boolean wanted = only.isEmpty()
                || only.stream().anyMatch(id -> LeftChecks.about(id).isPresent());
        if (!wanted) {
            return List.of();
        }
        boolean tells = StandardStreams.isTerminal(StandardStreams.ERR);
        return IntruderFindings.look(IntruderFindings.scene(where, limit), only, what -> {
            if (tells) {
                spec.commandLine().getErr().println("outguard: looking at " + what);
                spec.commandLine().getErr().flush();
            }
        });
    }

    private List<Finding> setup() throws InterruptedException {
        if (!only.isEmpty() && only.stream().noneMatch(id -> SetupChecks.of(id).isPresent())) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        String missing = Privileges.ofThisProcess().complaint(List.of("doctor"));
        if (!missing.isEmpty()) {
            findings.add(new Finding(
                    "privileges",
                    Finding.Cost.HIDES_IT,
                    "this user may not do all that Outguard needs",
                    "it sees and stops only a part: " + missing,
                    "sudo outguard doctor"));
        }
        if (root.equals(Path.of("/")) && missing.isEmpty()) {
            findings.addAll(kernelEye());
        }
        findings.addAll(Doctor.look(root.toAbsolutePath().normalize(), Wiring.runner()));
        return findings.stream()
                .filter(finding -> only.isEmpty() || only.contains(finding.id()))
                .toList();
    }
}
