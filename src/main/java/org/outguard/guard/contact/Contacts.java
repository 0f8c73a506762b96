package org.outguard.guard.contact;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.stats.Reach;

/**
 * Whom a talker has turned to of late, by port and by address: what a scan is told by. A contact is an attempt to connect by
 * TCP, or a packet of another protocol. Bounded to {@value #MOST_BYTES} bytes: of ports and addresses beyond those that there
 * is room for, the longest unused are forgotten, while the sums over all of them go on.
 */
public final class Contacts {

    /** Ports, not attacked ones, that are told apart. */
    static final int PORTS = 8;

    /** Addresses whose ports are told apart. */
    static final int ADDRESSES = 4;

    /** Two for each port, for attacked ones, and for all; one for each address and for unrouted ones. */
    static final int MOST_BYTES =
            (2 * (PORTS + 2) + ADDRESSES + 1) * Reach.MOST_BYTES + 2 * LoginConnections.MOST_BYTES;

    /** From here on ports are handed out to whoever asks, and those that FTP servers name for one file among them. */
    private static final int EPHEMERAL = 32_768;

    private static final int FTP = 21;
    private static final int FIRST_UNPRIVILEGED = 1_024;

    /** So many bytes of a packet may be headers of IP and TCP (RFC 9293: 20, and options of 20 that are usual). */
    private static final int HEADERS_V4 = 60;

    private static final int HEADERS_V6 = 80;

    /** Whoever gets so many packets more than attempts to connect has answered. */
    private static final int CONVERSATION = 6;

    /** Destinations at one port, and to which of them something was said. */
    public static final class Group {
        public final Reach met = new Reach();
        public final Reach spokenTo = new Reach();

        void addAll(Group other, long nowNanos) {
            met.addAll(other.met, nowNanos);
            spokenTo.addAll(other.spokenTo, nowNanos);
        }

        int bytes() {
            return met.bytes() + spokenTo.bytes();
        }
    }

    public final Group attacked = new Group();
    public final Group all = new Group();
    public final Reach unrouted = new Reach();
    private final Latest<Long, Group> ports = new Latest<>(PORTS);
    private final Latest<Long, Reach> addresses = new Latest<>(ADDRESSES);

    /** Attempts to log in to machines, and to mailboxes and databases; null where there were none. */
    @Nullable
    public LoginConnections logins;

    @Nullable
    public LoginConnections serviceLogins;

    /** The attacked port that was met last, and whether there was another. */
    public int attackedPort;

    public boolean attackedPorts;

    /** The address whose port was met last. */
    @Nullable
    IpAddress lastAddress;

    /** Whether packets behind an attempt to connect are counted as well, so that it shows who was spoken to. */
    public boolean hearsMore;

    /** The FTP server that was spoken to last, or met where no more is known: each file has a port of its own (RFC 959). */
    private @Nullable IpAddress fileServer;

    /**
     * Takes note of a contact.
     *
     * @param isAttacked whether its port is one of those
     * @param isUnrouted whether nothing but the default route leads there
     */
    public void met(Protocol protocol, Endpoint remote, boolean isAttacked, boolean isUnrouted, long atNanos) {
        long address = hash(remote.address(), 0);
        long endpoint = hash(remote.address(), remote.port());
        all.met.add(endpoint, atNanos);
        if (isUnrouted) {
            unrouted.add(address, atNanos);
        }
        if (isAttacked) {
            attacked.met.add(endpoint, atNanos);
            attackedPorts |= attackedPort != 0 && attackedPort != remote.port();
            attackedPort = remote.port();
        } else {
            ports.at((long) remote.port(), Group::new).met.add(address, atNanos);
        }
        if (protocol == Protocol.TCP && remote.port() == FTP && !hearsMore) {
            fileServer = remote.address();
        }
        boolean ofFile = remote.port() >= FIRST_UNPRIVILEGED && remote.address().equals(fileServer);
        if (protocol.hasPorts() && remote.port() < EPHEMERAL && !ofFile) {
            addresses.at(address, Reach::new).add(hash(remote.port()), atNanos);
            lastAddress = remote.address();
        }
    }

    /**
     * Takes note of what was sent by TCP, whether or not it has attempts to connect.
     *
     * @param connects how many of the packets were such
     */
    public void sent(Endpoint remote, boolean isAttacked, long packets, long bytes, long connects, long atNanos) {
        hearsMore = true;
        if (!saysMore(remote, packets, bytes, connects)) {
            return;
        }
        if (remote.port() == FTP) {
            fileServer = remote.address();
        }
        long endpoint = hash(remote.address(), remote.port());
        spoken(all, endpoint, connects, atNanos);
        if (isAttacked) {
            spoken(attacked, endpoint, connects, atNanos);
        } else {
            Group group = ports.get((long) remote.port());
            if (group != null) {
                spoken(group, hash(remote.address(), 0), connects, atNanos);
            }
        }
    }

