package org.outguard.app.actor;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Takes requests at a Unix socket, one a connection, and does them one after the other. Who is at the other end the kernel tells
 * (SO_PEERCRED in unix(7)). No client can hold it up: each has so long for its line and so many connections, none waits for another's.
 */
public final class ActorServer implements AutoCloseable {

    /** So long a client has for its request, and again for taking the answer. */
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** Without a request for so long it ends: systemd starts it again when somebody asks. */
    static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** Open at a time by one user: the other one is never kept out. */
    static final int MOST_CONNECTIONS = 8;

    private static final long LOOK_MILLIS = 1_000;

    private final ServerSocketChannel socket;
    private final ActorService service;
    private final LongSupplier nanoTime;
    private final PeerName peerName;
    private final Selector selector;
    private final List<ActorConnection> open = new ArrayList<>();
    private long lastUsed;

    /**
     * Does not answer yet.
     *
     * @param socket listens; closed with this
     * @param nanoTime as {@link System#nanoTime()}
     * @throws IOException where it cannot be waited for
     */
    public ActorServer(ServerSocketChannel socket, ActorService service, LongSupplier nanoTime) throws IOException {
        this(socket, service, nanoTime, PeerName.OF_THE_KERNEL);
    }

    /* For tests, whom nobody may ask to be root. */
    ActorServer(ServerSocketChannel socket, ActorService service, LongSupplier nanoTime, PeerName peerName)
            throws IOException {
        this.peerName = peerName;
        this.socket = socket;
        this.service = service;
        this.nanoTime = nanoTime;
        this.selector = Selector.open();
        this.lastUsed = nanoTime.getAsLong();
        socket.configureBlocking(false);
        socket.register(selector, SelectionKey.OP_ACCEPT);
    }

    /**
     * Answers until nobody has asked for a while.
     *
     * @param isOver whether it is to end before, after what is under way
     */
    public void run(BooleanSupplier isOver) throws IOException {
        while (!isOver.getAsBoolean() && turn(LOOK_MILLIS)) {
            // On to the next one.
        }
    }

    /**
     * Answers what is there.
     *
     * @param millis how long it waits for something to be there; 0 for not at all
     * @return whether there may be more to come
     */
    boolean turn(long millis) throws IOException {
        if (millis == 0) {
            selector.selectNow();
        } else {
            selector.select(millis);
        }
        // What is done now may take long, and whoever waits for that is not late.
        long now = nanoTime.getAsLong();
        boolean accepts = false;
        for (Iterator<SelectionKey> keys = selector.selectedKeys().iterator(); keys.hasNext(); ) {
            SelectionKey key = keys.next();
            keys.remove();
            if (key.attachment() instanceof ActorConnection connection) {
                connection.go();
                lastUsed = nanoTime.getAsLong();
            } else {
                accepts = true;
            }
        }
        if (accepts) {
            accept();
        }
        open.removeIf(connection -> connection.isOver(now));
        return !open.isEmpty() || now - lastUsed < IDLE_NANOS;
    }

    private void accept() throws IOException {
        for (SocketChannel channel = socket.accept(); channel != null; channel = socket.accept()) {
            try {
                greet(channel);
            } catch (IOException e) {
                // It has gone again.
                channel.close();
            }
        }
    }

    private void greet(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        String user = peerName.of(channel);
        ActorConnection connection = new ActorConnection(channel, user, service, nanoTime);
        connection.register(selector);
        open.add(connection);
        if (!service.mayAsk(user)) {
            connection.refuse("", "user " + user + " may not ask for anything");
        } else if (open.stream().filter(one -> one.user().equals(user)).count() > MOST_CONNECTIONS) {
            connection.refuse("", "user " + user + " has " + MOST_CONNECTIONS + " connections open");
        }
    }

    @Override
    public void close() throws IOException {
        open.forEach(ActorConnection::close);
        selector.close();
        socket.close();
        service.close();
    }
}
