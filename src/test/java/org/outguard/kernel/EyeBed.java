package org.outguard.kernel;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Namespaces to send in: a host, a container behind its masquerade, and a far side that takes everything and answers
 * nothing. Gone when it is closed.
 */
public final class EyeBed implements AutoCloseable {

    /** Where the build puts the generators. */
    public static final Path ATTACKS = Path.of(System.getProperty("outguard.native"), "attacks");

    private static final int SECONDS = 60;
    private static final String QUEUE = "5";

    public final String host = name("h");
    public final String container = name("c");
    public final String far = name("f");

    /**
     * What a generator says of itself when it ends.
     *
     * @param pid of it
     * @param pids of all that sent
     * @param family whether children sent that are not listed
     * @param uid its user id, or that of the one that opened the socket
     * @param sent datagrams, or connects
     * @param exe its program, empty where it does not say
     */
    public record Report(int pid, List<Integer> pids, boolean family, int uid, long sent, String exe) {}

    public EyeBed() throws IOException {
        try {
            for (String namespace : List.of(host, container, far)) {
                run("ip", "netns", "add", namespace);
                in(namespace, "sysctl", "-qw", "net.ipv4.ping_group_range=0 100");
            }
            join(host, "og0", "10.99.0.1/16", "fd99::1/64", far, "og1", "10.99.0.2/16", "fd99::2/64");
            join(container, "og2", "10.98.0.2/24", "fd98::2/64", host, "og3", "10.98.0.1/24", "fd98::1/64");
            run("ip", "-n", host, "route", "add", "10.128.0.0/9", "via", "10.99.0.2");
            run("ip", "-n", container, "route", "add", "default", "via", "10.98.0.1");
            run("ip", "-n", container, "-6", "route", "add", "default", "via", "fd98::1");
            in(host, "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1");
            in(
                    host,
                    "nft",
                    "add table inet t { chain p { type nat hook postrouting priority 100; oifname og0 masquerade; }; }");
            run("ip", "-n", far, "route", "add", "local", "10.99.128.0/17", "dev", "lo");
            in(
                    far,
                    "nft",
                    "add table inet t { chain i { type filter hook input priority 0; meta l4proto { udp, icmp } drop; }; }");
        } catch (IOException | AssertionError e) {
            close();
            throw e;
        }
    }

    private static String name(String part) {
        return "og-eye-" + part + "-" + ProcessHandle.current().pid();
    }

    private static void join(
            String one, String device, String v4, String v6, String other, String peer, String peerV4, String peerV6)
            throws IOException {
        run("ip", "-n", one, "link", "add", device, "type", "veth", "peer", "name", peer, "netns", other);
        for (List<String> end : List.of(List.of(one, device, v4, v6), List.of(other, peer, peerV4, peerV6))) {
            run("ip", "-n", end.get(0), "addr", "add", end.get(2), "dev", end.get(1));
            run("ip", "-n", end.get(0), "addr", "add", end.get(3), "dev", end.get(1), "nodad");
            run("ip", "-n", end.get(0), "link", "set", end.get(1), "up");
        }
    }

    /** Address of a device's link. */
    String mac(String namespace, String device) throws IOException {
        return in(namespace, "cat", "/sys/class/net/" + device + "/address").trim();
    }

    /** The link address of what a namespace sends to. */
    public String nextHop(String namespace) throws IOException {
        return namespace.equals(host) ? mac(far, "og1") : mac(host, "og3");
    }

    /**
     * From here on no packet waits for a link address, and all go by one next hop. One that waited leaves in whatever process the answer
     * interrupts, which the eye of kernels before 5.8 cannot tell from its sender.
     */
    void resolveNeighbours() throws IOException {
        run("ip", "-n", host, "route", "add", "10.99.128.0/17", "via", "10.99.0.2");
        for (String next : List.of("10.99.0.2", "fd99::2")) {
            isAt(host, next, "og0");
        }
        for (String next : List.of("10.98.0.1", "fd98::1")) {
            isAt(container, next, "og2");
        }
    }

