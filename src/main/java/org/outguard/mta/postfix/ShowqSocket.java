package org.outguard.mta.postfix;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.outguard.guard.port.ReadsForeign;
import org.outguard.mail.QueuedMessage;
import org.outguard.mta.HeaderBlock;

/**
 * What showq(8) lists over its socket, to root and to the group of {@code setgid_group}: without a program that turns it
 * into text, and the first message at once. Names and values end with a NUL; an empty name ends a message, and an empty
 * message the list (src/showq/showq.c and src/util/attr_print0.c of Postfix).
 */
final class ShowqSocket {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int LONGEST_VALUE = 16 * 1024;
    private static final int BUFFER = 64 * 1024;
    private static final String PROTOCOL = "mail_queue_list_protocol";

    private final String instance;
    private final InputStream in;
    private byte[] value = new byte[256];
    private int length;

    private ShowqSocket(String instance, InputStream in) {
        this.instance = instance;
        this.in = in;
    }

    /**
     * Reads the whole list.
     *
     * @param socket {@code public/showq} of an instance
     * @param instance name of the instance, for queue ids
     * @param to is given each message
     * @return how many entries could not be read
     * @throws IOException where the socket is not there, not open to us, or breaks off
     */
    static int list(Path socket, String instance, Consumer<QueuedMessage> to) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                Selector selector = Selector.open()) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            return new ShowqSocket(instance, new BufferedInputStream(new Patient(channel, selector), BUFFER)).list(to);
        }
    }

    /** Reads the same from bytes. */
    static int list(InputStream in, String instance, Consumer<QueuedMessage> to) throws IOException {
        return new ShowqSocket(instance, in).list(to);
    }

    private int list(Consumer<QueuedMessage> to) throws IOException {
        int damaged = 0;
        boolean greeted = false;
        while (true) {
            ShowqEntry entry = new ShowqEntry();
            String protocol = PROTOCOL;
            boolean empty = true;
            for (String name = next(); !name.isEmpty(); name = next()) {
                String field = next();
                if (name.equals("protocol")) {
                    protocol = field;
                }
                entry.take(name, field);
                empty = false;
            }
            if (empty) {
                return damaged;
            }
            if (!greeted) {
                greeted = true;
                if (!protocol.equals(PROTOCOL)) {
                    throw new IOException("it speaks " + protocol);
                }
                if (entry.isNamedNothing()) {
                    continue;
                }
            }
            damaged += take(entry, to) ? 0 : 1;
        }
    }

    @ReadsForeign
    private boolean take(ShowqEntry entry, Consumer<QueuedMessage> to) {
        try {
            Optional<QueuedMessage> message = entry.message(instance);
            message.ifPresent(to);
            return message.isPresent();
        } catch (RuntimeException e) {
            return false;
        }
    }

    private String next() throws IOException {
        length = 0;
        for (int c = in.read(); c != 0; c = in.read()) {
            if (c < 0) {
                throw new IOException("it broke off");
            }
            if (length < LONGEST_VALUE) {
                if (length == value.length) {
                    value = Arrays.copyOf(value, 2 * length);
                }
                value[length++] = (byte) c;
            }
        }
        return HeaderBlock.text(value, 0, length);
    }

    /** A socket that is waited for, but not for ever. */
    private static final class Patient extends InputStream {
        private final SocketChannel channel;
        private final Selector selector;

        Patient(SocketChannel channel, Selector selector) {
            this.channel = channel;
            this.selector = selector;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int from, int most) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(into, from, most);
            for (int count = channel.read(buffer); ; count = channel.read(buffer)) {
                if (count != 0) {
                    return count;
                }
                if (selector.select(PATIENCE.toMillis()) == 0) {
                    throw new SocketTimeoutException("it said nothing for " + PATIENCE.toSeconds() + " s");
                }
                selector.selectedKeys().clear();
            }
        }
    }
}
