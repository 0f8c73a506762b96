package org.outguard.guard.traffic;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ObjDoubleConsumer;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.flow.RateWindow;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.contact.Contacts;
import org.outguard.guard.contact.Dealings;
import org.outguard.guard.detect.Judge;
import org.outguard.guard.detect.Victims;
import org.outguard.guard.observation.SmtpReport;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.reconcile.DestinationCounters;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** The running totals of one talker. Its sums are exact; only the list of destinations is bounded. */
public final class TalkerState {

    private static final int MAX_PIDS = 256;

    public final String id;
    public final TrafficClass traffic;
    public final Protocol protocol;
    public final boolean owned;

    /** Whether its packets are those of others once more, see {@link Victims}. */
    public boolean isVictim;

    /** Whether it is what many send of whom none is known, so that its contacts are no one's. */
    public boolean isOfMany;

    public Attribution attribution;
    private final SentAs sentAs = new SentAs();

    /** Worst judgement of late; see {@link Judge}. */
    public Judgement judgement = Judgement.clean(OffenceKind.UDP_FLOOD, "not judged yet", 0);

    /** Packets a second from which it is OFFENDING; 0 where it is not judged by packets. */
    public long limit;

    public long judgedNanos;

    /** The worst that was ever thought of it: a replay tells of the whole trace. */
    public Judgement worst = judgement;

    /** Whether its judgement may change. */
    public final Wakefulness wakefulness;

    /** Whether the last picture showed it with a verdict. */
    public boolean shown;

    public long packets;
    long bytes;
    long connects;
    public long firstSeenNanos = Long.MAX_VALUE;
    public long lastSeenNanos = Long.MIN_VALUE;
    public final RateWindow packetRate = new RateWindow(60);
    public final RateWindow byteRate = new RateWindow(60);
    public final RateWindow connectRate = new RateWindow(60);

    /** Whose mail it is, where it is a mail system's and the submitter is known. */
    @Nullable
    public SubmitterTraffic mail;

    /** What was heard of its SMTP; null where nothing was. */
    private @Nullable SmtpTally smtp;

    /** The most packets and bytes of one second since the talker was judged before. */
    public double peakPackets;

    double peakBytes;

    public final RemoteTable remotes = new RemoteTable();
    final Set<ProcessId> pids = new LinkedHashSet<>();
    int unlistedRemotes;

    /** The busiest destinations as they were shown last; null where they have changed since. */
    private @Nullable List<Talker.RemoteTotal> listed;

    private int listedMost;
    long unaccountedPackets;
    long unaccountedBytes;
    long kernelPackets;
    long kernelBytes;

    private @Nullable RateWindow serviceBytes;

    public final Dealings dealings = new Dealings();

    /** Whom it has turned to of late; null where it has turned to nobody. */
    private @Nullable Contacts contacts;

    public TalkerState(
            String id,
            TrafficClass traffic,
            Protocol protocol,
            boolean owned,
            Attribution attribution,
            Set<TalkerState> awake) {
        this.wakefulness = new Wakefulness(this, awake);
        this.id = id;
        this.traffic = traffic;
        this.protocol = protocol;
        this.owned = owned;
        this.attribution = attribution;
    }

    /** The talker that took this one in, so that flows that still name this one are charged there. */
    private @Nullable TalkerState successor;

    /** This talker, or the one that took it in. */
    TalkerState current() {
        TalkerState last = this;
        while (last.successor != null) {
            last = last.successor;
        }
        return last;
    }

    /**
     * Takes another talker in: all that it was charged with is this one's.
     *
     * @return how many destinations the two had in common, which are listed once from here on
     */
    int absorb(TalkerState other) {
        packets += other.packets;
        bytes += other.bytes;
        connects += other.connects;
        packetRate.addAll(other.packetRate);
        byteRate.addAll(other.byteRate);
        connectRate.addAll(other.connectRate);
        wakefulness.charged();
        seen(other.firstSeenNanos, other.lastSeenNanos);
        other.pids.forEach(this::addPid);
        unlistedRemotes += other.unlistedRemotes;
        if (other.smtp != null) {
            smtp().addAll(other.smtp);
        }
        int before = remotes.size() + other.remotes.size();
        listed = null;
        remotes.addAll(other.remotes);
        addContactsOf(other);
        other.contacts = null;
        addServiceBytesOf(other);
        dealings.addAll(other.dealings, other.lastSeenNanos);
        other.successor = this;
        addUnaccounted(other.unaccountedPackets, other.unaccountedBytes);
        addInKernel(other.kernelPackets, other.kernelBytes);
        return before - remotes.size();
    }

