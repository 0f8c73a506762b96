package org.outguard.maillog.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import org.outguard.maillog.Source;
import org.outguard.maillog.line.TimestampParser;

/** Finds the first line that is young enough, by halving: a log of a busy day has millions of lines. */
final class LogSeek {

    private static final int LOOK = 32 * 1_024;

    private LogSeek() {}

    /** Offset of a line from which on lines are at least that young, or shortly before it. */
    static long of(SeekableByteChannel file, Source source, long sinceMicros) throws IOException {
        long low = 0;
        long high = file.size();
        while (high - low > LOOK) {
            long middle = low + (high - low) / 2;
            long micros = firstStampFrom(file, source, middle);
            if (micros == TimestampParser.NONE || micros >= sinceMicros) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low == 0 ? 0 : nextLine(file, low);
    }

    private static long firstStampFrom(SeekableByteChannel file, Source source, long offset) throws IOException {
        ByteBuffer look = ByteBuffer.allocate(LOOK);
        file.position(offset);
        int count = Math.max(0, file.read(look));
        byte[] bytes = look.array();
        int from = -1;
        for (int i = 0; i < count; i++) {
            if (bytes[i] != '\n') {
                continue;
            }
            if (from >= 0) {
                long micros = source.probe(bytes, from, i);
                if (micros != TimestampParser.NONE) {
                    return micros;
                }
            }
            from = i + 1;
        }
        return TimestampParser.NONE;
    }

    private static long nextLine(SeekableByteChannel file, long offset) throws IOException {
        ByteBuffer look = ByteBuffer.allocate(LOOK);
        file.position(offset);
        int count = Math.max(0, file.read(look));
        for (int i = 0; i < count; i++) {
            if (look.array()[i] == '\n') {
                return offset + i + 1;
            }
        }
        return offset + count;
    }
}
