package org.outguard.app.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.outguard.app.counting.EyeFindings;
import org.outguard.app.counting.SelfTest;
import org.outguard.app.doctor.Doctor;
import org.outguard.app.host.Privileges;
import org.outguard.app.option.BtfFile;
import org.outguard.app.option.NamespaceWord;
import org.outguard.app.option.PlaceOptions;
import org.outguard.app.wiring.Edges;
import org.outguard.headless.ExitStatus;
import org.outguard.headless.Finding;
import org.outguard.headless.FindingReport;
import org.outguard.kernel.Confinement;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outguard doctor}: what of the set-up lets abuse happen, hides it, or keeps it going. */
@Command(
        name = "doctor",
        description =
                "say what of this machine's set-up lets abuse happen, hides it, or keeps it going; changes nothing",
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
            converter = NamespaceWord.class,
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

    private List<Finding> kernelEye() throws InterruptedException {
        Optional<List<Finding>> found = EyeFindings.look(
                () -> Edges.kernelEye(btf),
                Edges.daemons("kernel eye opens"),
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
    public Integer call() throws InterruptedException {
        Optional<String> noBtf = Optional.ofNullable(btf).flatMap(BtfFile::problem);
        if (noBtf.isPresent()) {
            spec.commandLine().getErr().println("outguard: --btf " + noBtf.get());
            return ExitStatus.FAILED.code();
        }
        if (!PlaceOptions.entered(netns, spec.commandLine().getErr()::println)) {
            return ExitStatus.FAILED.code();
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
        findings.addAll(Doctor.look(root.toAbsolutePath().normalize(), Edges.runner()));
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
}