    /** Whom it has turned to of late; null where nothing is known of that. */
    @Nullable
    public Contacts contacts() {
        return contacts;
    }

    /** Begins to take note of that. */
    Contacts newContacts() {
        contacts = new Contacts();
        return contacts;
    }

    /**
     * Forgets them.
     *
     * @return how many bytes they took
     */
    int forgetContacts() {
        int bytes = contacts == null ? 0 : contacts.bytes();
        contacts = null;
        return bytes;
    }

    private void addServiceBytesOf(TalkerState other) {
        if (other.serviceBytes != null) {
            serviceBytes = serviceBytes == null ? new RateWindow(10) : serviceBytes;
            serviceBytes.addAll(other.serviceBytes);
        }
    }

    public void addContactsOf(TalkerState other) {
        if (other.contacts != null) {
            (contacts == null ? newContacts() : contacts).addAll(other.contacts, other.lastSeenNanos);
        }
    }

    /** Takes note of what it was heard to say to a mail server. */
    public void heard(SmtpReport report) {
        wakefulness.charged();
        smtp().add(report);
    }

    private SmtpTally smtp() {
        if (smtp == null) {
            smtp = new SmtpTally();
        }
        return smtp;
    }

    /** What was heard of its SMTP, where something was. */
    public Optional<SmtpTally> heard() {
        return Optional.ofNullable(smtp);
    }

    /** Keeps what was thought of another whose every flow turned out to be this one's, also where that is over by now. */
    void inherit(TalkerState other) {
        if (other.judgement.verdict().compareTo(judgement.verdict()) > 0) {
            judgement = other.judgement;
            judgedNanos = other.judgedNanos;
            wakefulness.charged();
        }
    }

    /** As whom its process sent; counts where that process is the talker's. */
    void sentAs(Attribution sender, long nanos) {
        if (sender instanceof Attribution.Exact exact
                && attribution
                        .knownOwner()
                        .map(Owner::id)
                        .equals(Optional.of(exact.owner().id()))) {
            attribution = sentAs.add(exact, nanos);
        }
    }

    /** Names a further process; the first one stays first. */
    public void addPidsOf(TalkerState other) {
        other.pids.forEach(this::addPid);
    }

    /** Tells each destination of the last second with its packets a second. */
    public void forEachRate(long nowNanos, ObjDoubleConsumer<Endpoint> told) {
        if (remotes.size() == 1 && unlistedRemotes == 0) {
            told.accept(remotes.busiest(1).get(0).remote(), packetRate.perSecond(nowNanos, 1));
        } else {
            remotes.forEachRate(nowNanos, told);
        }
    }

    void addPid(ProcessId pid) {
        if (pids.size() < MAX_PIDS) {
            pids.add(pid);
        }
    }

    /** Counts traffic; negative amounts take it out again when it turns out to be somebody else's. */
    public void add(long firstNanos, long lastNanos, long packetCount, long byteCount, long connectCount) {
        packets += packetCount;
        bytes += byteCount;
        connects += connectCount;
        packetRate.add(firstNanos, lastNanos, packetCount);
        byteRate.add(firstNanos, lastNanos, byteCount);
        if (connectCount != 0) {
            connectRate.add(firstNanos, lastNanos, connectCount);
        }
        wakefulness.charged();
    }

    /** Takes the highest rates since the last call. */
    public void measure(long nowNanos) {
        peakPackets = packetRate.peak(nowNanos, 1);
        peakBytes = byteRate.peak(nowNanos, 1);
    }

