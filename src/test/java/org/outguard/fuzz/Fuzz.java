package org.outguard.fuzz;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.outguard.capture.file.CaptureFuzz;
import org.outguard.config.PolicyFuzz;
import org.outguard.headless.RecordFuzz;
import org.outguard.headless.complaint.ComplaintFuzz;
import org.outguard.journal.JournalFuzz;
import org.outguard.maillog.LogLineFuzz;
import org.outguard.mta.exim.EximSpoolFuzz;
import org.outguard.mta.opensmtpd.EnvelopeFuzz;
import org.outguard.mta.postfix.QueueFileFuzz;
import org.outguard.trace.web.AccessLogFuzz;

/** packaging/fuzz: gives parsers what an attacker might write, for as long as one likes. */
public final class Fuzz {

    private Fuzz() {}

    /** All that is fed. */
    static List<FuzzTarget> targets() {
        return List.of(
                LogLineFuzz.POSTFIX,
                LogLineFuzz.EXIM,
                LogLineFuzz.DOVECOT,
                LogLineFuzz.OTHERS,
                new QueueFileFuzz(),
                new EximSpoolFuzz(),
                new EnvelopeFuzz(),
                new RecordFuzz(),
                new ComplaintFuzz(),
                new CaptureFuzz(),
                new PolicyFuzz(),
                new JournalFuzz(),
                new AccessLogFuzz());
    }

    /** {@code SECONDS SEED FOLDER [NAME | FILE]…}: a file is fed once, to the target that its name begins with. */
    public static void main(String[] arguments) throws Exception {
        Duration length = Duration.ofSeconds(Long.parseLong(arguments[0]));
        long seed = Long.parseLong(arguments[1]);
        Path folder = Path.of(arguments[2]);
        List<String> names = List.of(arguments).subList(3, arguments.length);
        List<Path> files =
                names.stream().filter(name -> name.contains("/")).map(Path::of).toList();
        boolean found = false;
        for (Path file : files) {
            found |= again(file);
        }
        List<FuzzTarget> chosen = new ArrayList<>();
        for (FuzzTarget target : targets()) {
            if (names.isEmpty() || names.contains(target.name())) {
                chosen.add(target);
            }
        }
        if (chosen.isEmpty() && files.isEmpty()) {
            System.err.println("targets: "
                    + String.join(" ", targets().stream().map(FuzzTarget::name).toList()));
            System.exit(2);
        }
        for (FuzzTarget target : chosen) {
            found |= run(target, seed, length.dividedBy(chosen.size()), folder);
        }
        System.exit(found ? 1 : 0);
    }

    private static boolean run(FuzzTarget target, long seed, Duration length, Path folder) throws Exception {
        FuzzLoop loop = new FuzzLoop(target, seed);
        Optional<FuzzLoop.Finding> finding = loop.run(length);
        System.out.printf(
                "%-16s seed %d: %,d inputs in %d s%n", target.name(), seed, loop.inputs(), length.toSeconds());
        if (finding.isPresent()) {
            System.out.println("  " + keep(folder, target, finding.get()));
            finding.get().thrown().printStackTrace(System.out);
        }
        return finding.isPresent();
    }

    private static boolean again(Path file) throws Exception {
        String name = String.valueOf(file.getFileName());
        for (FuzzTarget target : targets()) {
            if (name.startsWith(target.name() + "-")) {
                Optional<FuzzLoop.Finding> finding = new FuzzLoop(target, 0).one(Files.readAllBytes(file));
                finding.ifPresent(one -> one.thrown().printStackTrace(System.out));
                System.out.println(file + (finding.isPresent() ? ": still found" : ": nothing is found"));
                return finding.isPresent();
            }
        }
        throw new IllegalArgumentException("no target has the name of " + file);
    }

    /** Keeps the input; where it is. */
    static Path keep(Path folder, FuzzTarget target, FuzzLoop.Finding finding) throws Exception {
        Files.createDirectories(folder);
        String name = target.name() + "-" + HexFormat.of().toHexDigits(Arrays.hashCode(finding.input()));
        return Files.write(folder.resolve(name), finding.input());
    }
}
