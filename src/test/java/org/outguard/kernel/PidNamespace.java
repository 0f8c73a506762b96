package org.outguard.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.app.Patience;

/** A pid namespace with a /proc of its own, within a network namespace. Whatever runs in it ends when it is closed. */
public final class PidNamespace implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Process holder;
    private final long inner;

    /** Makes one. */
    public PidNamespace(String netns) throws IOException {
        holder = new ProcessBuilder(
                        "ip", "netns", "exec", netns, "unshare", "-p", "-f", "--mount-proc", "--kill-child", "cat")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        Patience.until(
                "the namespace is there",
                PATIENCE,
                () -> first().filter(this::isWithin).isPresent());
        inner = first().orElseThrow();
    }

    private Optional<Long> first() {
        return holder.children().findFirst().map(ProcessHandle::pid);
    }

    /* Its /proc is mounted before it becomes another program. */
    private boolean isWithin(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "comm"))
                    .equals("cat\n");
        } catch (IOException e) {
            return false;
        }
    }

    /** The words that run a program in there, in its network namespace too. */
    public List<String> within(List<String> command) {
        List<String> words = new ArrayList<>(List.of("nsenter", "-t", Long.toString(inner), "-m", "-n", "-p", "--"));
        words.addAll(command);
        return words;
    }

    /** The number that a process has for itself. */
    public static int ownNumber(long pid) throws IOException {
        String[] numbers = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(line -> line.startsWith("NSpid:"))
                .findFirst()
                .orElseThrow()
                .split("\\s+");
        return Integer.parseInt(numbers[numbers.length - 1]);
    }

    /** Ends a process and those that it started. */
    public static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    @Override
    public void close() {
        end(holder);
    }
}
