package org.outguard.app.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SetupChecksTest {

    private static final Pattern MADE = Pattern.compile("new Finding\\(\\s*\"([a-z0-9-]+)\"");

    @Test
    void everyFindingThatIsMadeCanBeExplained() throws IOException {
        TreeSet<String> made = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/outguard/app"))) {
            for (Path file :
                    files.filter(one -> one.toString().endsWith(".java")).toList()) {
                Matcher finding = MADE.matcher(Files.readString(file));
                while (finding.find()) {
                    made.add(finding.group(1));
                }
            }
        }
        assertThat(made).hasSizeGreaterThan(15);
        assertThat(SetupChecks.all()).extracting(SetupChecks.About::id).containsAll(made);
    }
}
