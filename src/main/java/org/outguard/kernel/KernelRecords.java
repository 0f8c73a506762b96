package org.outguard.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.LocalSession;
import org.outguard.kernel.KernelEye.Count;
import org.outguard.kernel.KernelEye.Kind;
import org.outguard.kernel.KernelEye.Sender;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** Reads the records of {@code native/include/kernel_eye.h}. For one thread at a time. */
final class KernelRecords {

    private static final int EXE_DELETED = 1;
    private static final int NO_LOGIN = -1;
    private static final int COMMAND_BYTES = 16;
    private static final int FACTS_AT_ONCE = 64;
    private static final int SESSIONS_AT_ONCE = 256;
    private static final int MAX_NUMBERS = 8_192;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final ByteBuffer drain = direct(KernelLayout.DRAIN_BUFFER);
    private final ByteBuffer facts = direct(FACTS_AT_ONCE * KernelLayout.FACTS_SIZE);
    private final ByteBuffer lineage = direct(KernelLayout.LINEAGE_SIZE);
    private final ByteBuffer sessions = direct(SESSIONS_AT_ONCE * KernelLayout.SESSION_SIZE);
    private final Map<Born, Integer> numbers = KernelProcesses.bounded(MAX_NUMBERS);
    private final long handle;
    private long hertz = 100;
    private long wallOffset;
    private boolean nested;

    /**
     * A process as the kernel tells it from all others.
     *
     * @param pid number in the initial pid namespace
     * @param startNanos start, nanoseconds after boot
     */
    record Born(int pid, long startNanos) {}

    /**
     * Where a process comes from.
     *
     * @param parent that it was born of
     * @param anchor itself, or the nearest ancestor of which facts were told
     * @param command its name, the last one where it has ended
     * @param uid effective user id
     * @param cgroupId its control group of the v2 hierarchy
     * @param netns inode of its network namespace
     * @param exeDeleted whether its program's file was gone when it first sent, or else when it began
     * @param number what this program's pid namespace calls it, 0 where it is not seen from there
     */
    record Lineage(
            Born parent,
            Born anchor,
            String command,
            int uid,
            long cgroupId,
            long netns,
            boolean exeDeleted,
            int number) {}

    /**
     * What was told of a process that began a program, or was there before.
     *
     * @param self which process
     * @param lineage where it comes from; the parent may have ended by then
     * @param facts the rest, with the ancestors that it had then
     * @param atNanos when it was so, by the kernel's monotonic clock
     */
    record Told(Born self, Lineage lineage, KernelEye.Facts facts, long atNanos) {

        /** What is known of one process: the program that it began last, in whatever order it was told. */
        static Told later(Told known, Told next) {
            return next.atNanos() < known.atNanos() ? known : next;
        }
    }

    KernelRecords(long handle) {
        this.handle = handle;
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    }

    /** A buffer for the words of {@link KernelPrograms#open}. */
    static ByteBuffer words() {
        return direct(KernelLayout.WORDS_BUFFER);
    }

