package org.outguard.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The attack generators of src/test/native/attacks, built into a folder of the test's own and run in a network namespace. */
final class Attacks implements AutoCloseable {

    private static final Path SOURCES = Path.of("src/test/native/attacks").toAbsolutePath();

    /** What runs a script by its ending. */
    private static final Map<String, String> INTERPRETERS =
            Map.of("php", "/usr/bin/php", "pl", "/usr/bin/perl", "py", "/usr/bin/python3");

    private final Path folder;
    private final String namespace;
    private final List<Process> running = new ArrayList<>();

    Attacks(Path folder, String namespace) {
        this.folder = folder;
        this.namespace = namespace;
    }

    /** Builds one from its source, or copies it where it is a script, which is named with its ending. */
    Attacks with(String name) {
        try {
            if (name.contains(".")) {
                Files.copy(SOURCES.resolve(name), folder.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
            } else {
                Programs.output(
                        "cc",
                        "-O2",
                        "-pthread",
                        "-o",
                        folder.resolve(name).toString(),
                        SOURCES.resolve(name + ".c").toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Programs.output("chmod", "-R", "a+rX", folder.toString());
        return this;
    }

    /** Lets one send as www-data: {@code ADDRESS PORT PPS SECONDS}; its process number. */
    int start(String name, String... arguments) {
        return start(Map.of(), name, arguments);
    }

    /** The same with variables of the environment, as {@code GEN_IF} for the device of packet sockets. */
    int start(Map<String, String> environment, String name, String... arguments) {
        List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", namespace, "env"));
        environment.forEach((variable, value) -> command.add(variable + "=" + value));
        String interpreter = INTERPRETERS.get(name.substring(name.lastIndexOf('.') + 1));
        if (interpreter != null) {
            command.add(interpreter);
        }
        command.add(folder.resolve(name).toString());
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            running.add(process);
            return (int) process.pid();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends whatever still runs, with its descendants. */
    @Override
    public void close() {
        for (Process process : running) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        for (Process process : running) {
            try {
                process.waitFor(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
