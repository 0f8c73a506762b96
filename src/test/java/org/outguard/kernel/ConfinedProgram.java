package org.outguard.kernel;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.outguard.kernel.Confinement.Capability;
import org.outguard.kernel.Confinement.Profile;

/**
 * Confines itself and then tries what it should not be able to do; prints a line each. In a process of its own, since there is no
 * way back.
 *
 * <p>Arguments: {@code reads} or {@code watches}, a folder that may be written to, one that may not, the pid of another process.
 */
final class ConfinedProgram {

    private ConfinedProgram() {}

    public static void main(String[] arguments) throws Exception {
        Path inside = Path.of(arguments[1]);
        Path outside = Path.of(arguments[2]);
        long other = Long.parseLong(arguments[3]);
        boolean reads = arguments[0].equals("reads");
        CountDownLatch told = new CountDownLatch(1);
        List<String> lines = new ArrayList<>();
        // A thread of before: what is given up must be given up there as well.
        Thread early = new Thread(() -> {
            try {
                told.await();
                lines.addAll(tries("early", reads, inside, outside, other));
            } catch (InterruptedException e) {
                lines.add("interrupted");
            }
        });
        early.start();
        Profile profile = reads
                ? new Profile.Reads(List.of(inside), arguments.length > 4)
                : new Profile.Watches(EnumSet.of(Capability.SYS_PTRACE, Capability.DAC_READ_SEARCH));
        System.out.println(Confinement.confine(profile).line());
        told.countDown();
        early.join(TimeUnit.SECONDS.toMillis(20));
        lines.addAll(tries("late", reads, inside, outside, other));
        lines.forEach(System.out::println);
        statuses();
    }

    private static List<String> tries(String thread, boolean reads, Path inside, Path outside, long other) {
        return List.of(
                thread + " writes inside: " + outcome(() -> Files.writeString(inside.resolve(thread), "x")),
                thread + " writes outside: " + outcome(() -> Files.writeString(outside.resolve(thread), "x")),
                thread + " removes: " + outcome(() -> Files.deleteIfExists(outside.resolve("there-" + thread))),
                thread + " reads: " + outcome(() -> Files.readString(Path.of("/etc/passwd"))),
                thread + " reads a foreign file: " + outcome(() -> Files.readString(outside.resolve("foreign"))),
                thread + " sees another process: "
                        + outcome(() -> Files.readSymbolicLink(Path.of("/proc/" + other + "/exe"))),
                thread + " starts: "
                        + outcome(() -> new ProcessBuilder("true").start().waitFor()),
                thread + " changes rights: "
                        + outcome(() -> Files.setPosixFilePermissions(outside.resolve("there"), Set.of())),
                thread + " signals: "
                        + outcome(() ->
                                reads && ProcessHandle.of(other).orElseThrow().destroyForcibly()),
                thread + " connects: " + outcome(() -> new Socket(InetAddress.getLoopbackAddress(), 9)));
    }

    private static String outcome(Callable<?> work) {
        try {
            Object result = work.call();
            return result instanceof Boolean no && !no ? "refused" : "done";
        } catch (IOException e) {
            return e instanceof ConnectException ? "done" : "refused";
        } catch (Exception e) {
            return e.toString();
        }
    }

    private static void statuses() throws IOException {
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                Files.readAllLines(task.resolve("status")).stream()
                        .filter(line -> line.matches("(CapEff|CapPrm|CapBnd|CapInh|CapAmb|NoNewPrivs|Seccomp):.*"))
                        .forEach(line -> System.out.println(line.replaceAll("\\s+", " ")));
            }
        }
    }
}
