package org.outguard.mta.exim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.outguard.exec.CommandRunner;
import org.outguard.mta.MailHost;

/**
 * How Exim is called.
 *
 * @param path the program
 * @param configuration the file that it reads instead of its own, which it takes from root alone; empty for its own
 */
record EximProgram(String path, Optional<Path> configuration) {

    /**
     * Those that listen (-bd) at that place, each with the configuration that it was started with.
     *
     * @param host where
     */
    static List<EximProgram> running(MailHost host) {
        return ProcessHandle.allProcesses()
                .filter(process -> isExim(process.info().command().orElse("")) && host.has(process.pid()))
                .map(process -> of(process.info()))
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    private static Optional<EximProgram> of(ProcessHandle.Info info) {
        List<String> arguments = List.of(info.arguments().orElse(new String[0]));
        int option = arguments.indexOf("-C");
        Optional<Path> named = option >= 0
                        && option + 1 < arguments.size()
                        && arguments.get(option + 1).startsWith("/")
                ? Optional.of(Path.of(arguments.get(option + 1)))
                : Optional.empty();
        // What is started by hand with a configuration of its own, as a demonstration, is not the machine's mail
        // system.
        boolean ofMachine =
                option < 0 || named.filter(file -> file.startsWith("/etc")).isPresent();
        return ofMachine && arguments.stream().anyMatch(argument -> argument.startsWith("-bd"))
                ? info.command().map(command -> new EximProgram(command, named))
                : Optional.empty();
    }

    /** Whether this is Exim, by the path of its program; the kernel adds a word where that was replaced. */
    static boolean isExim(String command) {
        return command.endsWith("/exim4") || command.endsWith("/exim");
    }

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
