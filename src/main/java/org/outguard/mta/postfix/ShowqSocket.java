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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Attributes;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.mail.QueuedMessage.Status;
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
            Entry entry = new Entry();
            boolean empty = true;
            for (String name = next(); !name.isEmpty(); name = next()) {
                entry.take(name, next());
                empty = false;
            }
            if (empty) {
                return damaged;
            }
            if (!greeted) {
                greeted = true;
                if (!entry.protocol.equals(PROTOCOL) && !entry.protocol.isEmpty()) {
                    throw new IOException("it speaks " + entry.protocol);
                }
                if (entry.id.isEmpty()) {
                    continue;
                }
            }
            Optional<QueuedMessage> message = entry.message(instance);
            message.ifPresent(to);
            damaged += message.isEmpty() ? 1 : 0;
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

    /** One message while its fields come. */
    private static final class Entry {
        private String protocol = "";
        private String queue = "";
        private String id = "";
        private String sender = "";
        private long time;
        private long size;
        private final List<Recipient> recipients = new ArrayList<>();
        private int count;

        void take(String name, String value) {
            switch (name) {
                case "protocol" -> protocol = value;
                case "queue_name" -> queue = value;
                case "queue_id" -> id = value;
                case "time" -> time = number(value);
                case "size" -> size = number(value);
                // It writes the null sender like this.
                case "sender" -> sender = value.equals("MAILER-DAEMON") ? "" : value;
                case "recipient" -> {
                    if (count++ < QueueFile.MOST_RECIPIENTS) {
                        recipients.add(new Recipient(value, ""));
                    }
                }
                case "reason" -> {
                    int last = recipients.size() - 1;
                    if (last >= 0 && count <= QueueFile.MOST_RECIPIENTS) {
                        recipients.set(last, new Recipient(recipients.get(last).address(), value));
                    }
                }
                default -> {
                    // Of later versions.
                }
            }
        }

        private static long number(String text) {
            try {
                return Math.max(0, Long.parseLong(text));
            } catch (NumberFormatException e) {
                return 0;
            }
        }

        Optional<QueuedMessage> message(String instance) {
            Optional<Status> status = status();
            if (status.isEmpty() || !PostfixLayout.isId(id)) {
                return Optional.empty();
            }
            Provenance unknown = Provenance.unknown("queue files may not be read");
            return Optional.of(new QueuedMessage(
                    new QueueId("", instance, id),
                    status.get(),
                    Instant.ofEpochSecond(Math.min(time, Instant.MAX.getEpochSecond())),
                    size,
                    sender,
                    recipients,
                    count,
                    unknown,
                    unknown,
                    Attributes.NONE));
        }

        private Optional<Status> status() {
            for (Status status : Status.values()) {
                if (status.word().equals(queue.toLowerCase(Locale.ROOT))) {
                    return Optional.of(status);
                }
            }
            return Optional.empty();
        }
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
