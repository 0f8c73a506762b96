package org.outguard.guard.traffic;

import java.util.Optional;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.guard.contact.Answers;
import org.outguard.guard.contact.Dealings;
import org.outguard.guard.contact.ForeignMail;
import org.outguard.guard.contact.LongContacts;
import org.outguard.guard.contact.Requests;
import org.outguard.guard.contact.WebLoads;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.Listings;
import org.outguard.guard.policy.MailUsers;
import org.outguard.guard.policy.ReflectorPort;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.owner.Owner;

/** Takes note of what talkers do with single destinations, where they are judged by that. */
public final class DealingBook {

    /** What a program that is no service sends from has a higher number (RFC 6335, and Linux hands them out from 32,768). */
    private static final int EPHEMERAL = 32_768;

    private static final int FIRST_UNPRIVILEGED = 1_024;

    private final MailUsers mailUsers;
    private final Requests requests = new Requests();
    private Listings listings = Listings.NONE;

    public DealingBook(MailUsers mailUsers) {
        this.mailUsers = mailUsers;
    }

    /** Replaces what feeds list. */
    public void knows(Listings now) {
        listings = now;
    }

    /** Takes note of what asks the services of this machine. */
    public void asked(TrafficObservation.RequestsCounted counted, long nowNanos) {
        requests.add(counted, nowNanos);
    }

    /**
     * Takes note of what was sent.
     *
     * @param localPort from where; 0 where that is not known
     * @param packets negative, as the other counts, to take out what turned out to be another's
     */
    void sent(
            TalkerState talker,
            Protocol protocol,
            int localPort,
            Endpoint remote,
            long packets,
            long bytes,
            long connects,
            long firstNanos,
            long lastNanos) {
        Dealings dealings = talker.dealings;
        if (talker.traffic == TrafficClass.MAIL && isForeign(talker)) {
            if (dealings.mail == null) {
                dealings.mail = new ForeignMail(remote);
            }
            dealings.mail.add(remote, bytes, connects, firstNanos, lastNanos);
        }
        boolean web =
                (remote.port() == 80 || remote.port() == 443) && (localPort == 0 || localPort >= FIRST_UNPRIVILEGED);
        if (web && dealings.webIsBusy) {
            if (dealings.web == null) {
                dealings.web = new WebLoads();
            }
            dealings.web.add(remote, packets, bytes, connects, firstNanos, lastNanos);
        }
        if (protocol == Protocol.UDP && ReflectorPort.of(localPort).isPresent()) {
            if (dealings.answers == null) {
                dealings.answers = new Answers(requests);
            }
            dealings.answers.add(localPort, remote, bytes, firstNanos, lastNanos);
        }
        if (packets <= 0 || remote.address().loopback()) {
            return;
        }
        Optional<Owner> owner = talker.attribution.knownOwner();
        boolean stream = talker.traffic == TrafficClass.TCP
                || talker.traffic == TrafficClass.MAIL
                || talker.traffic == TrafficClass.UDP;
        if (stream
                && owner.isPresent()
                && dealings.oddity(owner.get(), lastNanos).isPresent()) {
            if (dealings.beacons == null) {
                dealings.beacons = new LongContacts();
            }
            dealings.beacons.add(remote, bytes, connects, firstNanos, lastNanos);
        }
        if (!listings.isEmpty() && isTurnedTo(talker, protocol, localPort, remote, connects)) {
            listings.find(remote.address()).ifPresent(listing -> {
                dealings.listing = listing;
                dealings.listed = remote;
                dealings.listedNanos = lastNanos;
                dealings.toListed += packets;
            });
        }
    }

    /** What was charged to one talker turned out to be another's. */
    void moved(FlowState flow, TalkerState from, TalkerState to) {
        moved(flow, to, 1);
        moved(flow, from, -1);
    }

    private void moved(FlowState flow, TalkerState talker, int sign) {
        sent(
                talker,
                flow.key.protocol(),
                flow.key.local().port(),
                flow.key.remote(),
                sign * flow.packets,
                sign * flow.bytes,
                sign * flow.connects,
                flow.firstSeenNanos,
                flow.lastSeenNanos);
    }

    /* Whoever asks from outside is answered, and is no choice of ours. */
    private static boolean isTurnedTo(
            TalkerState talker, Protocol protocol, int localPort, Endpoint remote, long connects) {
        return switch (protocol) {
            case TCP -> connects > 0;
            case UDP, UDPLITE ->
                talker.traffic == TrafficClass.UDP
                        && (localPort == 0 || localPort >= EPHEMERAL || remote.port() < FIRST_UNPRIVILEGED);
            default -> false;
        };
    }

    /* Whose it is may become known later. */
    private boolean isForeign(TalkerState talker) {
        return talker.mail == null && !mailUsers.deliver(talker.attribution);
    }
}
