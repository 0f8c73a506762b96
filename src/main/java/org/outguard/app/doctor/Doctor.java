package org.outguard.app.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.outguard.exec.CommandRunner;
import org.outguard.headless.Finding;

/** All checks, in the order in which a person should mend what they find. */
public final class Doctor {

    private static final List<Check> CHECKS = List.of(
            new OutboundRules(),
            new OpenServices(),
            new WebFolders(),
            new PhpSettings(),
            new PostfixSubmissionCheck(),
            new EximSettings(),
            new KernelFeatures(),
            new NftFeatures(),
            new Logs(),
            new OtherSystemsCheck());

    private Doctor() {}

    /**
     * What should be otherwise.
     *
     * @param root where the machine's files are: {@code /}
     * @param programs asks programs that change nothing
     */
    public static List<Finding> look(Path root, CommandRunner programs) {
        CheckContext place = new CheckContext(root, programs);
        List<Finding> findings = new ArrayList<>();
        CHECKS.forEach(check -> findings.addAll(check.look(place)));
        return List.copyOf(findings);
    }
}
