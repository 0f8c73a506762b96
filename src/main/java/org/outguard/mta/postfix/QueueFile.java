package org.outguard.mta.postfix;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.mta.HeaderBlock;

/**
 * What a queue file says (src/global/rec_type.h, cleanup_envelope.c and cleanup_extracted.c of Postfix). The envelope
 * comes first, then the message's header and body, then what cleanup extracted from the header, recipients of
 * {@code sendmail -t} among them. The body is stepped over by the offsets of the size record.
 *
 * @param arrival when it came, epoch where the file does not say
 * @param size bytes of the message
 * @param sender envelope sender, empty for the null sender
 * @param attributes named attributes that Postfix wrote: {@link #KEPT}
 * @param recipients those still to be served, at most {@link #MOST_RECIPIENTS}
 * @param recipientCount how many are still to be served
 * @param header the message's header
 * @param returned header of the message that a notification returns, empty for other mail
 * @param state how much of it is there
 */
record QueueFile(
        Instant arrival,
        long size,
        String sender,
        Map<String, String> attributes,
        List<Recipient> recipients,
        int recipientCount,
        HeaderBlock header,
        HeaderBlock returned,
        State state) {

    static final int MOST_RECIPIENTS = 20;

    private static final byte[] RETURNED = ascii("Content-Description: Undelivered Message");
    private static final byte[] RETURNED_HEADERS = ascii("Content-Description: Undelivered Message Headers");

    /** Attributes that are kept. */
    private static final List<String> KEPT = List.of("client_address", "client_port", "sasl_username");

    private static final List<byte[]> KEPT_STARTS =
            KEPT.stream().map(name -> ascii(name + "=")).toList();

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final int LONGEST_TEXT = 512;
    private static final int MOST_HEADER_RECORDS = 600;

    /* Milters edit in place: what replaces a record is reached by a pointer, and leads back by another. */
    private static final int MOST_POINTERS = 64;

    /** How much of a file is there. */
    enum State {
        WHOLE,
        /** Cleanup writes the sizes last. */
        BEING_WRITTEN,
        /** It breaks off, or is no queue file. */
        DAMAGED
    }

    /** Reads what is of use; never throws for what is in the file. */
    static QueueFile read(SeekableByteChannel channel) throws IOException {
        Parser parser = new Parser(new QueueRecords(channel));
        parser.run();
        return parser.result();
    }

    /** Reads arrival and sender only, enough to know a message again. */
    static QueueFile readEnvelope(SeekableByteChannel channel) throws IOException {
        Parser parser = new Parser(new QueueRecords(channel));
        parser.envelope();
        return parser.result();
    }

    /** One pass over one file. */
    private static final class Parser {
        private final QueueRecords records;
        private final Map<String, String> attributes = new HashMap<>(4);
        private final List<Recipient> recipients = new ArrayList<>();
        private final HeaderBlock header = new HeaderBlock();
        private final HeaderBlock returned = new HeaderBlock();
        private Instant arrival = Instant.EPOCH;
        private long size;
        private long dataOffset;
        private long contentLength;
        private int announced;
        private int waiting;
        private int done;
        private boolean sized;
        private boolean ended;
        private @Nullable String sender;
        private int pointers;

        Parser(QueueRecords records) {
            this.records = records;
        }

        void run() throws IOException {
            boolean content = envelope();
            if (content) {
                boolean body = header(header);
                if (body && isNotification()) {
                    returned();
                }
                if (sized) {
                    records.seek(dataOffset + contentLength);
                }
                // A file of the maildrop has no sizes: its body is read over as far as files are looked at.
                extracted();
            }
        }

        /* Whether the message's content follows. */
        private boolean envelope() throws IOException {
            while (records.next()) {
                switch (records.type()) {
                    case 'M' -> {
                        return true;
                    }
                    case 'C' -> size();
                    case 'T' -> arrival();
                    case 'S' -> sender = records.length() == 0 ? "" : cut(records.text());
                    case 'E' -> {
                        ended = true;
                        return false;
                    }
                    default -> common();
                }
            }
            return false;
        }

        private void common() {
            switch (records.type()) {
                case 'A' -> attribute();
                case 'R' -> recipient(records.text());
                case 'D' -> done++;
                case 'p' -> pointer();
                default -> {
                    // Of no use here.
                }
            }
        }

        /* Whether it ended with the empty line before a body. */
        private boolean header(HeaderBlock block) throws IOException {
            boolean lineGoesOn = false;
            for (int i = 0; i < MOST_HEADER_RECORDS && records.next(); i++) {
                switch (records.type()) {
                    case 'N', 'L' -> {
                        if (!lineGoesOn && records.isEmptyLine()) {
                            return true;
                        }
                        // A line that is longer than a record is in several, all but the last of type L.
                        if (!lineGoesOn) {
                            records.addTo(block);
                        }
                        lineGoesOn = records.type() == 'L';
                    }
                    case 'p' -> pointer();
                    case 'E' -> {
                        ended = true;
                        return false;
                    }
                    case 'X' -> {
                        return false;
                    }
                    default -> {
                        // Padding of edited records.
                    }
                }
            }
            return false;
        }

        private boolean isNotification() {
            return sender != null && sender.isEmpty() && header.contentType().startsWith("multipart/report");
        }

        /*
         * The header of the returned message, behind the part's own. What a remote host said stands before it, but
         * never at the beginning of a line.
         */
        private void returned() throws IOException {
            for (int i = 0; i < MOST_HEADER_RECORDS && records.next(); i++) {
                if (records.type() == 'N' && (isLine(RETURNED) || isLine(RETURNED_HEADERS))) {
                    if (header(new HeaderBlock())) {
                        header(returned);
                    }
                    return;
                }
                if (records.type() == 'X' || records.type() == 'E') {
                    return;
                }
            }
        }

        private boolean isLine(byte[] line) {
            return records.length() == line.length && records.startsWith(line);
        }

        private void extracted() throws IOException {
            while (records.next()) {
                if (records.type() == 'E') {
                    ended = true;
                    return;
                }
                common();
            }
        }

        private void pointer() {
            long offset = records.numbers(1)[0];
            // A pointer of 0 is a place kept for later edits.
            if (offset > 0 && ++pointers <= MOST_POINTERS) {
                records.seek(offset);
            }
        }

        private void size() {
            long[] fields = records.numbers(5);
            size = fields[0];
            dataOffset = fields[1];
            announced = (int) Math.min(Integer.MAX_VALUE, fields[2]);
            // Old files have no length of the content: it is that of the message.
            contentLength = fields[4] > 0 ? fields[4] : size;
            sized = dataOffset > 0;
        }

        private void arrival() {
            long[] fields = records.numbers(2);
            try {
                arrival = Instant.ofEpochSecond(fields[0], fields[1] * 1000);
            } catch (DateTimeException | ArithmeticException e) {
                arrival = Instant.EPOCH;
            }
        }

        private void attribute() {
            for (int i = 0; i < KEPT.size(); i++) {
                if (records.startsWith(KEPT_STARTS.get(i))) {
                    attributes.put(KEPT.get(i), cut(records.text(KEPT_STARTS.get(i).length)));
                }
            }
        }

        private void recipient(String address) {
            waiting++;
            if (recipients.size() < MOST_RECIPIENTS) {
                recipients.add(new Recipient(cut(address), ""));
            }
        }

        QueueFile result() {
            State state = ended && sender != null ? State.WHOLE : State.DAMAGED;
            if (state == State.DAMAGED && !sized && sender != null) {
                state = State.BEING_WRITTEN;
            }
            // Of a file with more recipients than are read, the count that cleanup wrote is the better one.
            int count = ended ? waiting : Math.max(waiting, announced - done);
            boolean longList = !ended
                    && records.isSpent()
                    && sender != null
                    && sized
                    && waiting + done > 0
                    && announced > waiting + done;
            return new QueueFile(
                    arrival,
                    size,
                    sender == null ? "" : sender,
                    attributes,
                    List.copyOf(recipients),
                    count,
                    header,
                    returned,
                    longList ? State.WHOLE : state);
        }

        private static String cut(String text) {
            return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
        }
    }

    Optional<String> attribute(String name) {
        return Optional.ofNullable(attributes.get(name)).filter(value -> !value.isEmpty());
    }
}