    /** Text up to the first zero. */
    static String text(ByteBuffer buffer, int at, int most) {
        int length = 0;
        while (length < most && buffer.get(at + length) != 0) {
            length++;
        }
        byte[] bytes = new byte[length];
        buffer.get(at, bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** What was counted since the last call; empty where the kernel failed. */
    Optional<KernelEye.Drain> drain() {
        if (KernelPrograms.drain(handle, drain) != 0) {
            return Optional.empty();
        }
        hertz = drain.getLong(KernelLayout.DRAIN_HERTZ);
        nested = drain.getInt(KernelLayout.DRAIN_NESTED) != 0;
        wallOffset = drain.getLong(KernelLayout.DRAIN_WALL_OFFSET);
        int slots = drain.getInt(KernelLayout.DRAIN_SLOTS);
        List<Count> counts = new ArrayList<>(slots);
        for (int i = 0; i < slots; i++) {
            counts.add(count(KernelLayout.DRAIN_SIZE + i * KernelLayout.SLOT_SIZE));
        }
        return Optional.of(new KernelEye.Drain(
                counts,
                drain.getLong(KernelLayout.DRAIN_PACKETS),
                drain.getLong(KernelLayout.DRAIN_BYTES),
                drain.getLong(KernelLayout.DRAIN_UNOWNED_PACKETS),
                drain.getLong(KernelLayout.DRAIN_UNOWNED_BYTES),
                drain.getLong(KernelLayout.DRAIN_LOST_FACTS),
                drain.getLong(KernelLayout.DRAIN_LOST_SESSIONS),
                wallOffset + drain.getLong(KernelLayout.DRAIN_BEGUN)));
    }

    private Count count(int at) {
        long first = drain.getLong(at + KernelLayout.SLOT_FIRST);
        return new Count(
                kind(drain.get(at + KernelLayout.SLOT_KIND)),
                sender(at, KernelLayout.SLOT_TGID, KernelLayout.SLOT_START, KernelLayout.SLOT_UID),
                sender(at, KernelLayout.SLOT_SECOND_TGID, KernelLayout.SLOT_SECOND_START, KernelLayout.SLOT_SECOND_UID),
                Integer.toUnsignedLong(drain.getInt(at + KernelLayout.SLOT_NETNS)),
                drain.getInt(at + KernelLayout.SLOT_IFINDEX),
                Protocol.of(drain.get(at + KernelLayout.SLOT_PROTOCOL) & 0xff),
                endpoint(drain, at + KernelLayout.SLOT_REMOTE, at + KernelLayout.SLOT_PORT),
                endpoint(drain, at + KernelLayout.SLOT_LOCAL, at + KernelLayout.SLOT_LOCAL_PORT),
                drain.getLong(at + KernelLayout.SLOT_PACKETS),
                drain.getLong(at + KernelLayout.SLOT_BYTES),
                Integer.toUnsignedLong(drain.getInt(at + KernelLayout.SLOT_CONNECTS)),
                wallOffset + first,
                // The last one's clock is the coarser of the two.
                wallOffset + Math.max(first, drain.getLong(at + KernelLayout.SLOT_LAST)));
    }

    private static Kind kind(byte number) {
        return switch (number) {
            case 1 -> Kind.IP;
            case 2 -> Kind.PACKET_SOCKET;
            case 3 -> Kind.BYPASS;
            case 4 -> Kind.KERNEL;
            case 5 -> Kind.OTHER;
            case 6 -> Kind.QUEUED;
            default -> throw new IllegalStateException("kind " + number);
        };
    }

    private @Nullable Sender sender(int at, int tgid, int start, int uid) {
        Born process = born(drain, at + tgid, at + start);
        return process.pid() == 0 ? null : sender(process, drain.getInt(at + uid));
    }

    private Sender sender(Born process, int uid) {
        return new Sender(id(process), uid, process.pid(), process.startNanos());
    }

    /* Addresses are in network order. */
    private static @Nullable Endpoint endpoint(ByteBuffer from, int address, int port) {
        long high = network(from.getLong(address));
        long low = network(from.getLong(address + 8));
        return high == 0 && low == 0 ? null : new Endpoint(IpAddress.v6(high, low), from.getShort(port) & 0xffff);
    }

    private static long network(long number) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? number : Long.reverseBytes(number);
    }

    /**
     * As /proc has it: the start as the kernel computes field 22 of /proc/PID/stat (nsec_to_clock_t), the number by this
     * program's pid namespace.
     */
    ProcessId id(Born process) {
        long ticks = process.startNanos() / (NANOS_PER_SECOND / hertz);
        if (!nested) {
            return new ProcessId(process.pid(), ticks);
        }
        Integer number = numbers.get(process);
        if (number == null) {
            number = lineage(process).map(Lineage::number).orElse(0);
            numbers.put(process, number);
        }
        return number == 0 ? ProcessId.elsewhere(process.pid(), ticks) : new ProcessId(number, ticks);
    }

    /** What was told of mail sessions since the last call. */
    List<MailSession> sessions() {
        List<MailSession> all = new ArrayList<>();
        int count;
        do {
            count = KernelPrograms.sessions(handle, sessions);
            for (int i = 0; i < count; i++) {
                all.add(session(i * KernelLayout.SESSION_SIZE));
            }
        } while (count == SESSIONS_AT_ONCE);
        return all;
    }

    private MailSession session(int at) {
        Endpoint client = endpoint(sessions, at + KernelLayout.SESSION_CLIENT, at + KernelLayout.SESSION_CLIENT_PORT);
        Endpoint server = endpoint(sessions, at + KernelLayout.SESSION_SERVER, at + KernelLayout.SESSION_SERVER_PORT);
        return new MailSession(
                word(sessions.get(at + KernelLayout.SESSION_WORD)),
                Objects.requireNonNull(client),
                Objects.requireNonNull(server),
                sender(
                        born(sessions, at + KernelLayout.SESSION_USER_TGID, at + KernelLayout.SESSION_USER_START),
                        sessions.getInt(at + KernelLayout.SESSION_UID)),
                sessions.getInt(at + KernelLayout.SESSION_SERVER_PID),
                sessions.getLong(at + KernelLayout.SESSION_BEGUN),
                wallOffset + sessions.getLong(at + KernelLayout.SESSION_BEGUN),
                wallOffset + sessions.getLong(at + KernelLayout.SESSION_AT));
    }

    private static LocalSession.Word word(byte number) {
        return switch (number) {
            case 1 -> LocalSession.Word.SERVED;
            case 2 -> LocalSession.Word.OVER;
            case 3 -> LocalSession.Word.MIXED;
            default -> throw new IllegalStateException("word " + number);
        };
    }

    /** What was told of processes since the last call. */
    List<Told> told() {
        List<Told> all = new ArrayList<>();
        int count;
        do {
            count = KernelPrograms.facts(handle, facts);
            for (int i = 0; i < count; i++) {
                all.add(told(i * KernelLayout.FACTS_SIZE));
            }
        } while (count == FACTS_AT_ONCE);
        return all;
    }

    private Told told(int at) {
        Born self = born(facts, at + KernelLayout.FACTS_TGID, at + KernelLayout.FACTS_START);
        Lineage from = lineage(facts, at + KernelLayout.FACTS_LINEAGE);
        int login = facts.getInt(at + KernelLayout.FACTS_LOGIN_UID);
        KernelEye.Facts said = new KernelEye.Facts(
                id(self),
                from.command(),
                path(at, KernelLayout.FACTS_EXE, KernelLayout.FACTS_EXE_LENGTH),
                from.exeDeleted(),
                facts.getLong(at + KernelLayout.FACTS_EXE_INODE),
                Integer.toUnsignedLong(facts.getInt(at + KernelLayout.FACTS_EXE_DEVICE)),
                path(at, KernelLayout.FACTS_CWD, KernelLayout.FACTS_CWD_LENGTH),
                parts(at, KernelLayout.FACTS_ARGUMENTS, KernelLayout.FACTS_ARGUMENTS_LENGTH),
                from.uid(),
                login == NO_LOGIN ? OptionalInt.empty() : OptionalInt.of(login),
                from.cgroupId(),
                path(at, KernelLayout.FACTS_CGROUP, KernelLayout.FACTS_CGROUP_LENGTH),
                from.netns(),
                parents(at),
                id(from.anchor()));
        return new Told(self, from, said, facts.getLong(at + KernelLayout.FACTS_AT));
    }

    private List<Owner.Ancestor> parents(int at) {
        int count = facts.getInt(at + KernelLayout.FACTS_PARENTS);
        List<Owner.Ancestor> parents = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int parent = at + KernelLayout.FACTS_PARENT + i * KernelLayout.PARENT_SIZE;
            parents.add(new Owner.Ancestor(
                    id(born(facts, parent + KernelLayout.PARENT_TGID, parent + KernelLayout.PARENT_START)),
                    text(facts, parent + KernelLayout.PARENT_COMMAND, COMMAND_BYTES)));
        }
        return parents;
    }

