package org.outguard.kernel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.kernel.socket.SocketFiles;
import org.outguard.kernel.socket.SocketRecord;

/**
 * The SSH session that this process runs in, by its ancestors and by the variable SSH_CONNECTION (ssh(1)), and the ports
 * at which this machine answers.
 *
 * <p>Neither is always there: sudo removes the variable, and a terminal multiplexer is nobody's child. Where both are
 * missing, every session counts.
 */
public final class SshSessions {

    private static final int DEFAULT_PORT = 22;
    private static final int FIRST_FREE_PORT = 1024;
    private static final int MOST_ANCESTORS = 64;

    private final Path proc;
    private final Set<Endpoint> peers = new LinkedHashSet<>();
    private final Set<Integer> ports = new LinkedHashSet<>(Set.of(DEFAULT_PORT));
    private final Set<Integer> served = new LinkedHashSet<>();
    private final Set<Endpoint> clients = new LinkedHashSet<>();
    private final List<Integer> daemons = new ArrayList<>();
    private List<SocketRecord> here = List.of();

    private SshSessions(Path proc) {
        this.proc = proc;
    }

    /**
     * Looks once.
     *
     * @param proc where procfs is
     * @param self this process
     * @param connection the variable; empty where it is not set
     * @param listening ports at which sshd is known to listen
     */
    public static SshSessions find(Path proc, int self, String connection, Set<Integer> listening) {
        SshSessions sessions = new SshSessions(proc);
        sessions.ports.addAll(listening);
        sessions.variable(connection);
        sessions.ancestors(self);
        List<SocketRecord> here = tcp(proc.resolve("thread-self/net"));
        sessions.here = here;
        for (SocketRecord socket : here) {
            if (socket.state() == SocketRecord.LISTEN
                    && socket.local().port() < FIRST_FREE_PORT
                    && !socket.local().address().loopback()) {
                sessions.served.add(socket.local().port());
            }
        }
        here.stream()
                .filter(socket -> socket.state() == SocketRecord.ESTABLISHED)
                .filter(socket -> sessions.ports.contains(socket.local().port()))
                .forEach(socket -> sessions.clients.add(socket.remote()));
        if (sessions.peers.isEmpty()) {
            sessions.peers.addAll(sessions.clients);
        }
        return sessions;
    }

    /** Far ends of the sessions. */
    public Set<Endpoint> peers() {
        return Set.copyOf(peers);
    }

    /** Far ends of every session, whoever runs in it. */
    public Set<Endpoint> clients() {
        return Set.copyOf(clients);
    }

    /** TCP sockets of this network namespace. */
    public List<SocketRecord> sockets() {
        return here;
    }

    /** Ports at which sshd answers. */
    public Set<Integer> ports() {
        return Set.copyOf(ports);
    }

    /** Ports below 1024 at which anything answers that is not on loopback. */
    public Set<Integer> served() {
        return Set.copyOf(served);
    }

    /** Processes of sshd above this one. */
    public List<Integer> daemons() {
        return List.copyOf(daemons);
    }

    /* Client's address and port, server's address and port. */
    private void variable(String connection) {
        String[] words = connection.strip().split("\\s+");
        if (words.length == 4) {
            Optional<IpAddress> client = IpAddress.parse(words[0].replaceFirst("%.*", ""));
            try {
                int clientPort = Integer.parseInt(words[1]);
                client.ifPresent(address -> peers.add(new Endpoint(address, clientPort)));
                ports.add(Integer.parseInt(words[3]));
            } catch (IllegalArgumentException e) {
                // Whoever sets it to something else gains nothing: it only adds to what is not blocked.
            }
        }
    }

    private void ancestors(int self) {
        int pid = self;
        for (int i = 0; i < MOST_ANCESTORS && pid > 1; i++) {
            Optional<String[]> found = nameAndParent(pid);
            if (found.isEmpty()) {
                return;
            }
            if (found.get()[0].startsWith("sshd")) {
                daemons.add(pid);
                sockets(pid);
            }
            pid = Integer.parseInt(found.get()[1]);
        }
    }

    /* The name stands in parentheses and may hold any of them (proc_pid_stat(5)). */
    private Optional<String[]> nameAndParent(int pid) {
        try {
            String stat =
                    Files.readString(proc.resolve(Integer.toString(pid)).resolve("stat"), StandardCharsets.ISO_8859_1);
            int end = stat.lastIndexOf(')');
            String[] rest = stat.substring(end + 2).split(" ");
            return Optional.of(new String[] {stat.substring(stat.indexOf('(') + 1, end), rest[1]});
        } catch (IOException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private void sockets(int pid) {
        Path process = proc.resolve(Integer.toString(pid));
        Set<Long> inodes = new HashSet<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                String link = Files.readSymbolicLink(descriptor).toString();
                if (link.startsWith("socket:[")) {
                    inodes.add(Long.parseLong(link.substring(8, link.length() - 1)));
                }
            }
        } catch (IOException | RuntimeException e) {
            // Not ours to read, or just closed; the variable may still say.
            return;
        }
        for (SocketRecord socket : tcp(process.resolve("net"))) {
            if (inodes.contains(socket.inode())) {
                if (socket.state() == SocketRecord.ESTABLISHED) {
                    peers.add(socket.remote());
                }
                ports.add(socket.local().port());
            }
        }
    }

    private static List<SocketRecord> tcp(Path net) {
        List<SocketRecord> sockets = new ArrayList<>();
        SocketFiles files = new SocketFiles(net);
        files.addInet("tcp", SocketRecord.Kind.INET, false, Protocol.TCP.number(), sockets);
        files.addInet("tcp", SocketRecord.Kind.INET, true, Protocol.TCP.number(), sockets);
        return sockets;
    }
}
