package org.outguard.capture.file;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.outguard.capture.EvidenceRing;
import org.outguard.capture.decode.FrameDecoder;
import org.outguard.capture.decode.LinkTypes;
import org.outguard.capture.decode.LocalAddresses;
import org.outguard.capture.decode.PacketDecoder;
import org.outguard.capture.smtp.SmtpTap;
import org.outguard.flow.FlowTable;
import org.outguard.flow.IpAddress;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.SmtpReport;
import org.outguard.guard.observation.TrafficObservation;
import org.outguard.guard.observation.TrafficObservation.SourceState;
import org.outguard.guard.port.ReadsForeign;

/**
 * Reads capture files: pcap and pcapng, or gzip of either, from a file or from a stream that cannot seek. The time of
 * the packets is the clock.
 *
 * <p>Not by pcap4j, which reads live interfaces here: libpcap takes neither gzip nor, by name, standard input that has
 * been read from; its errors name no byte; it refuses a pcapng file whose interfaces differ in link type, and does not
 * hand out the direction that pcapng records; and each packet would cost a call back from C with several objects.
 *
 * <p>Several files are read one after the other by one reader, and their times go on from each other. One thread uses it.
 */
public final class CaptureFileReader {

    /** The name that stands for standard input. */
    public static final String STANDARD_INPUT = "-";

    private static final int TABLE_SLOTS = 65_536;

    private final LocalAddresses local;
    private final EvidenceRing evidence;
    private final Consumer<Observation> sink;
    private final TraceTicker ticker;
    private final FlowTable table = new FlowTable(TABLE_SLOTS);
    private final FrameDecoder decoder = new FrameDecoder();
    private final FrameDecoder received = new FrameDecoder(true);
    private final SmtpTap smtp = new SmtpTap();

    private long bytesRead;
    private String source = "";
    private long packets;
    private long counted;
    private long inbound;
    private long notIp;
    private long malformed;
    private long unreadable;
    private long failed;
    private long overlong;
    private String failure = "";
    private boolean undirected;
    private long latestNanos;
    private long backwardsNanos;

    /**
     * A reader.
     *
     * @param local the addresses whose packets were sent, for files that do not say which way a packet went; where it is
     *     empty, all packets of such a file are taken as sent
     * @param evidence takes the first packets of each flow
     * @param sink gets flows, health and limits, on the thread that reads
     * @param clock is told the time of the trace, on the thread that reads
     */
    public CaptureFileReader(
            Set<IpAddress> local, EvidenceRing evidence, Consumer<Observation> sink, TraceClock clock) {
        this.local = new LocalAddresses(local);
        this.evidence = evidence;
        this.sink = sink;
        this.ticker = new TraceTicker(clock);
    }

    /**
     * Reads one file to its end. An interrupt of the thread ends it early, as a failure.
     *
     * @param file a path, or {@link #STANDARD_INPUT}
     * @param standardInput read for {@link #STANDARD_INPUT}, and not closed
     */
    public CaptureResult read(String file, InputStream standardInput) {
        bytesRead = 0;
        begin(file.equals(STANDARD_INPUT) ? "standard input" : file);
        String problem;
        List<String> notes = new ArrayList<>();
        if (file.equals(STANDARD_INPUT)) {
            problem = read(standardInput, notes);
        } else {
            try (InputStream in = Files.newInputStream(Path.of(file))) {
                problem = read(in, notes);
            } catch (NoSuchFileException | InvalidPathException e) {
                problem = "no such file";
            } catch (AccessDeniedException e) {
                problem = "permission denied";
            } catch (IOException e) {
                problem = reason(e);
            }
        }
        return end(problem, notes);
    }

    /** Bytes of the file that were read so far, as it is on the disk. */
    public long bytesRead() {
        return bytesRead;
    }

    private final class Counted extends FilterInputStream {

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int one = in.read();
            bytesRead += one < 0 ? 0 : 1;
            return one;
        }

        @Override
        public int read(byte[] into, int at, int length) throws IOException {
            int count = in.read(into, at, length);
            bytesRead += Math.max(0, count);
            return count;
        }

