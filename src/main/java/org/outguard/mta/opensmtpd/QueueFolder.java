package org.outguard.mta.opensmtpd;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.mail.QueuedMessage.Attributes;
import org.outguard.mta.HeaderBlock;
import org.outguard.mta.MailHost;

/**
 * The queue as files: a folder a message, {@code queue/ab/abcdef01}, with a file for each envelope and one with the message.
 *
 * @param queue the folder of all, as this program reaches it
 * @param host opens files
 */
record QueueFolder(Path queue, MailHost host) {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}");
    private static final Pattern ENVELOPE = Pattern.compile("[0-9a-f]{16}");
    private static final int MOST_HEADER = 64 * 1024;
    private static final int MOST_ENVELOPE = 16 * 1024;

    static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    private Path folder(String id) {
        return queue.resolve(id.substring(0, 2)).resolve(id);
    }

    /** Any envelope of a message; empty where it is not there. */
    Optional<Envelope> envelope(String id) {
        if (!isId(id)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder(id))) {
            for (Path file : files) {
                if (ENVELOPE.matcher(String.valueOf(file.getFileName())).matches()) {
                    return Optional.of(Envelope.parse(bytes(file, MOST_ENVELOPE)));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            // Delivered meanwhile.
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** Whether the message with that id is still the one that is meant. */
    Optional<Boolean> isSame(MessageRef ref) {
        return envelope(ref.id().id())
                .map(envelope -> envelope.arrival().equals(ref.arrival())
                        && envelope.sender().equals(ref.sender()));
    }

    /** What its header says. */
    Attributes attributes(String id) {
        try {
            byte[] bytes = bytes(message(id), MOST_HEADER);
            HeaderBlock header = new HeaderBlock();
            header.addLines(bytes, 0, end(bytes));
            return header.attributes();
        } catch (IOException e) {
            return Attributes.NONE;
        }
    }

    /* An empty line parts it from the body (RFC 5322, 2.1). */
    private static int end(byte[] message) {
        for (int i = 1; i < message.length; i++) {
            if (message[i] == '\n' && message[i - 1] == '\n') {
                return i;
            }
        }
        return message.length;
    }

    /** The file of the message itself. */
    Path message(String id) {
        return folder(id).resolve("message");
    }

    /** The message itself. */
    InputStream open(String id) throws IOException {
        return Channels.newInputStream(host.open(message(id)));
    }

    private byte[] bytes(Path file, int most) throws IOException {
        try (InputStream in = Channels.newInputStream(host.open(file))) {
            return in.readNBytes(most);
        }
    }

    long size(String id) {
        try (var file = host.open(message(id))) {
            return file.size();
        } catch (IOException e) {
            return 0;
        }
    }
}
