package org.outguard.app.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.Step;
import org.outguard.journal.Journal;

/** What a watcher makes of an actor that answers, refuses, is killed or is not there. */
class ActorClientTest {

    private static final long PATIENCE_SECONDS = 60;
    private static final NetworkStep.Block BLOCK = new NetworkStep.Block(
            BlockTarget.parse("203.0.113.80", 80, "udp", -1).orElseThrow(), Duration.ofMinutes(1));

    @TempDir
    private Path folder;

    private final ExecutorService threads = Executors.newSingleThreadExecutor();
    private ActorBench bench;
    private ServerSocketChannel socket;
    private Path path;

    @BeforeEach
    void start() throws IOException {
        bench = new ActorBench(new Journal(folder.resolve("journal.ndjson")));
        path = folder.resolve("s");
        socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(UnixDomainSocketAddress.of(path));
    }

    @AfterEach
    void end() throws IOException {
        socket.close();
        threads.shutdownNow();
        bench.close();
    }

    private Outcome perform(String id, Step step) {
        return new ActorClient(path, Clock.fixed(ActorBench.START, ZoneOffset.UTC), System::nanoTime, ActorBench.PEER)
                .perform(new Action(id, ActorBench.START, "policy", "o-1", step, new Action.Plan("", "")));
    }

    /* Answers while something is asked. */
    private void answering(Callable<Void> ask) throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        ActorServer server = new ActorServer(socket, bench.service(), System::nanoTime, ActorBench.PEER);
        Future<?> running = threads.submit(() -> {
            server.run(over::get);
            return null;
        });
        try {
            ask.call();
        } finally {
            over.set(true);
            running.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            server.close();
        }
    }

    @Test
    void whatIsDoneHasTheIdThatTheGuardGaveIt() throws Exception {
        answering(() -> {
            assertThat(perform("a-x-1", BLOCK))
                    .isEqualTo(new Outcome("a-x-1", ActorBench.START, Outcome.Result.DONE, ""));
            assertThat(perform("a-x-2", new NetworkStep.Unblock(BLOCK.target(), "a-x-1"))
                            .result())
                    .isEqualTo(Outcome.Result.DONE);
            assertThat(bench.done).containsExactly(BLOCK, new NetworkStep.Unblock(BLOCK.target(), "a-x-1"));
            return null;
        });
    }

    @Test
    void aRefusalIsAnOutcomeWithItsReason() throws Exception {
        answering(() -> {
            assertThat(perform(
                            "a-x-1",
                            new NetworkStep.Block(
                                    BlockTarget.parse("192.0.2.53", 53, "udp", -1)
                                            .orElseThrow(),
                                    Duration.ofMinutes(1))))
                    .satisfies(outcome -> {
                        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
                        assertThat(outcome.detail())
                                .startsWith("refused by the actor: ")
                                .contains("resolver");
                    });
            return null;
        });
    }

    @Test
    void oneThatIsKilledBeforeItAnswersIsAskedAgain() throws Exception {
        Future<?> killed = threads.submit(() -> {
            try (SocketChannel client = socket.accept()) {
                client.read(ByteBuffer.allocate(10));
            }
            return null;
        });
        Future<Outcome> asked;
        ExecutorService asking = Executors.newSingleThreadExecutor();
        try {
            asked = asking.submit(() -> perform("a-x-1", BLOCK));
            killed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            answering(() -> {
                assertThat(asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS).result())
                        .isEqualTo(Outcome.Result.DONE);
                return null;
            });
        } finally {
            asking.shutdownNow();
        }
        assertThat(bench.done).containsExactly(BLOCK);
    }

    @Test
    void oneThatIsNotThereIsSaid() throws IOException {
        ActorClient client = new ActorClient(folder.resolve("none"), Clock.systemUTC(), System::nanoTime);
        assertThat(client.problem()).contains("only reported", "outguard-actor.socket");
        socket.close();
        assertThat(perform("a-x-1", BLOCK).detail()).startsWith("the actor cannot be asked at " + path);
        assertThat(List.copyOf(bench.done)).isEmpty();
    }
}
