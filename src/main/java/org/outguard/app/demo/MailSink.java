package org.outguard.app.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.kernel.NetworkNamespace;

/** Where all mail of the lab goes: an SMTP server at the other end of the cable that keeps nothing, see {@link SinkDialogue}. */
final class MailSink implements AutoCloseable {

    static final Endpoint ADDRESS = Lab.endpoint("203.0.113.25", 25);

    /* What a real one takes to look into a message: so long a delivery has its message in hand. */
    private static final long PAUSE_MILLIS = 250;

    private static final int LIMIT_MILLIS = 60_000;

    private final Path namespace;
    private final ThreadFactory threads;
    private boolean closed;
    private @Nullable ServerSocket server;

    private MailSink(Path namespace, ThreadFactory threads) {
        this.namespace = namespace;
        this.threads = threads;
    }

    /**
     * Starts one, on threads of its own. Where it cannot listen, mail is put off by whoever sends it.
     *
     * @param namespace the network namespace that has {@link #ADDRESS}
     * @param threads makes daemons
     */
    static MailSink start(Path namespace, ThreadFactory threads) {
        MailSink sink = new MailSink(namespace, threads);
        threads.newThread(sink::listen).start();
        return sink;
    }

    private void listen() {
        try (ServerSocket opened = open()) {
            while (!opened.isClosed()) {
                Socket session = opened.accept();
                threads.newThread(() -> serve(session)).start();
            }
        } catch (IOException e) {
            // Closed, or it could not listen.
            return;
        }
    }

    /* A socket belongs to the namespace of the thread that makes it. */
    private ServerSocket open() throws IOException {
        Optional<String> problem = NetworkNamespace.enter(namespace.toString());
        if (problem.isPresent()) {
            throw new IOException(problem.get());
        }
        ServerSocket opened = new ServerSocket();
        synchronized (this) {
            server = opened;
            if (closed) {
                opened.close();
            }
        }
        opened.bind(
                new InetSocketAddress(InetAddress.getByAddress(ADDRESS.address().bytes()), ADDRESS.port()));
        return opened;
    }

    private static void serve(Socket session) {
        try (session) {
            session.setSoTimeout(LIMIT_MILLIS);
            BufferedReader lines =
                    new BufferedReader(new InputStreamReader(session.getInputStream(), StandardCharsets.ISO_8859_1));
            OutputStream replies = session.getOutputStream();
            SinkDialogue dialogue = new SinkDialogue();
            say(replies, SinkDialogue.GREETING);
            for (String line = lines.readLine(); line != null && !dialogue.isOver(); line = lines.readLine()) {
                Optional<String> reply = dialogue.reply(line);
                if (reply.isPresent()) {
                    if (line.equals(SinkDialogue.END)) {
                        Thread.sleep(PAUSE_MILLIS);
                    }
                    say(replies, reply.get());
                }
            }
        } catch (IOException e) {
            // The other end is gone, which is its own affair.
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void say(OutputStream to, String reply) throws IOException {
        to.write((reply + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (server != null) {
            server.close();
        }
    }
}
