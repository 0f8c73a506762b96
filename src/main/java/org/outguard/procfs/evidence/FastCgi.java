package org.outguard.procfs.evidence;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** One request to a FastCGI server of this machine, as much of the protocol as that takes (FastCGI Specification 1.0). */
final class FastCgi {

    private static final int BEGIN_REQUEST = 1;
    private static final int END_REQUEST = 3;
    private static final int PARAMS = 4;
    private static final int STDIN = 5;
    private static final int STDOUT = 6;
    private static final int HEADER_BYTES = 8;
    private static final int MAX_ANSWER_BYTES = 4 << 20;

    /* A server whose workers are all busy does not answer: two seconds of silence are enough. */
    private static final int SILENCE_MILLIS = 250;
    private static final int MAX_SILENCES = 8;

    private FastCgi() {}

    /** The body of a page; empty where nobody answers in time, or with an error. */
    static Optional<String> get(Path root, String listen, String path, String query) {
        try (SocketChannel channel = open(root, listen);
                Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            return exchange(channel, selector, key, request(path, query)).flatMap(FastCgi::body);
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static SocketChannel open(Path root, String listen) throws IOException {
        boolean unix = listen.startsWith("/");
        SocketAddress address = unix
                ? UnixDomainSocketAddress.of(root.resolve(listen.substring(1)))
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), port(listen));
        SocketChannel channel = unix
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open(StandardProtocolFamily.INET);
        try {
            channel.connect(address);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static int port(String listen) {
        return Integer.parseInt(listen.substring(listen.lastIndexOf(':') + 1));
    }

    static byte[] request(String path, String query) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        record(out, BEGIN_REQUEST, new byte[] {0, 1, 0, 0, 0, 0, 0, 0});
        ByteArrayOutputStream parameters = new ByteArrayOutputStream();
        Map.of("SCRIPT_NAME", path, "SCRIPT_FILENAME", path, "QUERY_STRING", query, "REQUEST_METHOD", "GET")
                .forEach((name, value) -> {
                    byte[] n = name.getBytes(StandardCharsets.UTF_8);
                    byte[] v = value.getBytes(StandardCharsets.UTF_8);
                    if (v.length > 127) {
                        throw new IllegalArgumentException("a long path: " + value);
                    }
                    parameters.write(n.length);
                    parameters.write(v.length);
                    parameters.writeBytes(n);
                    parameters.writeBytes(v);
                });
        record(out, PARAMS, parameters.toByteArray());
        record(out, PARAMS, new byte[0]);
        record(out, STDIN, new byte[0]);
        return out.toByteArray();
    }

    private static void record(ByteArrayOutputStream out, int type, byte[] content) {
        out.writeBytes(new byte[] {1, (byte) type, 0, 1, (byte) (content.length >> 8), (byte) content.length, 0, 0});
        out.writeBytes(content);
    }

    private static Optional<byte[]> exchange(SocketChannel channel, Selector selector, SelectionKey key, byte[] request)
            throws IOException {
        ByteBuffer out = ByteBuffer.wrap(request);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer in = ByteBuffer.allocate(1 << 16);
        for (int silences = 0; silences < MAX_SILENCES && answer.size() < MAX_ANSWER_BYTES; ) {
            key.interestOps(out.hasRemaining() ? SelectionKey.OP_WRITE : SelectionKey.OP_READ);
            if (selector.select(SILENCE_MILLIS) == 0) {
                silences++;
                continue;
            }
            selector.selectedKeys().clear();
            if (out.hasRemaining()) {
                channel.write(out);
                continue;
            }
            in.clear();
            if (channel.read(in) < 0) {
                return Optional.of(answer.toByteArray());
            }
            answer.write(in.array(), 0, in.position());
        }
        return Optional.empty();
    }

    /** What the page has behind its headers. */
    static Optional<String> body(byte[] answer) {
        ByteArrayOutputStream page = new ByteArrayOutputStream();
        boolean ended = false;
        for (int at = 0; at + HEADER_BYTES <= answer.length && !ended; ) {
            int type = answer[at + 1];
            int length = (answer[at + 4] & 0xff) << 8 | answer[at + 5] & 0xff;
            int padding = answer[at + 6] & 0xff;
            int from = at + HEADER_BYTES;
            if (type == STDOUT) {
                page.write(answer, from, Math.min(length, answer.length - from));
            }
            ended = type == END_REQUEST;
            at = from + length + padding;
        }
        String text = page.toString(StandardCharsets.UTF_8);
        int blank = text.indexOf("\r\n\r\n");
        return ended && blank >= 0 ? Optional.of(text.substring(blank + 4)) : Optional.empty();
    }
}
