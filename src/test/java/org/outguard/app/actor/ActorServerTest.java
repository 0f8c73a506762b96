package org.outguard.app.actor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.journal.Journal;
import org.outguard.journal.JournalEntry;

/** Clients at a real socket that are slow, many, half or too long, by the clock of the test. */
class ActorServerTest {

    private static final ActorRequest PLAN = new ActorRequest.Plan(new NetworkStep.Block(
            BlockTarget.parse("203.0.113.80", 80, "udp", -1).orElseThrow(), Duration.ofMinutes(1)));

    @TempDir
    private Path folder;

    private final List<SocketChannel> clients = new ArrayList<>();
    private ActorBench bench;
    private ActorServer server;
    private Path path;
    private long nanos;

    @BeforeEach
    void start() throws IOException {
        bench = new ActorBench(new Journal(folder.resolve("journal.ndjson")));
        path = folder.resolve("s");
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        socket.bind(UnixDomainSocketAddress.of(path));
        server = new ActorServer(socket, bench.service(), () -> nanos, ActorBench.PEER);
    }

    @AfterEach
    void end() throws IOException {
        for (SocketChannel client : clients) {
            client.close();
        }
        server.close();
        bench.close();
    }

    private SocketChannel connect() throws IOException {
        SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(path));
        clients.add(client);
        client.configureBlocking(false);
        return client;
    }

    private static void send(SocketChannel client, byte[] bytes) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        client.write(left);
        assertThat(left.hasRemaining()).isFalse();
    }

    private static void send(SocketChannel client, String text) throws IOException {
        send(client, text.getBytes(StandardCharsets.UTF_8));
    }

    /** What was answered so far; null where the connection is open and nothing was. */
    private static String read(SocketChannel client) throws IOException {
        ByteBuffer answer = ByteBuffer.allocate(10_000);
        int count = client.read(answer);
        return count == 0 ? null : new String(answer.array(), 0, Math.max(0, count), StandardCharsets.UTF_8);
    }

    private void turns() throws IOException {
        for (int i = 0; i < 4; i++) {
            server.turn(0);
        }
    }

    @Test
    void aLineIsAnsweredByALineAndThatIsAll() throws IOException {
        SocketChannel client = connect();
        send(client, PLAN.line());
        turns();
        assertThat(read(client)).isEqualTo("{\"type\":\"plan\",\"command\":\"do block\",\"undo\":\"undo block\"}\n");
        assertThat(read(client)).isEmpty();
    }

    @Test
    void aLineThatIsNotWholeInTimeEndsItsConnectionAndHoldsUpNobody() throws IOException {
        SocketChannel slow = connect();
        send(slow, "{\"request\":");
        turns();
        SocketChannel other = connect();
        send(other, PLAN.line());
        turns();
        assertThat(read(other)).contains("do block");
        nanos += ActorServer.PATIENCE_NANOS - 1;
        turns();
        assertThat(read(slow)).isNull();
        nanos++;
        turns();
        assertThat(read(slow)).isEmpty();
        assertThat(bench.refusals())
                .extracting(JournalEntry.Refused::reason, JournalEntry.Refused::request)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("its line was not whole in time", "{\"request\":"));
    }

    @Test
    void halfALineIsRefusedWhenItsClientGoes() throws IOException {
        SocketChannel client = connect();
        send(client, "{\"request\":\"per");
        client.shutdownOutput();
        turns();
        assertThat(bench.refusals()).extracting(JournalEntry.Refused::reason).containsExactly("its line has no end");
        assertThat(bench.done).isEmpty();
    }

    @Test
    void whoSaysNothingIsLetGoInSilence() throws IOException {
        SocketChannel silent = connect();
        connect().close();
        turns();
        nanos += ActorServer.PATIENCE_NANOS;
        turns();
        assertThat(read(silent)).isEmpty();
        assertThat(bench.refusals()).isEmpty();
    }

    @Test
    void aSecondLineAndOneThatIsNoTextAreRefused() throws IOException {
        SocketChannel two = connect();
        send(two, new String(PLAN.line(), StandardCharsets.UTF_8).repeat(2));
        turns();
        assertThat(read(two)).contains("there is more behind its line");
        SocketChannel binary = connect();
        send(binary, new byte[] {(byte) 0xff, (byte) 0xfe, '\n'});
        turns();
        assertThat(read(binary)).contains("it is not UTF-8");
    }

    @Test
    void aLineWithoutAnEndTakesSoMuchMemoryAndNoMore() throws IOException {
        SocketChannel client = connect();
        byte[] chunk = new byte[1 << 16];
        java.util.Arrays.fill(chunk, (byte) 'x');
        String answer = null;
        for (int sent = 0; answer == null; sent += chunk.length) {
            assertThat(sent).isLessThanOrEqualTo(ActorRequest.LONGEST_BYTES + chunk.length);
            send(client, chunk);
            turns();
            answer = read(client);
        }
        assertThat(answer).contains("it is longer than " + ActorRequest.LONGEST_BYTES + " bytes");
    }

    @Test
    void oneUserHasSoManyConnectionsAndNoMore() throws IOException {
        for (int i = 0; i < ActorServer.MOST_CONNECTIONS; i++) {
            connect();
        }
        turns();
        SocketChannel oneMore = connect();
        turns();
        assertThat(read(oneMore)).contains("has 8 connections open");
        clients.get(0).close();
        turns();
        SocketChannel next = connect();
        send(next, PLAN.line());
        turns();
        assertThat(read(next)).contains("do block");
    }

    @Test
    void itEndsWhenNobodyHasAskedForAWhile() throws IOException {
        assertThat(server.turn(0)).isTrue();
        nanos += ActorServer.IDLE_NANOS - 1;
        SocketChannel client = connect();
        send(client, PLAN.line());
        turns();
        assertThat(read(client)).contains("do block");
        nanos += ActorServer.IDLE_NANOS - 1;
        assertThat(server.turn(0)).isTrue();
        nanos++;
        assertThat(server.turn(0)).isFalse();
    }

    @Test
    void whoDoesNotTakeAnAnswerIsNotWaitedFor() throws IOException {
        SocketChannel client = connect();
        send(client, PLAN.line());
        client.close();
        turns();
        assertThat(bench.refusals()).isEmpty();
        nanos += ActorServer.IDLE_NANOS;
        assertThat(server.turn(0)).isFalse();
    }
}