    private void isAt(String namespace, String next, String device) throws IOException {
        run(
                "ip",
                "-n",
                namespace,
                "neigh",
                "replace",
                next,
                "lladdr",
                nextHop(namespace),
                "dev",
                device,
                "nud",
                "permanent");
    }

    static String device(String host, String namespace) {
        return namespace.equals(host) ? "og0" : "og2";
    }

    /** Runs a generator to its end. */
    public Report attack(String namespace, Map<String, String> environment, List<String> command) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(all).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().putAll(environment);
        String said = output(builder, command);
        String line = said.lines()
                .filter(text -> text.contains("\"sent\""))
                .findFirst()
                .orElseThrow(() -> new AssertionError(command + " said " + said));
        Map<String, Object> json = JSON.std.mapFrom(line);
        List<Integer> pids = new ArrayList<>();
        for (Object pid : (List<?>) json.get("pids")) {
            pids.add(((Number) pid).intValue());
        }
        return new Report(
                number(json, "pid").intValue(),
                pids,
                number(json, "family").intValue() == 1,
                number(json, "uid").intValue(),
                number(json, "sent").longValue(),
                String.valueOf(json.getOrDefault("exe", "")));
    }

    /** Has what the host sends to an address wait in a queue until a program gives it back. */
    public void queueAll(String remote) throws IOException {
        // Not by nft, whose statement for this is a module of its own that not every kernel has.
        in(host, "iptables", "-A", "OUTPUT", "-d", remote, "-j", "NFQUEUE", "--queue-num", QUEUE);
        in(host, "ip6tables", "-A", "OUTPUT", "-d", "fd99::2", "-p", "udp", "-j", "NFQUEUE", "--queue-num", QUEUE);
    }

    /**
     * A program that takes packets from that queue and gives each back.
     *
     * @param pid its number; the one that was started is its parent
     */
    public record Queue(Running running, int pid) implements AutoCloseable {

        /** Ends it; how many packets it gave back. */
        public long end() throws IOException {
            running.process.getOutputStream().close();
            return Long.parseLong(running.readLine());
        }

        @Override
        public void close() throws IOException {
            running.close();
        }
    }

    /** Begins to give back what waits; with an address and a port it sends a datagram of its own there for each packet. */
    public Queue startQueue(String... ownRemoteAndPort) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(ATTACKS.resolve("z_queue").toString(), QUEUE, "" + SECONDS));
        command.addAll(List.of(ownRemoteAndPort));
        Running running = start(host, command.toArray(String[]::new));
        String said = running.readLine();
        if (said == null) {
            running.close();
            throw new AssertionError("no queue");
        }
        return new Queue(running, Integer.parseInt(said));
    }

    /** A program that runs until it ends or this is closed. */
    record Running(Process process, BufferedReader said) implements AutoCloseable {

        String readLine() throws IOException {
            return said.readLine();
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            said.close();
        }
    }

    Running start(String namespace, String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(command));
        Process process = new ProcessBuilder(all)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new Running(process, process.inputReader(StandardCharsets.UTF_8));
    }

    private static Number number(Map<String, Object> json, String key) {
        return (Number) json.get(key);
    }

    static String in(String namespace, String... command) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(command));
        return run(all.toArray(String[]::new));
    }

    static String run(String... command) throws IOException {
        return output(new ProcessBuilder(command).redirectErrorStream(true), List.of(command));
    }

    private static String output(ProcessBuilder builder, List<String> command) throws IOException {
        Process process = builder.redirectInput(Path.of("/dev/null").toFile()).start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new AssertionError(String.join(" ", command) + " failed: " + said);
            }
            return said;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() throws IOException {
        for (String namespace : List.of(host, container, far)) {
            if (Path.of("/run/netns", namespace).toFile().exists()) {
                run("ip", "netns", "delete", namespace);
            }
        }
    }
}
