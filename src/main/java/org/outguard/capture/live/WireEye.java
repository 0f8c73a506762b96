package org.outguard.capture.live;

import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.outguard.capture.EvidenceRing;
import org.outguard.capture.JavaLoop;
import org.outguard.capture.NativeLoop;
import org.outguard.capture.WireLoop;
import org.outguard.capture.smtp.SmtpTap;
import org.outguard.flow.Destination;
import org.outguard.flow.FlowBatch;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.observation.TrafficObservation.SourceState;

/**
 * Watches what leaves by one interface, on the thread that calls {@link #run}, until {@link #stop}.
 *
 * <p>The direction decides, not the source address: forged sources are what an attacker sends. On the loopback
 * interface, where nothing leaves, it shows what programs of this machine send to each other.
 *
 * <p>pcap4j and libpcap are loaded in {@link #run}, not before: that takes a third of a second. The thread's network
 * namespace is the one that is watched.
 */
public final class WireEye implements Runnable {

    /** As many destinations are left out at a time. */
    public static final int MOST_LEFT_OUT = LeaveOut.MOST;

    /** The pseudo-interface of all interfaces. */
    public static final String ANY = LiveDevice.ANY;

    private static final int MOST_PACKETS_AT_ONCE = 16_384;
    private static final long DRAIN_NANOS = 100_000_000L;
    private static final long LOOK_NANOS = 500_000_000L;
    /**
     * Each look costs, and the later one comes, the more of what another core wrote has come out of that core's own cache. In so
     * long 1.4 million packets a second of any size fill three quarters of the large ring.
     */
    private static final long IDLE_NANOS = 150_000_000L;
    /** In so long 170,000 packets a second fill three quarters of the small one. */
    private static final long SMALL_RING_IDLE_NANOS = 100_000_000L;
    /** After this many packets in one go the flood may well be one that fills it sooner. */
    private static final long MANY_PACKETS = 40_000;

    private static final long SHORT_IDLE_NANOS = 25_000_000L;

    /* More than the age at which the kernel hands over a block that is not full. */
    private static final long QUIET_NANOS = 150_000_000L;
    private static final long FLOOD_NANOS = 250_000_000L;
    private static final long MOST_LAST_NANOS = 2_000_000_000L;

    private final String name;
    private final LongSupplier nanoTime;
    private final Consumer<Observation> sink;

    private final WireLoop loop;
    private final LeaveOut leaveOut = new LeaveOut();
    private final CaptureDutyCycle dutyCycle = new CaptureDutyCycle();
    private final CountDownLatch stop = new CountDownLatch(1);

    /* Of devices that were open before this one: the counters of a source never go back. */
    private long receivedBefore;
    private long droppedBefore;
    /* Packets of those devices. */
    private long handedOverBefore;
    private SourceState state = SourceState.WAITING;
    private String reason = "";
    private boolean interrupted;
    private Set<Destination> toldOut = Set.of();
    private boolean toldGlances;
    private volatile int ringBytes = LiveDevice.LARGE_RING_BYTES;

    /**
     * An eye that has not looked yet.
     *
     * @param name of the interface, or {@link #ANY}
     * @param evidence takes the first packets of each flow
     * @param nanoTime a clock that never goes back, in nanoseconds, such as System.nanoTime
     * @param sink gets flows, health and limits seven to ten times a second, on the thread that runs this
     */
    public WireEye(String name, EvidenceRing evidence, LongSupplier nanoTime, Consumer<Observation> sink) {
        this(name, WireLoop.of(name, evidence), nanoTime, sink);
    }

    WireEye(String name, WireLoop loop, LongSupplier nanoTime, Consumer<Observation> sink) {
        this.name = name;
        this.loop = loop;
        this.nanoTime = nanoTime;
        this.sink = sink;
    }

    /** Ends {@link #run} soon, after the packets that the kernel still holds. From any thread, also before it began. */
    public void stop() {
        stop.countDown();
    }

    /**
     * Leaves these packets in the kernel, instead of those that were left out before, so that they cost the capture
     * nothing: for packets that somebody else counts. It takes up to a second, and each one only begins once
     * {@value LeaveOut#EVIDENCE_PACKETS} of its packets were seen. An empty collection puts all of them back. From any
     * thread.
     *
     * @param packets of more than {@value LeaveOut#MOST} the first; what no filter can tell is seen all the same
     */
    public void leaveOut(Collection<Destination> packets) {
        leaveOut.ask(packets);
    }

    /**
     * Says whether what is left out is so much that the capture may take itself off the interface for most of each second,
     * as long as what it sees in between is next to nothing: else every packet costs its sender the way to the filter. From
     * any thread.
     */
    public void mayRest(boolean worthIt) {
        dutyCycle.allow(worthIt);
    }

    /**
     * Says that somebody else counts every packet, so that a loss of this eye loses none: it changes over to a ring that takes
     * little memory, and may miss what leaves within these few milliseconds. From any thread.
     */
    public void besideAnother() {
        ringBytes = LiveDevice.SMALL_RING_BYTES;
    }

