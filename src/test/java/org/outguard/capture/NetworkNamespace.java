package org.outguard.capture;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** A network namespace of one test's own, gone when it is closed. */
public final class NetworkNamespace implements AutoCloseable {

    private static final AtomicInteger NEXT = new AtomicInteger();
    private static final int O_RDONLY = 0;
    private static final int CLONE_NEWNET = 0x40000000;

    public final String name = "og-cap-" + ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet();

    public NetworkNamespace() throws IOException {
        program("ip", "netns", "add", name);
        try {
            ip("link", "set", "lo", "up");
            // No neighbour discovery and the like among the packets that a test counts.
            program("ip", "netns", "exec", name, "sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1");
        } catch (IOException | Error e) {
            close();
            throw e;
        }
    }

    public void ip(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", name));
        command.addAll(List.of(arguments));
        program(command.toArray(String[]::new));
    }

    /** Joins two namespaces by a pair of virtual devices, both up. */
    public static void join(NetworkNamespace one, String device, NetworkNamespace other, String peer)
            throws IOException {
        one.ip("link", "add", device, "type", "veth", "peer", "name", peer, "netns", other.name);
        one.ip("link", "set", device, "up", "arp", "off");
        other.ip("link", "set", peer, "up", "arp", "off");
    }

    /** Does {@code work} on a thread that lives in this namespace, and waits for it. */
    public <T> T inside(Callable<T> work) throws Exception {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = start(task);
        try {
            return task.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError("in namespace " + name, e.getCause());
        } catch (TimeoutException e) {
            thread.interrupt();
            throw e;
        }
    }

    /** Starts a thread that lives in this namespace. */
    public Thread start(Runnable work) {
        Thread thread = new Thread(
                () -> {
                    enter();
                    work.run();
                },
                "in " + name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /* setns(2) moves the calling thread alone. */
    private void enter() {
        NativeLibrary libc = NativeLibrary.getInstance("c");
        int fd = libc.getFunction("open").invokeInt(new Object[] {"/run/netns/" + name, O_RDONLY});
        int result = libc.getFunction("setns").invokeInt(new Object[] {fd, CLONE_NEWNET});
        libc.getFunction("close").invokeInt(new Object[] {fd});
        if (fd < 0 || result != 0) {
            throw new AssertionError("cannot enter network namespace " + name + ": run this test as root");
        }
    }

    @Override
    public void close() throws IOException {
        program("ip", "netns", "delete", name);
    }

    /** Runs a program to its end and fails with what it said if that is not a success. */
    public static String program(String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed: " + said);
            }
            return said;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }
}
