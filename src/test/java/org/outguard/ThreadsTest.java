package org.outguard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** src/docs/threads.md lists each thread that the sources name. */
class ThreadsTest {

    private static final Pattern NAMED =
            Pattern.compile("(?:daemons|scheduled|oneByOne|daemon|new Thread)\\([^;\"]*?\"([a-z -]+)\"");

    @Test
    void everyThreadIsListed() throws IOException {
        var names = new TreeSet<String>();
        try (Stream<Path> files = Files.walk(Path.of("src/main/java/org/outguard/app"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                Matcher matcher = NAMED.matcher(Files.readString(file));
                while (matcher.find()) {
                    names.add(matcher.group(1));
                }
            }
        }
        String page = Files.readString(Path.of("src/docs/threads.md"));
        assertThat(names).contains("guard", "capture", "owners", "enforcement");
        assertThat(names).allMatch(name -> page.contains('`' + name + '`'));
    }
}
