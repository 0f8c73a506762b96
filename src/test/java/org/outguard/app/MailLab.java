package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.outguard.exec.CommandResult;

/**
 * A real mail system in namespaces of its own, with the world that it sends to. Its /var is a folder that the test can
 * look into. All of it ends with the pipe that this holds, so also where the tests are killed.
 */
public final class MailLab implements AutoCloseable {

    public static final int WWW_DATA = 33;
    public static final int SITE = 2055;

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final List<String> SCRIPTS = List.of(
            "start.sh",
            "postfix.sh",
            "dovecot.sh",
            "syslog.py",
            "exim.sh",
            "exim-cpanel.sh",
            "exim-directadmin.sh",
            "exim-hestia.sh",
            "opensmtpd.sh",
            "world.py",
            "far.py",
            "submit.py",
            "hand.py",
            "hand.php",
            "x7.php");

    private final Path work;
    private final Process process;
    private long inner;
    private final long outer;
    private final Path journal;

    private MailLab(Path work, Process process, long outer) {
        this.outer = outer;
        this.work = work;
        this.process = process;
        this.journal = work.resolve("journal/journal.ndjson");
    }

    /** Starts {@code postfix}, {@code dovecot} (with Postfix) or {@code exim}; returns when it takes mail. */
    public static MailLab start(String system) {
        return start(system, "", false);
    }

    /** The same with the world behind the interface {@code out}, where each message takes half a second to a second. */
    static MailLab startFar(String system) {
        return start(system, "far", false);
    }

    /** The same as a container of a machine that is a mount and pid namespace of its own, in which {@link #outside} runs programs. */
    static MailLab startContained(String system) {
        MailLab lab = machine(system);
        lab.startContainer();
        return lab;
    }

    /** That machine before {@link #startContainer}. */
    static MailLab machine(String system) {
        return start(system, "", true);
    }

