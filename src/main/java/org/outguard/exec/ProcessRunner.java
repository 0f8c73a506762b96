package org.outguard.exec;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Starts programs of this machine. Safe from any thread; each run has its own pipes and, while it lasts, three threads:
 * a program may write to either pipe before it has read all of its input, so one thread alone could wait for ever.
 *
 * <p>Programs are looked for in {@link #PATH} only, whatever our own PATH says, since we run as root. They get
 * {@code LC_ALL=C}, because callers read their messages, and our process number for {@link Orphans}.
 */
public final class ProcessRunner implements CommandRunner {

    /** Where programs are looked for. */
    public static final String PATH = "/usr/sbin:/usr/bin:/sbin:/bin";

    /** How much of standard error is kept; the rest is read and forgotten. */
    public static final int STDERR_BYTES = 1024 * 1024;

    private static final int STDOUT_BYTES = 64 * 1024 * 1024;

    private final ThreadFactory threads;
    private final int mostBytes;

    /**
     * A runner that takes up to 64 MiB of standard output.
     *
     * @param threads makes the threads that serve the pipes; best daemons, since a process that a killed program left
     *     behind can hold a pipe open
     */
    public ProcessRunner(ThreadFactory threads) {
        this(threads, STDOUT_BYTES);
    }

    /**
     * A runner with a limit of its own.
     *
     * @param threads see {@link #ProcessRunner(ThreadFactory)}
     * @param mostBytes most bytes of standard output; a program that writes more has failed
     */
    public ProcessRunner(ThreadFactory threads, int mostBytes) {
        this.threads = threads;
        this.mostBytes = mostBytes;
    }

    @Override
    public CommandResult run(List<String> argv, String stdin, Duration limit) {
        return run(argv, to -> to.write(stdin.getBytes(StandardCharsets.UTF_8)), limit);
    }

    @Override
    public CommandResult run(List<String> argv, Input stdin, Duration limit) {
        Optional<String> program = find(argv.get(0));
        if (program.isEmpty()) {
            return new CommandResult.NotFound("there is no program " + argv.get(0) + " in " + PATH);
        }
        List<String> absolute = new ArrayList<>(argv);
        absolute.set(0, program.get());
        ProcessBuilder builder =
                new ProcessBuilder(absolute).directory(Path.of("/").toFile());
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("PATH", PATH);
        builder.environment()
                .put(Orphans.VARIABLE, Long.toString(ProcessHandle.current().pid()));
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            return new CommandResult.Failed("could not be started: " + e.getMessage());
        }
        try {
            return converse(process, stdin, limit);
        } finally {
            end(process);
        }
    }

    private CommandResult converse(Process process, Input stdin, Duration limit) {
        Executor each = task -> threads.newThread(task).start();
        CompletableFuture<Drained> out = CompletableFuture.supplyAsync(() -> output(process), each);
        CompletableFuture<Drained> err =
                CompletableFuture.supplyAsync(() -> drain(process.getErrorStream(), STDERR_BYTES, false), each);
        // Waited for as well: what is made for a program may tell its caller something.
        CompletableFuture<Void> in = CompletableFuture.runAsync(() -> feed(process.getOutputStream(), stdin), each);
        try {
            CompletableFuture.allOf(in, out, err).get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return new CommandResult.TimedOut();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new CommandResult.Failed("interrupted");
        } catch (ExecutionException e) {
            // The program ends with an Error, whichever thread it was in.
            if (e.getCause() instanceof Error fault) {
                throw fault;
            }
            return new CommandResult.Failed("its pipes broke: " + e.getCause());
        }
        if (out.join().more()) {
            return new CommandResult.Failed("it wrote more than " + mostBytes + " bytes");
        }
        return new CommandResult.Finished(
                process.exitValue(), out.join().text(), err.join().text());
    }

    /* Its end is waited for here too: a program may close its output and go on. */
    private Drained output(Process process) {
        Drained drained = drain(process.getInputStream(), mostBytes, true);
        if (drained.more()) {
            end(process);
        }
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return drained;
    }

    private static Drained drain(InputStream from, int mostBytes, boolean stopAtMost) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        boolean more = false;
        try (from) {
            for (int count = from.read(buffer); count >= 0; count = from.read(buffer)) {
                int room = Math.min(count, mostBytes - kept.size());
                kept.write(buffer, 0, room);
                more |= room < count;
                if (more && stopAtMost) {
                    break;
                }
            }
        } catch (IOException e) {
            // The pipe of a process that was killed; how it ended says the rest.
            return new Drained(kept.toString(StandardCharsets.UTF_8), more);
        }
        return new Drained(kept.toString(StandardCharsets.UTF_8), more);
    }

    private static void feed(OutputStream to, Input stdin) {
        try (to) {
            stdin.writeTo(to);
        } catch (IOException e) {
            // It ended, or closed its input, before it had read all; its exit status says whether that was right.
            return;
        }
    }

    /* Its children first, as long as it can still be asked for them: they hold the pipes. */
    private static void end(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static Optional<String> find(String program) {
        if (program.indexOf('/') >= 0) {
            return Optional.of(program).filter(path -> path.startsWith("/")).filter(path -> runnable(Path.of(path)));
        }
        for (String directory : PATH.split(":")) {
            Path path = Path.of(directory, program);
            if (runnable(path)) {
                return Optional.of(path.toString());
            }
        }
        return Optional.empty();
    }

    private static boolean runnable(Path path) {
        return Files.isRegularFile(path) && Files.isExecutable(path);
    }

    /**
     * What came out of a pipe.
     *
     * @param text as much as is kept
     * @param more whether there was more
     */
    private record Drained(String text, boolean more) {}
}
