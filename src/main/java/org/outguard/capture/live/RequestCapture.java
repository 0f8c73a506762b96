package org.outguard.capture.live;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.outguard.capture.decode.FrameDecoder;
import org.outguard.capture.decode.PacketDecoder;
import org.outguard.flow.Destination;
import org.outguard.flow.FlowBatch;
import org.outguard.flow.FlowCount;
import org.outguard.flow.FlowKey;
import org.outguard.flow.FlowTable;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.policy.ReflectorPort;
import org.outguard.guard.port.ReadsForeign;

/**
 * Counts what asks the UDP services of this machine, by a socket of its own and only while they answer much: it is opened when
 * answers come to {@value #ANSWERS} in a turn or {@value #ANSWER_BYTES} bytes, and taken off the device when none have for a
 * minute. So no other packet costs anything. Of a second with more than {@value #MOST_A_SECOND} requests it reads the first part.
 * One thread uses it.
 */
final class RequestCapture implements AutoCloseable {

    static final int ANSWERS = 20;
    static final int ANSWER_BYTES = 20_000;
    static final int MOST_A_SECOND = 20_000;

    private static final int MOST_AT_ONCE = 5_000;
    private static final int SLOTS = 4_096;
    private static final int MOST_VICTIMS = 64;
    private static final int UDP = 17;
    private static final long SECOND_NANOS = 1_000_000_000L;
    private static final long ANSWER_NANOS = 60 * SECOND_NANOS;

    private final String name;
    private final boolean loopback;
    private final Consumer<Observation> sink;
    private final OccasionalSocket socket;
    private final FrameDecoder decoder = new FrameDecoder(true);
    private final FlowTable table = new FlowTable(SLOTS);
    private final Map<Destination, Boolean> answered = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Destination, Boolean> eldest) {
            return size() > MOST_VICTIMS;
        }
    };
    private boolean wanted;
    private long answersNanos;
    private long secondNanos;
    private long listened;
    private long turnNanos;
    private long droppedBefore;
    private int left = MOST_A_SECOND;
    private long unreadable;

    /**
     * One that does not listen yet.
     *
     * @param index of the interface, {@link Interfaces#NONE} for all of them
     */
    RequestCapture(String name, boolean loopback, int index, Consumer<Observation> sink) {
        this.name = name;
        this.loopback = loopback;
        this.sink = sink;
        this.socket = new OccasionalSocket(
                name,
                false,
                index,
                LiveDevice.Use.REQUESTS,
                reason -> sink.accept(new HostObservation.Degraded(
                        name + ": requests", "what asks the services here is not counted: " + reason)));
    }

    /**
     * Reads what is there, and once a second tells what was asked.
     *
     * @param sent what left since the last turn
     * @param leftOut what is not in it, as it is counted elsewhere
     */
    void turn(FlowBatch sent, Set<Destination> leftOut, long nowNanos) {
        if (answersLeave(sent) || leftOut.stream().anyMatch(answered::containsKey)) {
            if (!wanted) {
                secondNanos = nowNanos;
                listened = 0;
            }
            wanted = true;
            answersNanos = nowNanos;
        } else if (wanted && nowNanos - answersNanos > ANSWER_NANOS) {
            wanted = false;
        }
        if (!wanted && !socket.attached()) {
            return;
        }
        listened += socket.attached() ? nowNanos - turnNanos : 0;
        turnNanos = nowNanos;
        socket.listen(wanted && !loopback && left > 0);
        read();
        if (nowNanos - secondNanos >= SECOND_NANOS) {
            tell(nowNanos - secondNanos);
            secondNanos = nowNanos;
            listened = 0;
            left = MOST_A_SECOND;
        }
    }

    private boolean answersLeave(FlowBatch sent) {
        long packets = 0;
        long bytes = 0;
        for (FlowCount count : sent.flows()) {
            FlowKey key = count.key();
            if (key.protocol() == Protocol.UDP
                    && ReflectorPort.of(key.local().port()).isPresent()) {
                packets += count.packets();
                bytes += count.bytes();
                if (count.packets() >= ANSWERS || count.bytes() >= ANSWER_BYTES) {
                    answered.put(new Destination(Protocol.UDP, key.remote()), true);
                }
            }
        }
        return packets >= ANSWERS || bytes >= ANSWER_BYTES;
    }

    private void read() {
        int most = Math.min(left, MOST_AT_ONCE);
        if (most > 0) {
            socket.device()
                    .ifPresent(device -> left -= Math.max(
                            0,
                            device.dispatch(
                                    most,
                                    data -> take(data, device.originalLength(), device.linkType(), device.atNanos()))));
        }
    }

    /** Counts one frame; see {@link FrameDecoder#decode}. */
    @ReadsForeign
    void take(byte[] frame, int original, int linkType, long at) {
        try {
            PacketDecoder.Reading reading = decoder.decode(frame, frame.length, original, linkType, at);
            boolean packet = reading == PacketDecoder.Reading.PACKET || reading == PacketDecoder.Reading.INBOUND;
            if (packet
                    && decoder.protocol == UDP
                    && ReflectorPort.of(decoder.remotePort).isPresent()) {
                // Whoever asks is the far end, which the service answers.
                table.add(
                        UDP,
                        decoder.v6,
                        0,
                        0,
                        decoder.remotePort,
                        decoder.sourceHigh,
                        decoder.sourceLow,
                        0,
                        decoder.bytes,
                        0,
                        at);
            }
        } catch (RuntimeException e) {
            unreadable++;
        }
    }

    /* Also where nothing was asked, for then what is answered was asked by nobody. */
    private void tell(long spanNanos) {
        Optional<LiveDevice> device = socket.device();
        if (device.isEmpty() || listened == 0) {
            return;
        }
        device.get().readStatistics();
        long dropped = device.get().dropped();
        sink.accept(counted(Math.min(1, listened / (double) spanNanos), dropped - droppedBefore));
        droppedBefore = dropped;
    }

    /**
     * What was counted since the last call.
     *
     * @param time which part of it the device was listened to
     * @param dropped packets that the kernel had no room for
     */
    TrafficObservation.RequestsCounted counted(double time, long dropped) {
        FlowBatch asked = table.drain();
        double read = asked.isEmpty() ? 1 : asked.packets() / (double) (asked.packets() + dropped + unreadable);
        unreadable = 0;
        return new TrafficObservation.RequestsCounted(name, asked, time * read);
    }

    @Override
    public void close() {
        socket.close();
    }
}
