package org.outguard.app.actor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** One client: sends a line, gets a line, and that is all. */
final class ActorConnection {

    private static final int CHUNK = 1 << 16;

    private final SocketChannel channel;
    private final String user;
    private final ActorService service;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final LongSupplier nanoTime;
    private long deadline;
    private @Nullable SelectionKey key;
    private @Nullable ByteBuffer answer;
    private boolean closed;

    /**
     * Nothing was read yet.
     *
     * @param channel does not block
     * @param nanoTime as {@link System#nanoTime()}
     */
    ActorConnection(SocketChannel channel, String user, ActorService service, LongSupplier nanoTime) {
        this.channel = channel;
        this.user = user;
        this.service = service;
        this.nanoTime = nanoTime;
        this.deadline = soon();
    }

    private long soon() {
        return nanoTime.getAsLong() + ActorServer.PATIENCE_NANOS;
    }

    String user() {
        return user;
    }

    void register(Selector selector) throws IOException {
        key = channel.register(selector, SelectionKey.OP_READ, this);
    }

    /** Goes on as far as it does without waiting for the client. */
    void go() {
        try {
            if (answer == null) {
                read();
            } else {
                write();
            }
        } catch (IOException e) {
            // It does not want to know.
            close();
        }
    }

    private void read() throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        int count = channel.read(chunk);
        if (count < 0) {
            end("its line has no end");
            return;
        }
        byte[] bytes = chunk.array();
        for (int i = 0; i < count; i++) {
            if (bytes[i] == '\n') {
                line.write(bytes, 0, i);
                whole(i + 1 < count);
                return;
            }
        }
        line.write(bytes, 0, count);
        if (line.size() > ActorRequest.LONGEST_BYTES) {
            refuse(beginning(), "it is longer than " + ActorRequest.LONGEST_BYTES + " bytes");
        }
    }

    private void whole(boolean more) throws IOException {
        if (more) {
            refuse(beginning(), "there is more behind its line");
            return;
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(line.toByteArray()))
                    .toString();
            say(service.answer(user, text));
        } catch (CharacterCodingException e) {
            refuse(beginning(), "it is not UTF-8");
        }
    }

    /** Journals why it gets nothing else, says so, and ends. */
    void refuse(String request, String reason) throws IOException {
        say(service.refuse(user, request, reason));
    }

    /* Who says nothing at all asks for nothing. */
    private void end(String reason) {
        if (line.size() > 0) {
            service.refuse(user, beginning(), reason);
        }
        close();
    }

    private String beginning() {
        byte[] bytes = line.toByteArray();
        return new String(bytes, 0, Math.min(bytes.length, CHUNK), StandardCharsets.UTF_8);
    }

    private void say(byte[] words) throws IOException {
        line.reset();
        answer = ByteBuffer.wrap(words);
        deadline = soon();
        write();
    }

    private void write() throws IOException {
        ByteBuffer words = answer;
        if (words == null) {
            return;
        }
        channel.write(words);
        if (!words.hasRemaining()) {
            close();
        } else if (key != null) {
            key.interestOps(SelectionKey.OP_WRITE);
        }
    }

    /**
     * Whether it has ended, or does so now since its time is over.
     *
     * @param now when it was last looked whether it had sent something
     */
    boolean isOver(long now) {
        if (!closed && now - deadline >= 0) {
            if (answer == null) {
                end("its line was not whole in time");
            } else {
                close();
            }
        }
        return closed;
    }

    void close() {
        closed = true;
        try {
            channel.close();
        } catch (IOException e) {
            // It is not there any more either way.
            line.reset();
        }
    }
}
