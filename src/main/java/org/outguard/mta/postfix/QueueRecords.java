package org.outguard.mta.postfix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import org.outguard.mta.HeaderBlock;

/**
 * The records of a queue file: a type byte, the length in base 128 with the low bits first, the data (src/global/record.c
 * of Postfix). Reads a few kB at a time and no more of a file than {@link #MOST_BYTES}, whatever the file says of itself.
 */
final class QueueRecords {

    /** Bytes of one file that are looked at; about 2,500 recipients. */
    static final int MOST_BYTES = 512 * 1024;

    /** A longer record is skipped, since Postfix writes lines of 2,048 bytes (line_length_limit) and addresses. */
    private static final int LONGEST_RECORD = 8 * 1024;

    private static final int FIRST_CHUNK = 4 * 1024;
    private static final long MOST_NUMBER = Long.MAX_VALUE / 100;
    private static final int LONGEST_VARINT = 5;
    private static final byte[] NOTHING = new byte[0];

    private final SeekableByteChannel file;
    private final byte[] chunk = new byte[FIRST_CHUNK];
    private long chunkStart;
    private int chunkLength;
    private long position;

    /* Where the file's own position is, which is at its start when it is handed in. */
    private long filePosition;

    private final int longest;
    private final boolean strict;
    private long budget;

    private char type;
    private byte[] data = NOTHING;

    /* The data stand in the chunk, or where they reach beyond it, in an array of their own. */
    private int dataFrom;
    private int dataLength;

    QueueRecords(SeekableByteChannel file) {
        this(file, MOST_BYTES, LONGEST_RECORD, false);
    }

    private QueueRecords(SeekableByteChannel file, long budget, int longest, boolean strict) {
        this.file = file;
        this.budget = budget;
        this.longest = longest;
        this.strict = strict;
    }

    /** All records of a file; one that is longer than this ends it, since it could not be copied. */
    static QueueRecords all(SeekableByteChannel file, int longest) {
        return new QueueRecords(file, Long.MAX_VALUE, longest, true);
    }

    /** Goes to the next record; false at the end of the file, of what is looked at, or where there is no record. */
    boolean next() throws IOException {
        int first = read();
        if (first < 0) {
            return false;
        }
        long length = 0;
        for (int i = 0; ; i++) {
            int part = read();
            if (part < 0 || i == LONGEST_VARINT) {
                return false;
            }
            length |= (long) (part & 0x7f) << 7 * i;
            if (part < 0x80) {
                break;
            }
        }
        type = (char) first;
        if (length > longest) {
            // It is what it is, but nothing in it is worth its room.
            data = NOTHING;
            dataFrom = 0;
            dataLength = 0;
            position += length;
            return !strict;
        }
        take((int) length);
        return dataLength == length;
    }

    /** Whether it ended because no more of the file is looked at, and not because there was no more. */
    boolean isSpent() {
        return budget <= 0;
    }

    /** Goes to this offset; the next record is the one that begins there. */
    void seek(long offset) {
        position = Math.max(0, offset);
    }

    char type() {
        return type;
    }

    /** The data as it is. */
    byte[] data() {
        return Arrays.copyOfRange(data, dataFrom, dataFrom + dataLength);
    }

    /** How many bytes the data has. */
    int length() {
        return dataLength;
    }

    /** Whether it is an empty line of a message. */
    boolean isEmptyLine() {
        return dataLength == 0 || dataLength == 1 && data[dataFrom] == '\r';
    }

    boolean startsWith(byte[] start) {
        return dataLength >= start.length
                && Arrays.equals(data, dataFrom, dataFrom + start.length, start, 0, start.length);
    }

    /** Adds the data as a line of a header. */
    void addTo(HeaderBlock header) {
        header.add(data, dataFrom, dataLength);
    }

    /** The whole numbers at the beginning of the data, between blanks; what is no number, or too large, is 0. */
    long[] numbers(int most) {
        long[] numbers = new long[most];
        int at = dataFrom;
        int end = dataFrom + dataLength;
        for (int i = 0; i < most; i++) {
            while (at < end && isBlank(data[at])) {
                at++;
            }
            long number = 0;
            boolean valid = at < end;
            for (; at < end && !isBlank(data[at]); at++) {
                int digit = data[at] - '0';
                valid &= digit >= 0 && digit <= 9 && number < MOST_NUMBER;
                number = valid ? number * 10 + digit : 0;
            }
            numbers[i] = number;
        }
        return numbers;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    /** The data as text, in UTF-8 where it is that and in ISO 8859-1 where it is not. */
    String text() {
        return text(0);
    }

    /** The same from an offset on. */
    String text(int offset) {
        return HeaderBlock.text(data, dataFrom + offset, dataLength - offset);
    }

    private int read() throws IOException {
        if (!fill()) {
            return -1;
        }
        return chunk[(int) (position++ - chunkStart)] & 0xff;
    }

    private void take(int length) throws IOException {
        long offset = position - chunkStart;
        if (offset >= 0 && offset + length <= chunkLength) {
            data = chunk;
            dataFrom = (int) offset;
            dataLength = length;
            position += length;
            return;
        }
        data = bytes(length);
        dataFrom = 0;
        dataLength = data.length;
    }

    private byte[] bytes(int length) throws IOException {
        byte[] bytes = new byte[length];
        int got = 0;
        while (got < length && fill()) {
            int offset = (int) (position - chunkStart);
            int part = Math.min(length - got, chunkLength - offset);
            System.arraycopy(chunk, offset, bytes, got, part);
            got += part;
            position += part;
        }
        return got == length ? bytes : Arrays.copyOf(bytes, got);
    }

    private boolean fill() throws IOException {
        if (position >= chunkStart && position < chunkStart + chunkLength) {
            return true;
        }
        if (budget <= 0) {
            return false;
        }
        budget -= FIRST_CHUNK;
        chunkStart = position;
        chunkLength = 0;
        ByteBuffer into = ByteBuffer.wrap(chunk);
        // One system call less for each of a hundred thousand files.
        if (filePosition != position) {
            // A pointer may name what is no position in any file.
            if (position > file.size()) {
                return false;
            }
            file.position(position);
        }
        while (into.hasRemaining() && file.read(into) > 0) {
            chunkLength = into.position();
        }
        filePosition = position + chunkLength;
        return chunkLength > 0;
    }
}
