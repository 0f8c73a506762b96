package org.outguard.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/**
 * Counts every packet that leaves, by who sent it and where to, inside the kernel and in every network namespace: eBPF
 * programs of native/bpf. What it hands over is sums, so its cost does not grow with a flood.
 *
 * <p>{@link #drain()} is for one thread at a time; {@link #owner} may be asked by any.
 */
public final class KernelEye implements AutoCloseable {

    /** What came of opening it. */
    public sealed interface Opening {

        /**
         * It counts.
         *
         * @param eye to be closed by whoever asked
         * @param limits what it cannot see on this kernel, in words, each a sentence without a full stop; mostly empty
         */
        record Opened(KernelEye eye, List<String> limits) implements Opening {
            public Opened {
                limits = List.copyOf(limits);
            }
        }

        /**
         * It cannot.
         *
         * @param reason why, in words
         */
        record Unavailable(String reason) implements Opening {}
    }

    /** As on which kernels to open it: {@code enum eye_age} of {@code native/eye/eye.h}. */
    enum Age {
        /** With all that this kernel has. */
        AS_IT_IS(0),
        /** Each member of the kernel's structures is copied by a call, and there are no device hooks. */
        BEFORE_6_6(1),
        /** Also without atomic operations that have a result, storage of sockets and ring buffers. */
        BEFORE_5_12(2),
        /** Also without network programs that learn who runs, and without iterators. */
        BEFORE_5_8(3);

        private final int number;

        Age(int number) {
            this.number = number;
        }
    }

    /** How packets were seen, which says what is known of them. */
    public enum Kind {
        /** An IP packet of a socket of a process, with its destination. */
        IP,
        /** A frame of an AF_PACKET socket, with its destination. */
        PACKET_SOCKET,
        /**
         * Frames of an AF_PACKET socket that no device hook saw (PACKET_QDISC_BYPASS, or a device that is too new):
         * the sender is certain, the remote unknown, {@code bytes} are those of frames with their link headers.
         */
        BYPASS,
        /** A packet of the kernel itself: ICMP answers, resets, neighbour discovery, tunnels. It has no sender. */
        KERNEL,
        /** Packets for which the table of flows had no room: the sender is certain, the remote unknown. */
        OTHER,
        /**
         * A packet that left in the call of a process that gives packets of others back (NFQUEUE), and of which it was not
         * noted who sent it. It has no sender.
         */
        QUEUED
    }

    /**
     * A process that sends, as it was when it sent.
     *
     * @param id which process, as this program's pid namespace calls it
     * @param uid effective user id, which the process may have changed since
     * @param tgid its number in the initial pid namespace
     * @param startNanos its start, nanoseconds after boot, more precise than the id's
     */
    public record Sender(ProcessId id, int uid, int tgid, long startNanos) {}

    /**
     * What one sender sent to one remote since the last drain.
     *
     * @param kind how it was seen
     * @param sender who sent it; null where the sender is unknown
     * @param contested who else may have sent it; null where the sender is certain
     * @param netns inode of the network namespace of the socket
     * @param ifindex device in that namespace, 0 where unknown
     * @param protocol transport protocol; OTHER for a BYPASS
     * @param remote destination; null where unknown
     * @param local source of the first of these packets, a sample; null where unknown
     * @param packets IP packets as they leave: each segment of a large send and each fragment is one
     * @param bytes total length of those packets, IP header included
     * @param connects TCP packets with SYN and without ACK
     * @param firstNanos wall-clock time of the first, nanoseconds since the epoch
     * @param lastNanos wall-clock time of the last, nanoseconds since the epoch, some milliseconds coarse
     */
    public record Count(
            Kind kind,
            @Nullable Sender sender,
            @Nullable Sender contested,
            long netns,
            int ifindex,
            Protocol protocol,
            @Nullable Endpoint remote,
            @Nullable Endpoint local,
            long packets,
            long bytes,
            long connects,
            long firstNanos,
            long lastNanos) {}

    /**
     * What the kernel said of a process when it began a program, or when this eye opened where it was there before. All
     * text is chosen by whoever started it. A child that began no program of its own has those of the nearest ancestor
     * that did.
     *
     * @param id which process
     * @param command its name, at most 15 bytes
     * @param exe path of its program
     * @param exeDeleted whether that file is gone
     * @param exeInode inode number of that file
     * @param exeDevice device number of its file system, as the kernel has it
     * @param cwd working directory
     * @param commandLine arguments, as many as there is room for
     * @param uid effective user id
     * @param loginUid user that logged in (audit), empty where none did
     * @param cgroupId id of its control group of the v2 hierarchy
     * @param cgroup path of that group in the hierarchy
     * @param netns inode of its network namespace
     * @param parents its ancestors, nearest first; those that have ended are among them where they began or forked
     *     while this eye was open
     * @param anchor the process itself, or the nearest ancestor that began the program
     */
    public record Facts(
            ProcessId id,
            String command,
            String exe,
            boolean exeDeleted,
            long exeInode,
            long exeDevice,
            String cwd,
            List<String> commandLine,
            int uid,
            OptionalInt loginUid,
            long cgroupId,
            String cgroup,
            long netns,
            List<Owner.Ancestor> parents,
            ProcessId anchor) {
        public Facts {
            commandLine = List.copyOf(commandLine);
            parents = List.copyOf(parents);
        }
    }