    /** What is left out at the moment, and so not among the counts. */
    public Set<Destination> leftOut() {
        return leaveOut.inForce();
    }

    /**
     * Watches until {@link #stop} or an interrupt; returns early where it cannot go on, after saying FAILED. An
     * interface that is not there is waited for.
     */
    @Override
    public void run() {
        if (name.equals(ANY)) {
            sink.accept(new HostObservation.Degraded(
                    "any",
                    "watching all interfaces at once: a packet that leaves by a bridge, bond, VLAN or tunnel and"
                            + " then by the device below is counted twice"));
        }
        if (loop instanceof JavaLoop) {
            NativeLoop.PROBLEM.ifPresent(problem -> sink.accept(new HostObservation.Degraded(
                    "capture", "packets are taken in Java, at ten times the cost: " + problem)));
        }
        try {
            watchUntilStopped(new Interfaces());
        } catch (LinkageError e) {
            say(SourceState.FAILED, MissingLibrary.reason(e));
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void watchUntilStopped(Interfaces interfaces) {
        while (!isStopping()) {
            switch (open(interfaces)) {
                case OPENED -> pause(DRAIN_NANOS);
                case ANOTHER_RING -> {}
                case NOT_THERE -> pause(LOOK_NANOS);
                case REFUSED -> {
                    return;
                }
            }
        }
    }

    private enum Look {
        OPENED,
        /** It was open, and is to be opened again at once. */
        ANOTHER_RING,
        NOT_THERE,
        REFUSED
    }

    private Look open(Interfaces interfaces) {
        boolean any = name.equals(ANY);
        if (!any && !Interfaces.validName(name)) {
            say(SourceState.FAILED, "no interface can have this name");
            return Look.REFUSED;
        }
        int index = any ? Interfaces.NONE : interfaces.index(name);
        if (!any && index == Interfaces.NONE) {
            say(SourceState.WAITING, "there is no such interface");
            return Look.NOT_THERE;
        }
        int flags = any ? Interfaces.IFF_UP : interfaces.flags(name);
        if ((flags & Interfaces.IFF_UP) == 0) {
            say(SourceState.WAITING, "the interface is down");
            return Look.NOT_THERE;
        }
        boolean loopback = (flags & Interfaces.IFF_LOOPBACK) != 0;
        int ring = ringBytes;
        LiveDevice.Opening opening = LiveDevice.open(name, loopback, new LiveDevice.Use.Counting(ring));
        if (opening instanceof LiveDevice.Opening.Opened opened) {
            try (LiveDevice device = opened.device();
                    OffloadedFlow offloaded = offloadedFlow(device, index, ring);
                    SmtpCapture smtp = new SmtpCapture(name, loopback, index, sink);
                    RequestCapture requests = new RequestCapture(name, loopback, index, sink)) {
                watch(device, offloaded, smtp, requests, interfaces, index, ring);
            }
            return ring == ringBytes ? Look.OPENED : Look.ANOTHER_RING;
        }
        if (opening instanceof LiveDevice.Opening.NotThere notThere) {
            say(SourceState.WAITING, notThere.reason());
            return Look.NOT_THERE;
        }
        say(SourceState.FAILED, ((LiveDevice.Opening.Refused) opening).reason());
        return Look.REFUSED;
    }

    /* What somebody else counts is left out altogether, and the device is let go of now and then. */
    private static OffloadedFlow offloadedFlow(LiveDevice device, int index, int ring) {
        return new OffloadedFlow(ring == LiveDevice.LARGE_RING_BYTES ? device.flowCounter(index) : Optional.empty());
    }

    /* Until the device fails, turns out to be another one, gets another ring, or stop() is called. */
    private void watch(
            LiveDevice device,
            OffloadedFlow offloaded,
            SmtpCapture smtp,
            RequestCapture requests,
            Interfaces interfaces,
            int index,
            int ring) {
        handedOverBefore = loop.packets();
        leaveOut.startAgain();
        say(SourceState.RUNNING, "");
        long lastDrain = nanoTime.getAsLong();
        dutyCycle.lookFrom(lastDrain, 0);
        long lastLook = lastDrain;
        long before = 0;
        String lost = "";
        while (lost.isEmpty() && !isStopping() && ring == ringBytes) {
            int packets = loop.dispatch(device, MOST_PACKETS_AT_ONCE);
            long now = nanoTime.getAsLong();
            if (packets < 0) {
                lost = device.problem();
            } else if (index != Interfaces.NONE && now - lastLook >= LOOK_NANOS) {
                lastLook = now;
                lost = interfaces.problem(name, index);
            }
            if (now - lastDrain >= DRAIN_NANOS) {
                lastDrain = now;
                FlowBatch batch = offloaded.turn(loop.drain(), now);
                boolean mailLeaves = handOver(device, offloaded, batch) || leaveOut.leavesOutMail();
                leaveOut.due(now).ifPresent(next -> changeFilter(device, next, now));
                sayWhatIsNotCaptured();
                smtp.turn(mailLeaves, dutyCycle.resting(), now);
                requests.turn(batch, leaveOut.inForce(), now);
            }
            if (index != Interfaces.NONE && lost.isEmpty() && dutyCycle.changes(now, handedOver())) {
                lost = restOrLook(device, index);
            }
            if (packets == 0) {
                long taken = handedOver();
                pause(dutyCycle.pause(taken - before > MANY_PACKETS ? SHORT_IDLE_NANOS : idleNanos(ring)));
                before = taken;
            }
        }
        handOver(device, offloaded, offloaded.last(nanoTime.getAsLong()));
        readTheLast(device);
        if (!lost.isEmpty()) {
            state = SourceState.WAITING;
            reason = lost;
        }
        handOver(device, offloaded, loop.drain());
        receivedBefore += received(device, offloaded);
        droppedBefore += device.dropped();
    }

    private static long idleNanos(int ring) {
        return ring == LiveDevice.LARGE_RING_BYTES ? IDLE_NANOS : SMALL_RING_IDLE_NANOS;
    }

    private void changeFilter(LiveDevice device, Set<Destination> next, long now) {
        String problem = device.leaveOut(next);
        if (problem.isEmpty()) {
            leaveOut.changed(next, now);
        } else if (!leaveOut.refused(next, now)) {
            sink.accept(new HostObservation.Degraded(
                    name + ": filter", "what is counted elsewhere is captured as well: " + problem));
        }
    }

    /* Why the device cannot be taken again; empty where it can. One that cannot be let go of is watched on. */
    private String restOrLook(LiveDevice device, int index) {
        boolean on = dutyCycle.resting();
        boolean done = device.attach(index, on);
        long now = nanoTime.getAsLong();
        if (on) {
            dutyCycle.takenAt(now, handedOver());
        } else if (done) {
            dutyCycle.restFrom(now);
        } else {
            dutyCycle.lookFrom(now, handedOver());
        }
        return done || !on ? "" : "the interface cannot be watched again";
    }

    /*
     * The kernel hands over a block when it is full or 100 ms old, so the last packets may be a while in coming. A
     * flood that goes on is not followed: what had been received by now is.
     */
    private void readTheLast(LiveDevice device) {
        long from = nanoTime.getAsLong();
        device.readStatistics();
        long receivedByNow = device.received();
        long lastPacket = from;
        while (true) {
            // Before the look, not after it: this thread may be held up in between.
            long now = nanoTime.getAsLong();
            int packets = loop.dispatch(device, MOST_PACKETS_AT_ONCE);
            boolean read = now - from >= FLOOD_NANOS && handedOver() + device.dropped() >= receivedByNow;
            boolean quiet = packets == 0 && now - lastPacket >= QUIET_NANOS;
            if (packets < 0 || read || quiet || now - from >= MOST_LAST_NANOS) {
                return;
            }
            if (packets == 0) {
                LockSupport.parkNanos(SHORT_IDLE_NANOS);
            } else {
                lastPacket = nanoTime.getAsLong();
            }
        }
    }

    /*
     * The kernel's count begins a moment after the filter is in force, and what came in between is handed over, too: of
     * the two figures the larger one is right.
     */
    private long received(LiveDevice device, OffloadedFlow offloaded) {
        return Math.max(device.received(), handedOver() + device.dropped()) + offloaded.packets();
    }

    /* Packets that the open device gave. */
    private long handedOver() {
        return loop.packets() - handedOverBefore;
    }

    /* Whether there was mail among it. */
    private boolean handOver(LiveDevice device, OffloadedFlow offloaded, FlowBatch batch) {
        device.readStatistics();
        leaveOut.seen(batch);
        if (!batch.isEmpty()) {
            sink.accept(new TrafficObservation.Flows(name, batch));
        }
        sayHealth(receivedBefore + received(device, offloaded), droppedBefore + device.dropped());
        return batch.flows().stream().anyMatch(flow -> SmtpTap.reads(flow.key()));
    }

    /* So that nobody takes what is left out for what did not leave. */
    private void sayWhatIsNotCaptured() {
        Set<Destination> out = leaveOut.inForce();
        boolean glances = dutyCycle.glances();
        if (glances == toldGlances && out.equals(toldOut)) {
            return;
        }
        toldOut = out;
        toldGlances = glances;
        sink.accept(new TrafficObservation.CaptureExclusions(name, out, glances));
    }

    private void say(SourceState newState, String newReason) {
        state = newState;
        reason = newReason;
        sayHealth(receivedBefore, droppedBefore);
    }

    private void sayHealth(long received, long dropped) {
        sink.accept(new TrafficObservation.SourceHealth(name, state, reason, received, dropped, loop.malformed()));
    }

    private boolean isStopping() {
        return stop.getCount() == 0;
    }

    /* Less, where stop() is called. */
    private void pause(long nanos) {
        try {
            @SuppressWarnings("unused") // the loops ask for themselves
            boolean stopped = stop.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
            stop();
        }
    }
}
