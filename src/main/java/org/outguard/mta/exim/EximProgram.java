package org.outguard.mta.exim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.outguard.exec.CommandRunner;

/**
 * How Exim is called.
 *
 * @param path the program
 * @param configuration the file that it reads instead of its own, which it takes from root alone; empty for its own
 */
record EximProgram(String path, Optional<Path> configuration) {

    /** The words that run it. */
    List<String> argv(String... options) {
        List<String> argv = new ArrayList<>(List.of(path));
        configuration.ifPresent(file -> argv.addAll(List.of("-C", file.toString())));
        argv.addAll(Arrays.asList(options));
        return argv;
    }

    /** The same as a person would type it. */
    String shown(String... options) {
        return CommandRunner.describe(argv(options));
    }

    /** Whether a process of this program, by its arguments, reads the same configuration. */
    boolean isMeantBy(List<String> arguments) {
        return configuration.map(file -> arguments.contains(file.toString())).orElse(true);
    }
}