    /**
     * All that was seen since the last drain.
     *
     * @param counts sums; every packet is in exactly one of them, or in {@code unownedPackets}
     * @param totalPackets all packets, those without owner included
     * @param totalBytes all bytes, those without owner included
     * @param unownedPackets packets for which neither the table of flows nor that of senders had room
     * @param unownedBytes bytes of those packets
     * @param lostFacts processes whose facts found no room on the way, since the eye was opened
     * @param lostSessions words of mail sessions that found none
     * @param begunNanos wall-clock time of this drain, nanoseconds since the epoch; what was before has been handed over
     */
    public record Drain(
            List<Count> counts,
            long totalPackets,
            long totalBytes,
            long unownedPackets,
            long unownedBytes,
            long lostFacts,
            long lostSessions,
            long begunNanos) {

        /** Nothing seen. */
        public static final Drain EMPTY = new Drain(List.of(), 0, 0, 0, 0, 0, 0, 0);

        public Drain {
            counts = List.copyOf(counts);
        }
    }

    private final long handle;
    private final KernelRecords records;
    private final KernelProcesses processes;
    private boolean closed;

    private KernelEye(long handle, ProcessReader alive, UnaryOperator<Owner> completion) {
        this.handle = handle;
        this.records = new KernelRecords(handle);
        this.processes = new KernelProcesses(records, alive, completion);
    }

    /**
     * Loads and attaches the programs that this kernel takes; what it does not let do is among the limits. Takes some
     * hundred milliseconds, most of it for the kernel's verifier.
     *
     * @param alive what a process is that runs now
     * @param completion adds to an owner what follows from the rest: names of user, unit, container and script
     */
    public static Opening open(ProcessReader alive, UnaryOperator<Owner> completion) {
        return open(alive, completion, null);
    }

    /**
     * The same with the types of the kernel from a file, for a kernel that does not describe them itself.
     *
     * @param btf BTF of just this kernel, or an ELF file with it; not read where the kernel has its own; null for none
     */
    public static Opening open(ProcessReader alive, UnaryOperator<Owner> completion, @Nullable Path btf) {
        return open(alive, completion, Age.AS_IT_IS, btf);
    }

    /** The same, by choice in the way of an older kernel. */
    static Opening open(ProcessReader alive, UnaryOperator<Owner> completion, Age age, @Nullable Path btf) {
        Optional<String> problem = NativeLibrary.problem();
        if (problem.isPresent()) {
            return new Opening.Unavailable(problem.get());
        }
        ByteBuffer buffer = KernelRecords.words();
        byte[] file = btf == null ? null : btf.toString().getBytes(StandardCharsets.UTF_8);
        long handle = KernelPrograms.open(age.number, file, buffer);
        String words = KernelRecords.text(buffer, 0, KernelLayout.WORDS_BUFFER);
        if (handle == 0) {
            return new Opening.Unavailable(words);
        }
        List<String> limits = words.lines().filter(line -> !line.isEmpty()).toList();
        return new Opening.Opened(new KernelEye(handle, alive, completion), limits);
    }

    /**
     * What was seen since the last call; nothing where the kernel failed, and then the next call has it. Takes some
     * milliseconds, in which it waits for programs that are running.
     */
    public synchronized Drain drain() {
        if (closed) {
            return Drain.EMPTY;
        }
        Drain drain = records.drain().orElse(Drain.EMPTY);
        processes.learn();
        return drain;
    }

    /** What was told of mail sessions within this machine since the last call; to be asked for behind a drain. */
    public synchronized List<MailSession> sessions() {
        return closed ? List.of() : records.sessions();
    }

    /** The owner behind a sender, whether it lives or has ended. Empty only where the kernel's word of it was lost. */
    public synchronized Optional<Owner> owner(Sender sender) {
        return closed ? Optional.empty() : processes.owner(sender);
    }

    /** What the kernel alone knows of a sender, without a look at /proc. */
    public synchronized Optional<Facts> facts(Sender sender) {
        return closed ? Optional.empty() : processes.facts(sender);
    }

    /** Detaches everything. The last counts are gone: drain before. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            KernelPrograms.close(handle);
        }
    }
}
