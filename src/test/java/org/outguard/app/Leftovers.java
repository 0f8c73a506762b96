package org.outguard.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What a demonstration must not leave behind. */
final class Leftovers {

    private Leftovers() {}

    /** Network namespaces of the demonstration that had this process number. */
    static List<String> namespaces(long pid) {
        Path folder = Path.of("/run/netns");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> names = Files.list(folder)) {
            return names.map(name -> String.valueOf(name.getFileName()))
                    .filter(name -> name.startsWith("outguard-demo-") && name.endsWith("-" + pid))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Senders that were started by this process, by process number, with their command lines. */
    static List<ProcessHandle> senders(long pid) {
        return ProcessHandle.of(pid).stream()
                .flatMap(ProcessHandle::children)
                .filter(child -> commandLine(child.pid()).contains(" flood ")
                        || commandLine(child.pid()).contains(" dns "))
                .toList();
    }

    /**
     * Whether it runs. One that has ended is no longer so before it is waited for; that may take its new parent seconds
     * where the old one was killed, and {@link ProcessHandle#isAlive} still counts it.
     */
    static boolean isRunning(ProcessHandle process) {
        return !commandLine(process.pid()).isEmpty();
    }

    /** A process's arguments, separated by blanks; empty where it has ended, proc_pid_cmdline(5). */
    static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .replace('\0', ' ');
        } catch (IOException e) {
            return "";
        }
    }

    /** Removes what a failed test would leave. */
    static void remove(long pid) {
        namespaces(pid).forEach(name -> Programs.output("ip", "netns", "delete", name));
    }
}