    /** Whether that is more than attempts to connect and their acknowledgements. */
    public static boolean saysMore(Endpoint remote, long packets, long bytes, long connects) {
        long headers = packets * (remote.address().v6() ? HEADERS_V6 : HEADERS_V4);
        return bytes > headers || packets - connects >= CONVERSATION;
    }

    /* An answer to somebody who connected to us is said to nobody that was met. */
    private static void spoken(Group group, long hash, long connects, long atNanos) {
        if (connects > 0 || group.met.isSketch() || group.met.knows(hash)) {
            group.spokenTo.add(hash, atNanos);
        }
    }

    /**
     * Takes note of attempts to log in.
     *
     * @param service whether to a mailbox or database
     * @param connects negative to take them out again
     * @param answered whether there was more than the attempt
     */
    public void loggedIn(
            boolean service,
            Endpoint remote,
            long connects,
            boolean answered,
            long bytes,
            long firstNanos,
            long lastNanos) {
        LoginConnections to = service ? serviceLogins : logins;
        if (to == null) {
            if (connects <= 0) {
                return;
            }
            to = newLogins(service);
        }
        to.add(hash(remote.address(), remote.port()), remote.port(), connects, answered, bytes, firstNanos, lastNanos);
    }

    private LoginConnections newLogins(boolean service) {
        LoginConnections made = new LoginConnections();
        if (service) {
            serviceLogins = made;
        } else {
            logins = made;
        }
        return made;
    }

    /** Takes a contact out again that turned out to be another's, as far as it can be. */
    public void forget(Endpoint remote, boolean isAttacked, long atNanos) {
        long address = hash(remote.address(), 0);
        long endpoint = hash(remote.address(), remote.port());
        all.met.remove(endpoint, atNanos);
        unrouted.remove(address, atNanos);
        if (isAttacked) {
            attacked.met.remove(endpoint, atNanos);
        } else {
            Group group = ports.get((long) remote.port());
            if (group != null) {
                group.met.remove(address, atNanos);
            }
        }
        Reach ofAddress = addresses.get(address);
        if (ofAddress != null) {
            ofAddress.remove(hash(remote.port()), atNanos);
        }
    }

    public void addAll(Contacts other, long nowNanos) {
        attacked.addAll(other.attacked, nowNanos);
        all.addAll(other.all, nowNanos);
        unrouted.addAll(other.unrouted, nowNanos);
        other.ports.forEach((port, group) -> ports.at(port, Group::new).addAll(group, nowNanos));
        other.addresses.forEach(
                (address, reach) -> addresses.at(address, Reach::new).addAll(reach, nowNanos));
        attackedPorts |= other.attackedPorts || attackedPort != 0 && other.attackedPort != attackedPort;
        attackedPort = other.attackedPort == 0 ? attackedPort : other.attackedPort;
        lastAddress = other.lastAddress == null ? lastAddress : other.lastAddress;
        hearsMore |= other.hearsMore;
        if (other.logins != null) {
            (logins == null ? newLogins(false) : logins).addAll(other.logins, nowNanos);
        }
        if (other.serviceLogins != null) {
            (serviceLogins == null ? newLogins(true) : serviceLogins).addAll(other.serviceLogins, nowNanos);
        }
    }

    /** By port, the longest unused first. */
    public Map<Long, Group> ports() {
        return ports;
    }

    /** The most ports of one address that were met for the first time within the last minute. */
    public long mostPortsOfOne(long nowNanos) {
        long most = 0;
        for (Reach reach : addresses.values()) {
            most = Math.max(most, reach.freshOfMinute(nowNanos));
        }
        return most;
    }

    /** What it takes, in bytes, about. */
    public int bytes() {
        int bytes = (logins == null ? 0 : logins.bytes()) + (serviceLogins == null ? 0 : serviceLogins.bytes());
        bytes += attacked.bytes() + all.bytes() + unrouted.bytes();
        for (Group group : ports.values()) {
            bytes += group.bytes();
        }
        for (Reach reach : addresses.values()) {
            bytes += reach.bytes();
        }
        return bytes;
    }

    static long hash(IpAddress address, int port) {
        return hash(
                hash(address.high() * 31 + (address.v6() ? 1 : 0)) ^ hash(address.low() + 0x9e3779b97f4a7c15L) + port);
    }

    /* The finisher of SplittableRandom, which spreads it over all bits. */
    private static long hash(long value) {
        long hash = value + 0x9e3779b97f4a7c15L;
        hash = (hash ^ hash >>> 30) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ hash >>> 27) * 0x94d049bb133111ebL;
        return hash ^ hash >>> 31;
    }
}
