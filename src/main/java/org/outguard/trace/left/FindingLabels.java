package org.outguard.trace.left;

import java.util.List;
import org.outguard.exec.CommandRunner;

/** How findings are said. */
final class FindingLabels {

    private FindingLabels() {}

    static String quarantine(String path) {
        return CommandRunner.describe(List.of("outguard", "quarantine", path));
    }

    static String disable(String path, int line) {
        return CommandRunner.describe(List.of("outguard", "disable", path + ":" + line));
    }
}
