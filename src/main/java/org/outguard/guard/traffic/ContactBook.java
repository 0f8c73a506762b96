package org.outguard.guard.traffic;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowCount;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.contact.Contacts;
import org.outguard.guard.observation.AttributedCount;
import org.outguard.guard.observation.Uplink;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.TrafficLimits;

/**
 * Tells which of what is sent is a contact, and keeps the memory of all contacts within {@value #MOST_BYTES} bytes and what
 * {@value #LOOK_EVERY} contacts can add: beyond that those of the talkers that have been quiet for longest are forgotten.
 */
public final class ContactBook {

    /** What the contacts of all talkers may take. */
    static final int MOST_BYTES = 16 << 20;

    static final int LOOK_EVERY = 4_096;

    /* Tunnels: IKE and its way through address translation (RFC 3948), OpenVPN, WireGuard. */
    private static final Set<Integer> TUNNEL_PORTS = Set.of(500, 1194, 4_500, 51_820);

    /** What a program that is no service sends from has a higher number (RFC 6335). */
    private static final int FIRST_UNPRIVILEGED = 1_024;

    private final TrafficLimits limits;
    private final Collection<TalkerState> talkers;
    private final SpecialNetworks special = new SpecialNetworks();
    private int sinceLook;

    /**
     * A book of these talkers.
     *
     * @param talkers a view of those that there are
     */
    public ContactBook(Policy policy, Collection<TalkerState> talkers) {
        limits = policy.traffic();
        this.talkers = talkers;
    }

    /** Takes note of where the routes lead; empty where that is not known. */
    public void knows(Optional<Uplink> uplink) {
        special.knows(uplink);
    }

    /** Takes note of what the kernel eye counted, which is all of a connection. */
    void sent(TalkerState talker, AttributedCount count, Endpoint remote) {
        if (count.connects() > 0 || count.protocol() != Protocol.TCP) {
            if (talker.contacts() == null && count.protocol() == Protocol.TCP) {
                talker.newContacts().hearsMore = true;
            }
            met(talker, count.protocol(), count.localPort(), remote, count.lastNanos());
        }
        Contacts contacts = talker.contacts();
        if (count.protocol() == Protocol.TCP && contacts != null) {
            contacts.sent(
                    remote,
                    limits.attackedPorts().contains(remote.port()),
                    count.packets(),
                    count.bytes(),
                    count.connects(),
                    count.lastNanos());
            logIn(
                    talker,
                    remote,
                    count.connects(),
                    Contacts.saysMore(remote, count.packets(), count.bytes(), count.connects()),
                    count.bytes(),
                    count.firstNanos(),
                    count.lastNanos());
        }
    }

    /** Takes note of what the capture counted; the flow is null where it is not followed. */
    void captured(TalkerState talker, FlowCount count, @Nullable FlowState flow) {
        Protocol protocol = count.key().protocol();
        int localPort = count.key().local().port();
        Endpoint remote = count.key().remote();
        if (count.connects() == 0 && protocol == Protocol.TCP) {
            return;
        }
        if (isOfService(protocol, localPort, remote)) {
            talker.addOfService(count.firstSeenNanos(), count.lastSeenNanos(), count.bytes());
        }
        met(talker, protocol, localPort, remote, flow == null ? count.firstSeenNanos() : flow.firstSeenNanos);
        if (flow == null || flow.connects == count.connects()) {
            // What it repeats until it is answered is no further attempt.
            logIn(
                    talker,
                    remote,
                    Math.min(1, count.connects()),
                    true,
                    count.bytes(),
                    count.firstSeenNanos(),
                    count.lastSeenNanos());
        }
    }

    /**
     * Takes note of attempts to connect to a port at which one logs in, and of what else was sent there.
     *
     * @param answered whether there was more than the attempt; true where that is not known
     */
    void logIn(
            TalkerState talker,
            Endpoint remote,
            long connects,
            boolean answered,
            long bytes,
            long firstNanos,
            long lastNanos) {
        Contacts contacts = talker.contacts();
        boolean service = limits.serviceLoginPorts().contains(remote.port());
        boolean meant = service
                ? !SpecialNetworks.isSpecial(remote.address())
                : limits.loginPorts().contains(remote.port());
        if (contacts != null && meant) {
            contacts.loggedIn(service, remote, connects, answered, bytes, firstNanos, lastNanos);
        }
    }

