package org.outguard.mta.postfix;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import org.outguard.mta.EvidenceMbox;

/** The whole message in a queue file, line by line. */
final class MessageReader {

    /** A line is in records of 2,048 bytes at most as Postfix comes (line_length_limit); this leaves room. */
    private static final int LONGEST_RECORD = 1024 * 1024;

    private MessageReader() {}

    /**
     * Copies a message.
     *
     * @throws IOException where it cannot be read to its end, or not be written
     */
    static void copy(SeekableByteChannel channel, EvidenceMbox to) throws IOException {
        QueueRecords records = QueueRecords.all(channel, LONGEST_RECORD);
        boolean content = false;
        int pointers = 0;
        while (records.next()) {
            switch (records.type()) {
                case 'M' -> content = true;
                case 'N', 'L' -> {
                    if (content) {
                        to.line(records.data(), records.type() == 'N');
                    }
                }
                case 'S' -> to.note("Sender", records.data());
                case 'R' -> to.note("Recipient", records.data());
                case 'X' -> {
                    return;
                }
                case 'p' -> {
                    long offset = records.numbers(1)[0];
                    if (offset > 0 && ++pointers < 10_000) {
                        records.seek(offset);
                    }
                }
                default -> {
                    // Nothing of the message itself.
                }
            }
        }
        throw new IOException("its queue file breaks off");
    }
}
