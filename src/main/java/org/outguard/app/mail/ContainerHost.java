package org.outguard.app.mail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;
import org.outguard.kernel.ForeignFile;
import org.outguard.mta.MailHost;
import org.outguard.mta.ThisMachine;

/**
 * A container, by one of its processes. Its files are reached through {@code /proc/PID/root} and opened within that alone
 * (openat2(2), RESOLVE_IN_ROOT); its programs run in its namespaces by nsenter(1). No daemon of containers is asked.
 *
 * @param pid the process, by which it is entered
 * @param name for people, one word
 * @param id as its runtime has it, empty where it is not known
 * @param namespace its pid namespace, by which it is told whether the process is still that one
 * @param runner starts programs
 */
record ContainerHost(int pid, String name, String id, Path namespace, CommandRunner runner) implements MailHost {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int MOST_BYTES = 16 * 1024 * 1024;
    private static final String MISSING = "no such file";
    private static final int[] NO_GROUPS = {};

    /** The pid namespace of a process; empty where it has ended. */
    static Optional<Path> namespaceOf(long pid) {
        try {
            return Optional.of(Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "ns/pid")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Whether a user's number there is that of this machine's, and a runtime made it: of what a user has set up for itself in
     * a user namespace nothing is taken on trust.
     */
    boolean sharesUsers() {
        try {
            String map =
                    Files.readString(Path.of("/proc", Integer.toString(pid), "uid_map"), StandardCharsets.ISO_8859_1);
            return !id.isEmpty() && map.strip().matches("0\\s+0\\s+4294967295");
        } catch (IOException e) {
            return false;
        }
    }

    /** Whether it is that container, by whatever process of it. */
    boolean isSame(MailHost other) {
        return other instanceof ContainerHost host && host.namespace.equals(namespace);
    }

    @Override
    public String container() {
        return name;
    }

    private Path root() {
        return Path.of("/proc", Integer.toString(pid), "root");
    }

    @Override
    public Optional<String> problem() {
        return has(pid) ? Optional.empty() : Optional.of("container " + name + " has ended");
    }

    @Override
    public Path path(Path inside) {
        return root().resolve(below(inside));
    }

    private static String below(Path inside) {
        return inside.toString().replaceFirst("^/+", "");
    }

    @Override
    public Path realPath(Path inside) throws IOException {
        String path =
                run(List.of("readlink", "-f", inside.toString()), new byte[0]).strip();
        return path.startsWith("/") ? Path.of(path) : inside;
    }

    @Override
    public SeekableByteChannel open(Path reached) throws IOException {
        // The descriptor leads to the very file that was looked at.
        try (ForeignFile file = foreign(root().relativize(reached).toString())) {
            return Files.newByteChannel(file.path(), StandardOpenOption.READ);
        }
    }

    private ForeignFile foreign(String below) throws IOException {
        try {
            return ForeignFile.open(root(), below, ForeignFile.OWN_RIGHTS, NO_GROUPS, false);
        } catch (IOException e) {
            if (MISSING.equals(e.getMessage())) {
                throw new NoSuchFileException(below);
            }
            throw e;
        }
    }

    @Override
    public Optional<byte[]> content(Path inside) throws IOException {
        try (ForeignFile file = foreign(below(inside));
                InputStream in = file.stream()) {
            return Optional.of(in.readNBytes(MOST_BYTES));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /* The copy brings owner and rights of the file that is replaced. */
    @Override
    public void replace(Path inside, byte[] content) throws IOException {
        String fresh = ThisMachine.fresh(inside).toString();
        if (exists(inside)) {
            run(List.of("cp", "-p", inside.toString(), fresh), new byte[0]);
        }
        run(List.of("tee", fresh), content);
        run(List.of("mv", "-f", fresh, inside.toString()), new byte[0]);
    }

    @Override
    public void delete(Path inside) throws IOException {
        if (exists(inside)) {
            run(List.of("rm", "-f", inside.toString()), new byte[0]);
        }
    }

    private String run(List<String> argv, byte[] stdin) throws IOException {
        Optional<String> gone = problem();
        if (gone.isPresent()) {
            throw new IOException(gone.get());
        }
        CommandResult result = runner.run(argv(argv), to -> to.write(stdin), LIMIT);
        if (result instanceof CommandResult.Finished finished && finished.exitStatus() == 0) {
            return finished.stdout();
        }
        String why = result instanceof CommandResult.Finished finished
                ? finished.stderr().strip()
                : result instanceof CommandResult.NotFound missing ? missing.reason() : "it did not end well";
        throw new IOException("in container " + name + ": " + argv.get(0) + ": " + why);
    }

    @Override
    public boolean exists(Path inside) {
        try (ForeignFile file = foreign(below(inside))) {
            return !file.path().toString().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public List<String> argv(List<String> argv) {
        List<String> words =
                new ArrayList<>(List.of("nsenter", "--target", Integer.toString(pid), "--all", "--root", "--wd", "--"));
        words.addAll(argv);
        return words;
    }

    @Override
    public List<String> networkArgv(List<String> argv) {
        List<String> words = new ArrayList<>(List.of("nsenter", "--target", Integer.toString(pid), "--net", "--"));
        words.addAll(argv);
        return words;
    }

    @Override
    public boolean has(long process) {
        return namespaceOf(process).filter(namespace::equals).isPresent();
    }

    /** The last number of {@code NSpid} in proc_pid_status(5). */
    @Override
    public long numberThere(long process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process), "status"), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> line.startsWith("NSpid:"))
                    .map(line -> line.substring(line.lastIndexOf('\t') + 1).strip())
                    .mapToLong(Long::parseLong)
                    .findFirst()
                    .orElse(process);
        } catch (IOException | NumberFormatException e) {
            return process;
        }
    }

    @Override
    public String shown(String commands) {
        return "in container " + name + " (" + CommandRunner.describe(argv(List.of())) + "): " + commands;
    }
}