    /**
     * Takes note of a contact.
     *
     * @param localPort from where; 0 where that is not known
     */
    void met(TalkerState talker, Protocol protocol, int localPort, Endpoint remote, long atNanos) {
        if (!isContact(protocol, localPort, remote)) {
            return;
        }
        Contacts contacts = talker.contacts();
        if (contacts == null) {
            contacts = talker.newContacts();
        }
        contacts.met(
                protocol,
                remote,
                limits.attackedPorts().contains(remote.port()),
                special.isUnrouted(remote.address()),
                atNanos);
        if (++sinceLook >= LOOK_EVERY) {
            makeRoom();
        }
    }

    /** What was charged to one talker turned out to be another's. */
    void moved(FlowState flow, TalkerState from, TalkerState to) {
        boolean connected = flow.key.protocol() != Protocol.TCP || flow.connects > 0;
        if (!connected || to == from) {
            return;
        }
        met(to, flow.key.protocol(), flow.key.local().port(), flow.key.remote(), flow.firstSeenNanos);
        if (flow.key.protocol() == Protocol.TCP) {
            logIn(
                    to,
                    flow.key.remote(),
                    Math.min(1, flow.connects),
                    true,
                    flow.bytes,
                    flow.firstSeenNanos,
                    flow.lastSeenNanos);
            logIn(
                    from,
                    flow.key.remote(),
                    -Math.min(1, flow.connects),
                    true,
                    -flow.bytes,
                    flow.firstSeenNanos,
                    flow.lastSeenNanos);
        }
        Contacts contacts = from.contacts();
        if (contacts != null) {
            Endpoint remote = flow.key.remote();
            contacts.forget(remote, limits.attackedPorts().contains(remote.port()), flow.firstSeenNanos);
        }
    }

    /**
     * Whether UDP leaves from a port of a service, which others ask or speak through: a reflector's ports have limits of their own.
     *
     * @param localPort 0 where it is not known
     */
    static boolean isOfService(Protocol protocol, int localPort, Endpoint remote) {
        boolean answers = localPort > 0 && localPort < FIRST_UNPRIVILEGED && remote.port() >= FIRST_UNPRIVILEGED;
        return protocol == Protocol.UDP && (answers || TUNNEL_PORTS.contains(localPort));
    }

    private static boolean isContact(Protocol protocol, int localPort, Endpoint remote) {
        IpAddress address = remote.address();
        boolean isAnswer = protocol != Protocol.TCP
                && localPort > 0
                && localPort < FIRST_UNPRIVILEGED
                && remote.port() >= FIRST_UNPRIVILEGED;
        boolean asks = protocol.hasPorts() || protocol == Protocol.ICMP || protocol == Protocol.ICMPV6;
        return asks && !isAnswer && !address.loopback() && !isToMany(address);
    }

    /* Multicast and broadcast. */
    private static boolean isToMany(IpAddress address) {
        return address.v6()
                ? address.high() >>> 56 == 0xff
                : (address.low() >>> 28 & 0xf) == 0xe || (address.low() & 0xffff_ffffL) == 0xffff_ffffL;
    }

    private void makeRoom() {
        sinceLook = 0;
        long used = bytes();
        if (used <= MOST_BYTES) {
            return;
        }
        List<TalkerState> quiet = talkers.stream()
                .filter(talker -> talker.contacts() != null)
                .sorted(Comparator.comparing((TalkerState talker) -> talker.judgement.verdict())
                        .thenComparingLong(talker -> talker.lastSeenNanos))
                .toList();
        for (TalkerState talker : quiet) {
            if (used <= MOST_BYTES / 2) {
                return;
            }
            used -= talker.forgetContacts();
        }
    }

    /** What all contacts take, in bytes, about. */
    long bytes() {
        long sum = 0;
        for (TalkerState talker : talkers) {
            Contacts contacts = talker.contacts();
            sum += contacts == null ? 0 : contacts.bytes();
        }
        return sum;
    }
}
