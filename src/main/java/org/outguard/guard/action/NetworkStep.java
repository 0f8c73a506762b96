package org.outguard.guard.action;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.outguard.owner.ProcessId;

/** Steps on what leaves the machine. */
public sealed interface NetworkStep extends Step permits NetworkStep.OnTarget, LockdownStep {

    /** Steps on what one target names. A target can be blocked and limited at once; the block comes first then. */
    sealed interface OnTarget extends NetworkStep {

        /** What it is about. */
        BlockTarget target();

        /** Whether it is about a limit, not a block. */
        boolean limits();

        @Override
        default String subject() {
            return target().toString();
        }

        @Override
        default String key() {
            return (limits() ? "limit " : "block ") + target();
        }
    }

    /** Steps that let something stand in the kernel for a time. */
    sealed interface Timed extends OnTarget {

        /** For how long. */
        Duration duration();

        /** Packets a second that it lets pass; empty where it lets none. */
        OptionalLong rate();

        /** The same for another time. */
        Timed lasting(Duration other);

        /** What puts it back after it was taken out now: the same for the time that is left; empty where next to none is. */
        default Optional<Step> remaining(Instant now, Instant expires) {
            Duration left = Duration.between(now, expires);
            return left.compareTo(Duration.ofSeconds(1)) > 0 ? Optional.of(lasting(left)) : Optional.empty();
        }

        @Override
        default boolean limits() {
            return rate().isPresent();
        }

        @Override
        default Effect effect() {
            return Effect.STANDS;
        }

        @Override
        default Optional<Duration> length() {
            return Optional.of(duration());
        }
    }

    /**
     * Adds a timed drop.
     *
     * @param target what to drop
     * @param duration for how long
     */
    record Block(BlockTarget target, Duration duration) implements Timed {

        @Override
        public String word() {
            return "block";
        }

        @Override
        public OptionalLong rate() {
            return OptionalLong.empty();
        }

        @Override
        public Block lasting(Duration other) {
            return new Block(target, other);
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Unblock(target, actionId));
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = targetFields(target);
            fields.put("length", duration.toString());
            return fields;
        }
    }

    /**
     * Drops what goes beyond a rate, for a time.
     *
     * @param target what to limit
     * @param packetsPerSecond what it lets pass, from 1 to {@value #MOST_PACKETS}
     * @param duration for how long
     */
    record Limit(BlockTarget target, long packetsPerSecond, Duration duration) implements Timed {

        /** More is no limit: no single machine sends as much. */
        public static final long MOST_PACKETS = 1_000_000_000L;

        public Limit {
            if (packetsPerSecond < 1 || packetsPerSecond > MOST_PACKETS) {
                throw new IllegalArgumentException("a rate of " + packetsPerSecond);
            }
        }

        @Override
        public String word() {
            return "limit";
        }

        @Override
        public OptionalLong rate() {
            return OptionalLong.of(packetsPerSecond);
        }

        @Override
        public Limit lasting(Duration other) {
            return new Limit(target, packetsPerSecond, other);
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.of(new Unlimit(target, actionId));
        }

        @Override
        public String subject() {
            return target + " to " + packetsPerSecond + " packets/s";
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = targetFields(target);
            fields.put("rate", packetsPerSecond);
            fields.put("length", duration.toString());
            return fields;
        }
    }

    /**
     * Takes a drop out before its time.
     *
     * @param target what is dropped now
     * @param undoes id of the action that added it
     */
    record Unblock(BlockTarget target, String undoes) implements OnTarget {

        @Override
        public String word() {
            return "unblock";
        }

        @Override
        public boolean limits() {
            return false;
        }

        @Override
        public Effect effect() {
            return Effect.ENDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.empty();
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = targetFields(target);
            fields.put("undoes", undoes);
            return fields;
        }
    }

    /**
     * Takes a limit out before its time.
     *
     * @param target what is limited now
     * @param undoes id of the action that added it
     */
    record Unlimit(BlockTarget target, String undoes) implements OnTarget {

        @Override
        public String word() {
            return "unlimit";
        }

        @Override
        public boolean limits() {
            return true;
        }

        @Override
        public Effect effect() {
            return Effect.ENDS;
        }

        @Override
        public Optional<Step> undo(String actionId) {
            return Optional.empty();
        }

        @Override
        public Map<String, Object> fields() {
            Map<String, Object> fields = targetFields(target);
            fields.put("undoes", undoes);
            return fields;
        }
    }

    private static Map<String, Object> targetFields(BlockTarget target) {
        Map<String, Object> fields = new LinkedHashMap<>();
        target.client().ifPresent(client -> fields.put("from", client.toString()));
        target.remote().ifPresent(remote -> fields.put("remote", remote.toString()));
        target.port().ifPresent(port -> fields.put("port", (long) port));
        target.protocol().ifPresent(protocol -> fields.put("protocol", protocol.word()));
        target.uid().ifPresent(uid -> fields.put("uid", Integer.toUnsignedLong(uid)));
        target.cgroup().ifPresent(path -> fields.put("cgroup", path));
        target.process().ifPresent(id -> {
            fields.put("pid", (long) id.pid());
            fields.put("startTicks", id.startTicks());
        });
        return fields;
    }

    /** The step of that word; empty where it is of another family. */
    static Optional<Step> read(String word, StepFields fields) {
        return switch (word) {
            case "block" -> Optional.of(new Block(target(fields), fields.duration("length")));
            case "limit" -> Optional.of(new Limit(target(fields), fields.number("rate"), fields.duration("length")));
            case "unblock" -> Optional.of(new Unblock(target(fields), fields.text("undoes")));
            case "unlimit" -> Optional.of(new Unlimit(target(fields), fields.text("undoes")));
            default -> LockdownStep.read(word, fields);
        };
    }

    private static BlockTarget target(StepFields fields) {
        if (fields.has("from")) {
            return client(fields);
        }
        if (fields.has("pid") || fields.has("startTicks")) {
            return process(fields);
        }
        return BlockTarget.parse(
                        fields.text("remote", ""),
                        fields.has("port") ? fields.smallNumber("port") : -1,
                        fields.text("protocol", ""),
                        fields.number("uid", -1),
                        fields.text("cgroup", ""))
                .orElseThrow(() -> new IllegalArgumentException("no target"));
    }

    /* A target of a process has no other parts: one that was dropped here would make it wider than it was written. */
    private static BlockTarget process(StepFields fields) {
        int pid = fields.smallNumber("pid");
        if (pid == 0 || Stream.of("remote", "port", "protocol", "cgroup").anyMatch(fields::has)) {
            throw new IllegalArgumentException("no target");
        }
        return BlockTarget.ofProcess(new ProcessId(pid, fields.number("startTicks")), fields.uid());
    }

    /* The same for one of a client. */
    private static BlockTarget client(StepFields fields) {
        if (Stream.of("remote", "port", "protocol", "uid", "cgroup", "pid", "startTicks")
                .anyMatch(fields::has)) {
            throw new IllegalArgumentException("no target");
        }
        return BlockTarget.Remote.parse(fields.text("from"))
                .map(BlockTarget::ofClient)
                .orElseThrow(() -> new IllegalArgumentException("no target"));
    }
}