    public void seen(long firstNanos, long lastNanos) {
        firstSeenNanos = Math.min(firstSeenNanos, firstNanos);
        lastSeenNanos = Math.max(lastSeenNanos, lastNanos);
    }

    /**
     * Counts traffic to a destination.
     *
     * @return whether a new destination was listed
     */
    public boolean addRemote(
            Endpoint remote, long firstNanos, long lastNanos, long packetCount, long byteCount, boolean room) {
        listed = null;
        int added = remotes.add(remote, firstNanos, lastNanos, packetCount, byteCount, room);
        unlistedRemotes += added < 0 ? 1 : 0;
        return added > 0;
    }

    /**
     * Takes one flow's part of a destination out again.
     *
     * @return whether nothing of that destination is left
     */
    boolean removeRemote(Endpoint remote, long packetCount, long byteCount) {
        listed = null;
        return remotes.remove(remote, packetCount, byteCount);
    }

    /** Takes note of what both eyes counted of a destination that is listed. */
    void sentTo(Endpoint remote, @Nullable DestinationCounters both) {
        if (both != null) {
            remotes.hold(remote, both);
        }
    }

    /** That of a destination; null where it has none. */
    @Nullable
    DestinationCounters both(Endpoint remote) {
        return remotes.both(remote);
    }

    /** Says that so much of what it was charged with is what the wire has more than the kernel eye accounts for. */
    void addUnaccounted(long packetCount, long byteCount) {
        unaccountedPackets += packetCount;
        unaccountedBytes += byteCount;
    }

    /** Says that so much of what it was charged with is the kernel eye's count. */
    void addInKernel(long packetCount, long byteCount) {
        kernelPackets += packetCount;
        kernelBytes += byteCount;
    }

    public int listedRemotes() {
        return remotes.size();
    }

    public boolean hasRemote(Endpoint remote) {
        return remotes.contains(remote);
    }

    public boolean sendsTo(BlockTarget.Remote network, int port) {
        return remotes.any(r -> (port == 0 || r.port() == port) && network.contains(r.address()));
    }

    public boolean sendsOnlyTo(Set<IpAddress> addresses) {
        return unlistedRemotes == 0 && !remotes.any(remote -> !addresses.contains(remote.address()));
    }

    public boolean sendsToPort(int port) {
        return remotes.any(r -> r.port() == port);
    }

    /** Takes note of bytes, counted already, that left from a port of a service: answers, and what a tunnel carries. */
    void addOfService(long firstNanos, long lastNanos, long byteCount) {
        if (serviceBytes == null) {
            serviceBytes = new RateWindow(10);
        }
        serviceBytes.add(firstNanos, lastNanos, byteCount);
    }

    /** Such bytes a second, over so many seconds, 10 at most. */
    public double serviceBytes(long nowNanos, int seconds) {
        return serviceBytes == null ? 0 : serviceBytes.perSecond(nowNanos, seconds);
    }

    /** Bytes to one destination in the last second, by its packets and their mean length; the most of all. */
    public double busiestRemoteBytes(long nowNanos) {
        return remotes.size() == 1 && unlistedRemotes == 0
                ? byteRate.perSecond(nowNanos, 1)
                : remotes.mostBytes(nowNanos);
    }

    /** The highest rate to one destination since this was asked last. */
    public double busiestRemoteRate(long nowNanos) {
        return remotes.size() == 1 && unlistedRemotes == 0 ? peakPackets : remotes.peak(nowNanos);
    }

    /** Its busiest destinations, busiest first. */
    List<Talker.RemoteTotal> busiest(int most) {
        if (listed == null || listedMost != most) {
            listedMost = most;
            listed = remotes.busiest(most);
        }
        return listed;
    }

    static Talker.Rates rates(RateWindow packets, RateWindow bytes, long nowNanos) {
        return new Talker.Rates(
                packets.perSecond(nowNanos, 1),
                packets.perSecond(nowNanos, 10),
                packets.perSecond(nowNanos, 60),
                bytes.perSecond(nowNanos, 1) * 8);
    }
}