        /* Whoever owns the stream closes it. */
        @Override
        public void close() {}
    }

    private void begin(String name) {
        source = name;
        packets = 0;
        counted = 0;
        inbound = 0;
        notIp = 0;
        malformed = 0;
        unreadable = 0;
        failed = 0;
        overlong = 0;
        undirected = false;
        latestNanos = Long.MIN_VALUE;
        backwardsNanos = 0;
    }

    /* Returns what went wrong, empty if nothing. */
    private String read(InputStream in, List<String> notes) {
        CaptureInput input = null;
        try {
            input = CaptureInput.of(new Counted(in));
            byte[] magic = new byte[4];
            int got = input.read(magic, 0, 4);
            if (got < 4) {
                return got == 0 ? "the file is empty" : "truncated at byte " + got + ", in the file header";
            }
            int begins = (magic[0] & 0xff) << 24 | (magic[1] & 0xff) << 16 | (magic[2] & 0xff) << 8 | magic[3] & 0xff;
            if (begins == PcapngFormat.SECTION_HEADER) {
                return readAll(PcapngFormat.open(input), notes);
            }
            if (PcapFormat.begins(begins)) {
                return readAll(PcapFormat.open(input, begins), notes);
            }
            return "neither pcap nor pcapng: the first four bytes are " + Integer.toHexString(begins);
        } catch (EOFException e) {
            return "truncated" + where(input) + ": the compressed data end early";
        } catch (ZipException e) {
            return "damaged" + where(input) + ": the compressed data cannot be read";
        } catch (IOException e) {
            return "cannot be read" + where(input) + ": " + reason(e);
        }
    }

    private String where(@Nullable CaptureInput input) {
        return input == null ? " at its start" : " after byte " + input.offset() + " of its content";
    }

    private static String reason(IOException e) {
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    /** Takes in all packets; returns what went wrong, empty if nothing. */
    String readAll(CaptureFormat format, List<String> notes) throws IOException {
        while (format.next()) {
            packets++;
            if (!count(format)) {
                return "reading was interrupted";
            }
        }
        if (format instanceof PcapngFormat pcapng) {
            if (!pcapng.anyKnown() && format.problem().isEmpty()) {
                return pcapng.notes().get(0);
            }
            notes.addAll(pcapng.notes());
        }
        return format.problem();
    }

    private boolean count(CaptureFormat format) {
        long at = format.atNanos;
        backwardsNanos = Math.max(backwardsNanos, latestNanos == Long.MIN_VALUE ? 0 : latestNanos - at);
        latestNanos = Math.max(latestNanos, at);
        boolean goOn = true;
        boolean due = ticker.due(at);
        if (due || smtp.isFull()) {
            // More connections may end within a quarter of a second than a report has room for.
            handOver(SourceState.RUNNING, "");
            if (due) {
                ticker.advance(at);
            } else {
                ticker.takeIn(at);
            }
            goOn = !Thread.currentThread().isInterrupted();
        }
        take(format);
        return goOn;
    }

    @ReadsForeign
    private void take(CaptureFormat format) {
        try {
            decode(format);
        } catch (RuntimeException e) {
            malformed++;
            failed++;
            failure = e.toString();
        }
    }

    private void decode(CaptureFormat format) {
        if (!LinkTypes.known(format.linkType)) {
            unreadable++;
        } else if (format.direction == CaptureFormat.Direction.INBOUND) {
            inbound++;
            hearReceived(format);
        } else {
            switch (decoder.decode(format.data, format.captured, format.original, format.linkType, format.atNanos)) {
                case NOT_IP -> notIp++;
                case MALFORMED -> malformed++;
                case INBOUND -> {
                    inbound++;
                    hearReceived(format);
                }
                case PACKET -> countPacket(format);
            }
        }
    }

    private void hearReceived(CaptureFormat format) {
        @SuppressWarnings("unused") // it was received, whatever else it is
        PacketDecoder.Reading reading =
                received.decode(format.data, format.captured, format.original, format.linkType, format.atNanos);
        smtp.take(received, format.data, format.captured, format.atNanos, SmtpTap.Way.RECEIVED);
    }

    private void countPacket(CaptureFormat format) {
        boolean said = format.direction == CaptureFormat.Direction.OUTBOUND || LinkTypes.hasDirection(format.linkType);
        boolean sent = said || local.isEmpty() || local.sent(decoder);
        SmtpTap.Way way =
                !said && local.isEmpty() ? SmtpTap.Way.UNKNOWN : sent ? SmtpTap.Way.SENT : SmtpTap.Way.RECEIVED;
        smtp.take(decoder, format.data, format.captured, format.atNanos, way);
        if (!sent) {
            inbound++;
            return;
        }
        if (!said && local.isEmpty() && !undirected) {
            undirected = true;
            sink.accept(new HostObservation.Degraded(
                    "direction of " + source,
                    source + " does not say which packets were sent, and no local address was given:"
                            + " every packet is counted, by its destination"));
        }
        counted++;
        overlong += decoder.overlong ? 1 : 0;
        long inFlow = decoder.count(table, format.atNanos);
        if (inFlow > 0 && inFlow <= EvidenceRing.PACKETS_OF_A_FLOW) {
            evidence.add(
                    source, format.linkType, format.atNanos, format.original, format.data, format.captured, decoder);
        }
    }

    private void handOver(SourceState state, String reason) {
        if (!table.isEmpty()) {
            sink.accept(new TrafficObservation.Flows(source, table.drain()));
        }
        List<SmtpReport> heard = smtp.drain();
        if (!heard.isEmpty()) {
            sink.accept(new TrafficObservation.SmtpParsed(heard, 0));
        }
        sink.accept(new TrafficObservation.SourceHealth(source, state, reason, packets, 0, malformed));
    }

    private CaptureResult end(String whatWentWrong, List<String> notes) {
        String problem = whatWentWrong;
        if (backwardsNanos >= 1_000_000_000L) {
            notes.add("times go back, by up to " + backwardsNanos / 1_000_000_000L
                    + " s: rates are those of the order in the file");
        }
        if (overlong > 0) {
            notes.add(overlong
                    + " packets say that they are longer than their frames: what there is of them was counted");
        }
        if (packets > 0 && counted + inbound == 0 && problem.isEmpty()) {
            problem = "none of its packets can be used: " + notIp + " are no IP, " + malformed + " are damaged, "
                    + unreadable + " have an unknown link type";
        } else if (notIp > packets / 2) {
            notes.add(notIp + " of " + packets + " packets are no IP and were left out");
        }
        if (failed > 0) {
            notes.add(failed + " packets could not be read and were passed over: " + failure);
        }
        notes.forEach(note -> sink.accept(new HostObservation.Degraded(source, source + ": " + note)));
        CaptureResult.Counts counts = new CaptureResult.Counts(packets, counted, inbound, notIp, malformed, unreadable);
        CaptureResult result = problem.isEmpty()
                ? new CaptureResult.Ended(counts, notes)
                : new CaptureResult.Failed(
                        counts, source + ": " + problem + (packets == 0 ? "" : " (after packet " + packets + ")"));
        boolean failed = result instanceof CaptureResult.Failed;
        handOver(
                failed ? SourceState.FAILED : SourceState.ENDED,
                result instanceof CaptureResult.Failed f ? f.message() : "");
        ticker.finish();
        return result;
    }
}