    /* Components come from the file up to the root. */
    private String path(int at, int text, int length) {
        List<String> parts = parts(at, text, length);
        Collections.reverse(parts);
        return "/" + String.join("/", parts);
    }

    private List<String> parts(int at, int text, int length) {
        List<String> parts = new ArrayList<>();
        int left = facts.getInt(at + length);
        int from = at + text;
        while (left > 0) {
            String part = text(facts, from, left);
            int bytes = part.getBytes(StandardCharsets.UTF_8).length;
            parts.add(part);
            from += bytes + 1;
            left -= bytes + 1;
        }
        return parts;
    }

    /** Where a process comes from, while the kernel remembers it. */
    Optional<Lineage> lineage(Born process) {
        return KernelPrograms.lineage(handle, process.pid(), process.startNanos(), lineage)
                ? Optional.of(lineage(lineage, 0))
                : Optional.empty();
    }

    private static Lineage lineage(ByteBuffer from, int at) {
        return new Lineage(
                born(from, at + KernelLayout.LINEAGE_PARENT_TGID, at + KernelLayout.LINEAGE_PARENT_START),
                born(from, at + KernelLayout.LINEAGE_ANCHOR_TGID, at + KernelLayout.LINEAGE_ANCHOR_START),
                text(from, at + KernelLayout.LINEAGE_COMMAND, COMMAND_BYTES),
                from.getInt(at + KernelLayout.LINEAGE_UID),
                from.getLong(at + KernelLayout.LINEAGE_CGROUP),
                Integer.toUnsignedLong(from.getInt(at + KernelLayout.LINEAGE_NETNS)),
                (from.getInt(at + KernelLayout.LINEAGE_FLAGS) & EXE_DELETED) != 0,
                from.getInt(at + KernelLayout.LINEAGE_NUMBER));
    }

    private static Born born(ByteBuffer from, int tgid, int start) {
        return new Born(from.getInt(tgid), from.getLong(start));
    }
}
