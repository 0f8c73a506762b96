package org.outguard.app.actor;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Outcome;

/** Has actions carried out by the actor. Waits for it, so it is called from a thread that may. */
public final class ActorClient {

    /** Where systemd listens for it. */
    public static final Path SOCKET = Path.of("/run/outguard/actor.sock");

    /** Longer than the actor waits for its turn and then takes for an action. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(150);

    /** An actor that is killed is started again, and knows what it had done. */
    private static final int ATTEMPTS = 3;

    private static final int CHUNK = 1 << 16;

    private final Path path;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final PeerName peerName;

    /**
     * Asks nobody yet.
     *
     * @param path of the actor's socket
     * @param clock stamps outcomes of what was not answered
     * @param nanoTime as {@link System#nanoTime()}
     */
    public ActorClient(Path path, Clock clock, LongSupplier nanoTime) {
        this(path, clock, nanoTime, PeerName.OF_THE_KERNEL);
    }

    /* For tests, whom nobody may ask to be root. */
    ActorClient(Path path, Clock clock, LongSupplier nanoTime, PeerName peerName) {
        this.path = path;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.peerName = peerName;
    }

    /** Why nothing can be done, in words; empty where somebody seems to listen. */
    public String problem() {
        return Files.exists(path)
                ? ""
                : "offenders are only reported: no actor listens at " + path
                        + " ('systemctl enable --now outguard-actor.socket' starts it)";
    }

    /** Asks for an action, which has the same id in the journal, and waits for what becomes of it. */
    public Outcome perform(Action action) {
        ActorRequest.Heading heading = new ActorRequest.Heading(action.id(), action.by(), action.why());
        String undoes = action.step().undoes();
        byte[] line = (undoes.isEmpty()
                        ? new ActorRequest.Perform(heading, action.step(), false)
                        : new ActorRequest.Undo(heading, undoes))
                .line();
        if (line.length > ActorRequest.LONGEST_BYTES) {
            return failed(
                    action, "it is longer than the " + ActorRequest.LONGEST_BYTES + " bytes that the actor reads");
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return outcome(action, ask(line));
            } catch (EOFException e) {
                if (attempt == ATTEMPTS) {
                    return failed(action, "the actor ended " + ATTEMPTS + " times without an answer");
                }
            } catch (IOException e) {
                return failed(action, "the actor cannot be asked at " + path + ": " + e.getMessage());
            }
        }
    }

    private Outcome outcome(Action action, String line) {
        ActorAnswer answer = ActorAnswer.read(line).orElse(null);
        if (answer instanceof ActorAnswer.Ended ended
                && ended.outcome().actionId().equals(action.id())) {
            return ended.outcome();
        }
        return failed(
                action,
                answer instanceof ActorAnswer.Refused refused
                        ? "refused by the actor: " + refused.reason()
                        : "the actor's answer cannot be understood");
    }

    private Outcome failed(Action action, String reason) {
        return new Outcome(action.id(), clock.instant(), Outcome.Result.FAILED, reason);
    }

    /* One line to it and one back; EOFException where it ends in between. */
    private String ask(byte[] line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
                Selector selector = Selector.open()) {
            String peer = peerName.of(channel);
            if (!peer.equals(ActorService.ROOT)) {
                throw new IOException("user " + peer + " listens there, not root");
            }
            channel.configureBlocking(false);
            return exchange(channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE), channel, line);
        }
    }

    private String exchange(SelectionKey key, SocketChannel channel, byte[] line) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(line);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        long end = nanoTime.getAsLong() + PATIENCE_NANOS;
        while (true) {
            long wait = TimeUnit.NANOSECONDS.toMillis(end - nanoTime.getAsLong());
            if (wait <= 0) {
                throw new IOException("no answer within " + TimeUnit.NANOSECONDS.toSeconds(PATIENCE_NANOS) + " s");
            }
            key.selector().select(wait);
            key.selector().selectedKeys().clear();
            if (left.hasRemaining() && key.isWritable()) {
                write(key, channel, left);
            }
            if (key.isReadable()) {
                int count = read(channel, chunk.clear());
                if (count < 0) {
                    throw new EOFException();
                }
                answer.write(chunk.array(), 0, count);
                if (count > 0 && chunk.get(count - 1) == '\n') {
                    return answer.toString(StandardCharsets.UTF_8).strip();
                }
            }
        }
    }

    /* Who refuses a request before it has read all of it has answered, too. */
    private static void write(SelectionKey key, SocketChannel channel, ByteBuffer left) {
        try {
            channel.write(left);
        } catch (IOException e) {
            left.position(left.limit());
        }
        if (!left.hasRemaining()) {
            key.interestOps(SelectionKey.OP_READ);
        }
    }

    /* A reset is the end of a process that was killed. */
    private static int read(SocketChannel channel, ByteBuffer chunk) {
        try {
            return channel.read(chunk);
        } catch (IOException e) {
            return -1;
        }
    }
}