    /** Starts the container of a {@link #machine}. */
    void startContainer() {
        try {
            OutputStream in = process.getOutputStream();
            in.write('\n');
            in.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        said("ready\n");
        inner = child(child(ProcessHandle.of(outer).orElseThrow())).pid();
    }

    /** Ends it; the machine stays. */
    void killContainer() {
        ProcessHandle.of(inner).ifPresent(ProcessHandle::destroyForcibly);
    }

    private static MailLab start(String system, String far, boolean contained) {
        Programs.requireRoot();
        Path target = ProgramUnderTest.NATIVE.toAbsolutePath().getParent();
        unpack(target);
        try {
            Path work = Files.createTempDirectory(Path.of("/dev/shm"), "outguard-mail-");
            Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
            for (String script : SCRIPTS) {
                Files.copy(
                        Objects.requireNonNull(MailLab.class.getResourceAsStream("/mail-lab/" + script), script),
                        work.resolve(script));
            }
            for (String script : List.of("lab-postfix.sh", "lab-exim.sh")) {
                Files.copy(ProgramUnderTest.NATIVE.resolve(script), work.resolve(script));
            }
            List<String> command = new ArrayList<>();
            if (contained) {
                command.addAll(List.of("unshare", "-m", "-n", "-p", "-f", "--mount-proc", "--kill-child"));
                // It stays as process 1, with the container beside what is run here, and after it until nobody holds
                // the pipe.
                command.addAll(
                        List.of("bash", "-c", "ip link set lo up; echo up; read -r; \"$@\"; read -r; exit", "machine"));
            }
            command.addAll(List.of("unshare", "-m", "-n", "-u", "-p", "-f", "--mount-proc"));
            command.addAll(
                    List.of("--kill-child", "bash", work.resolve("start.sh").toString(), system));
            String tree = system.startsWith("exim") ? "exim" : system.equals("opensmtpd") ? system : "postfix";
            command.add(target.resolve("mail-systems").resolve(tree).toString());
            command.add(work.toString());
            command.add(far);
            Path out = work.resolve("out");
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(out.toFile())
                    .start();
            said(process, out, contained ? "up\n" : "ready\n");
            ProcessHandle outer = contained ? child(process.toHandle()) : process.toHandle();
            MailLab lab = new MailLab(work, process, outer.pid());
            lab.inner = contained ? 0 : child(outer).pid();
            return lab;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /* One at a time, where two begin at once. */
    private static synchronized void unpack(Path target) {
        CommandResult unpacked = Programs.RUNNER.run(
                List.of(target.resolveSibling("packaging/mail-systems").toString()), "", Duration.ofMinutes(3));
        assertThat(unpacked)
                .as("packaging/mail-systems")
                .isInstanceOfSatisfying(
                        CommandResult.Finished.class,
                        r -> assertThat(r.exitStatus()).as(r.stderr()).isZero());
    }

    private static ProcessHandle child(ProcessHandle process) {
        return process.children().findFirst().orElseThrow();
    }

    private void said(String line) {
        said(process, work.resolve("out"), line);
    }

    private static void said(Process process, Path out, String line) {
        try {
            Patience.until(
                    () -> "the mail system starts: " + read(out),
                    PATIENCE,
                    () -> read(out).contains(line));
        } catch (AssertionError e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** The words that run a program in there. */
    public List<String> within(String... argv) {
        List<String> command =
                new ArrayList<>(List.of("nsenter", "-t", Long.toString(inner), "-m", "-n", "-u", "-p", "--"));
        command.addAll(Arrays.asList(argv));
        return command;
    }

    /** The words that run Outguard on the machine whose container the lab is. */
    List<String> programOutside(String... arguments) {
        List<String> words = new ArrayList<>(List.of("nsenter", "-t", Long.toString(outer), "-m", "-n", "-p", "--"));
        words.addAll(ProgramUnderTest.command(arguments));
        words.replaceAll(word -> word.startsWith("-Doutguard.journal=") ? "-Doutguard.journal=" + journal : word);
        return words;
    }

    /** Runs Outguard on the machine whose container the lab is; it must succeed. */
    ProgramUnderTest.Ended outside(String... arguments) {
        ProgramUnderTest.Ended ended = ProgramUnderTest.start(work, programOutside(arguments))
                .await(PATIENCE)
                .withoutStackTrace();
        assertThat(ended.status()).as(ended.all()).isZero();
        return ended;
    }

    /** The words that run a program in there as a user. */
    List<String> as(int uid, String... argv) {
        String id = Integer.toString(uid);
        List<String> command =
                new ArrayList<>(List.of("setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--"));
        command.addAll(Arrays.asList(argv));
        return within(command.toArray(String[]::new));
    }

    /** Runs a program in there that must succeed; its output. */
    public String run(String... argv) {
        return Programs.output("", within(argv));
    }

    /** The words that run Outguard in there. */
    List<String> program(String... arguments) {
        List<String> command = new ArrayList<>(ProgramUnderTest.command(arguments));
        command.replaceAll(word -> word.startsWith("-Doutguard.journal=") ? "-Doutguard.journal=" + journal : word);
        return within(command.toArray(String[]::new));
    }

    /** Starts a watch in there, see {@link ProgramUnderTest#watch}. */
    ProgramUnderTest.Running watch(String device, String eye) {
        return ProgramUnderTest.watch(work, eye, program("watch", "-i", device));
    }

    /** Runs Outguard in there. */
    public ProgramUnderTest.Ended outguard(String... arguments) {
        return ProgramUnderTest.start(work, program(arguments)).await(PATIENCE).withoutStackTrace();
    }

    /** Runs Outguard in there, which must succeed; its standard output. */
    public String act(String... arguments) {
        ProgramUnderTest.Ended ended = outguard(arguments);
        assertThat(ended.status()).as(ended.all()).isZero();
        return ended.stdout();
    }

    /** Starts a program in there; what it prints goes to a file. */
    Submission start(List<String> command, String name) {
        try {
            Path out = Files.createTempFile(work, name, "");
            Process submitter = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .redirectOutput(out.toFile())
                    .start();
            return new Submission(submitter, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hands mail in as a user until the time is over: {@code sendmail}, {@code smtp}, {@code login} or {@code relay}. */
    public Submission submit(int uid, String way, int seconds, String from, String to, String... login) {
        List<String> argv = new ArrayList<>(List.of(
                "/usr/bin/python3", work.resolve("submit.py").toString(), way, Integer.toString(seconds), from, to));
        argv.addAll(Arrays.asList(login));
        return start(as(uid, argv.toArray(String[]::new)), "submit");
    }

    /**
     * Hands mail in as a user by SMTP, each message by a process of its own that is gone at once.
     *
     * @param program {@code hand.py} or {@code hand.php}
     * @param address of this machine: where the mail system listens
     */
    Submission hand(int uid, String program, String address, int count, String from, String to) {
        String call = (program.endsWith(".php") ? "/usr/bin/php " : "/usr/bin/python3 ")
                + String.join(" ", work.resolve(program).toString(), address, from, to);
        String loop = "for i in $(seq " + count + "); do " + call + "; done";
        return start(as(uid, "/bin/bash", "-c", loop), "hand");
    }

    /** Sends by PHP's mail(), as a hacked site does. */
    public Submission php(int count) {
        return start(
                as(
                        WWW_DATA,
                        "php",
                        "-d",
                        "sendmail_path=/usr/sbin/sendmail -t -i",
                        "-d",
                        "mail.add_x_header=1",
                        work.resolve("x7.php").toString(),
                        Integer.toString(count)),
                "php");
    }

    /** A program that hands mail in. */
    public record Submission(Process process, Path out) {

        public String output() {
            return read(out);
        }

        public void await(Duration limit) {
            try {
                assertThat(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS))
                        .as("it ends in time")
                        .isTrue();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        /** How many messages were taken of those that {@link MailLab#hand} handed in. */
        long handed() {
            return output().lines().filter("taken"::equals).count();
        }

        /** How often something else was said than that a message was taken. */
        int refused() {
            return (int)
                    output().lines().filter(line -> !line.endsWith(" taken")).count();
        }

        /**
         * Waits until it was refused several times more, and fails where more was taken meanwhile than the message that was
         * under way.
         *
         * @param before how many messages were taken when what stops them was done
         */
        public void assertStoppedAt(int before) {
            int then = refused();
            Patience.until("it is refused: " + output(), PATIENCE, () -> refused() > then + 5);
            assertThat(taken().size()).as(output()).isLessThanOrEqualTo(before + 1);
        }

        /** Times (seconds since 1970) of messages that were taken. */
        public List<Double> taken() {
            return output().lines()
                    .filter(line -> line.endsWith(" taken"))
                    .map(line -> Double.parseDouble(line.split(" ")[0]))
                    .toList();
        }
    }

    /** What the world got: time, sender, recipient, subject. */
    public List<String[]> delivered() {
        return read(work.resolve("sink"))
                .lines()
                .map(line -> line.split("\t", -1))
                .toList();
    }

    public long deliveredFrom(String sender) {
        return delivered().stream().filter(line -> line[1].equals(sender)).count();
    }

    /** From here on the world takes what it put off before. */
    public void openTheWorld() {
        write(work.resolve("open"), "");
    }

    public Path path(String inside) {
        return work.resolve(inside.substring(1));
    }

    public Path work() {
        return work;
    }

    /** The process of this machine that is the first one in there. */
    public long inner() {
        return inner;
    }

    Path journalFile() {
        return journal;
    }

    /** What the journal holds. */
    public List<Map<String, Object>> journal() {
        return ProgramUnderTest.ndjson(read(journal));
    }

    /** Names of the files in a folder of the mail system, and below it. */
    public static List<String> files(Path folder) {
        List<String> names = new ArrayList<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    names.add(String.valueOf(file.getFileName()));
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    // A mail system at work moves its files while they are listed.
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    public static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            return "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            Files.walkFileTree(work, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    // The last of its processes may tidy up while it goes.
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
                    Files.deleteIfExists(folder);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
