package org.outguard.headless.complaint.mail;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.codec.QuotedPrintableInputStream;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.apache.james.mime4j.stream.RecursionMode;
import org.jspecify.annotations.Nullable;

/** Bytes of a mail, or of what was pasted of one, to texts: transfer encodings, charsets, HTML, archives, messages in messages. */
public final class MailDecoder {

    /** Characters of all texts together; what is beyond is not read, and {@link #notes} says so. */
    public static final int MAX_TEXT = 8 << 20;

    /** Multiparts and messages inside each other that are read. */
    static final int MAX_DEPTH = 20;

    private static final int MAX_PARTS = 1_000;
    private static final int MAX_HEADER = 256 << 10;
    private static final Pattern HEADER_START = Pattern.compile(
            "(?s)\\A(?:[ \\t]*\\r?\\n)*+(?:From [^\\n]*\\n)?(?:[!-9;-~]+:[^\\n]*\\n(?:[ \\t]+[^\\n]*\\n)*+){0,40}?(?i:subject|from|to|date|received|return-path|mime-version|content-type|message-id|delivered-to|x-[a-z-]+):");
    private static final Pattern POSTMARK =
            Pattern.compile("(\\n\\r?\\n)[\"> ]{0,2}From [^\\n]{1,200}\\d{4}\"?\\r?\\n(?=[A-Za-z-]{2,40}:)");
    private static final Pattern SOFT_BREAK = Pattern.compile("=\\r?\\n");
    private static final Pattern QUOTED = Pattern.compile("=(?:3D|20|C3|E2|09)");
    private static final Pattern FILE_NAME = Pattern.compile("(?i)\\b(?:file)?name\\*?0?\\*?\\s*=\\s*\"?([^\";]+)\"?");
    private static final Set<String> OPAQUE = Set.of("image", "audio", "video", "font");
    private static final MimeConfig CONFIG = MimeConfig.custom()
            .setMaxLineLen(-1)
            .setMaxHeaderLen(MAX_HEADER)
            .setMaxHeaderCount(2_000)
            .setMalformedHeaderStartsBody(true)
            .build();

    private final List<Part> parts = new ArrayList<>();
    private final List<MessageHeader> envelopes = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private int left = MAX_TEXT;
    private int choices;

    private MailDecoder() {}

    /**
     * Reads a mail.
     *
     * @param bytes as it came, or as it was pasted
     */
    public static MailDecoder read(byte[] bytes) {
        MailDecoder decoder = new MailDecoder();
        decoder.message(bytes, 0);
        return decoder;
    }

    /** Its texts, in their order. */
    public List<Part> parts() {
        return parts;
    }

    /** Headers of it and of all messages in it, outermost first; those of a pasted text are empty. */
    public List<MessageHeader> envelopes() {
        return envelopes;
    }

    /** What was not read. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    private void message(byte[] bytes, int depth) {
        String head = new String(bytes, 0, Math.min(bytes.length, 32 << 10), StandardCharsets.ISO_8859_1);
        int before = parts.size();
        if (looksLikeMail(head)) {
            try {
                parse(HeaderEnd.separated(bytes), depth);
            } catch (MimeException | IOException | RuntimeException e) {
                // The parser's own faults on hostile input, too: what was read before is kept.
                notes.add("the mail is damaged: its rest was read as plain text");
            }
        }
        if (parts.size() == before) {
            MessageHeader none = new MessageHeader(depth);
            envelopes.add(none);
            add("text/plain", "", unquoted(bytes), none, 0);
        }
    }

    private static boolean looksLikeMail(String head) {
        return HEADER_START.matcher(head).lookingAt();
    }

    /* Pasted from a mail's source without its header. */
    private static byte[] unquoted(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (!SOFT_BREAK.matcher(text).find() || !QUOTED.matcher(text).find()) {
            return bytes;
        }
        try (InputStream in = new QuotedPrintableInputStream(new ByteArrayInputStream(bytes), DecodeMonitor.SILENT)) {
            return in.readAllBytes();
        } catch (IOException e) {
            return bytes;
        }
    }

    private void parse(byte[] bytes, int depth) throws MimeException, IOException {
        MimeTokenStream stream = new MimeTokenStream(CONFIG);
        stream.setRecursionMode(RecursionMode.M_RECURSE);
        stream.parse(new ByteArrayInputStream(withoutPostmarks(afterMbox(bytes))));
        Deque<MessageHeader> messages = new ArrayDeque<>();
        Deque<Integer> alternatives = new ArrayDeque<>();
        String name = "";
        boolean inMessageHeader = false;
        int open = 0;
        for (EntityState state = stream.getState(); state != EntityState.T_END_OF_STREAM; state = stream.next()) {
            switch (state) {
                case T_START_MESSAGE -> {
                    MessageHeader envelope = new MessageHeader(depth + messages.size());
                    messages.push(envelope);
                    envelopes.add(envelope);
                    inMessageHeader = true;
                    open++;
                }
                case T_END_MESSAGE -> {
                    messages.poll();
                    open--;
                }
                case T_START_HEADER -> name = "";
                case T_END_HEADER -> inMessageHeader = false;
                case T_FIELD -> {
                    Field field = stream.getField();
                    if (inMessageHeader && !messages.isEmpty()) {
                        messages.peek().add(field.getName(), decoded(field.getBody()));
                    }
                    if (field.getName().toLowerCase(Locale.ROOT).matches("content-(?:disposition|type)")) {
                        Matcher file = FILE_NAME.matcher(decoded(field.getBody()));
                        name = file.find() ? file.group(1) : name;
                    }
                }
                case T_START_MULTIPART -> {
                    boolean choice = stream.getBodyDescriptor().getMimeType().equalsIgnoreCase("multipart/alternative");
                    int outer = alternatives.isEmpty() ? 0 : alternatives.peek();
                    alternatives.push(choice ? ++choices : outer);
                    open++;
                }
                case T_END_MULTIPART -> {
                    alternatives.poll();
                    open--;
                }
                case T_BODY -> {
                    BodyDescriptor body = stream.getBodyDescriptor();
                    body(
                            body,
                            name,
                            bounded(stream.getDecodedInputStream()),
                            messages.isEmpty() ? new MessageHeader(depth) : messages.peek(),
                            alternatives.isEmpty() ? 0 : alternatives.peek(),
                            depth + messages.size());
                }
                default -> {}
            }
            if (open > MAX_DEPTH * 2 || depth + messages.size() > MAX_DEPTH || parts.size() >= MAX_PARTS || left <= 0) {
                notes.add("the mail was not read to its end: it is too large, or nested too deeply");
                return;
            }
        }
    }

    /* The mbox line of an attached message is no field, and the parser drops what follows it. */
    private static byte[] withoutPostmarks(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        return text.contains("From ")
                ? POSTMARK.matcher(text).replaceAll("$1").getBytes(StandardCharsets.ISO_8859_1)
                : bytes;
    }

    private static byte[] afterMbox(byte[] bytes) {
        int at = 0;
        while (at < bytes.length && (bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == ' ')) {
            at++;
        }
        String start = new String(bytes, at, Math.min(5, bytes.length - at), StandardCharsets.ISO_8859_1);
        if (start.equals("From ")) {
            while (at < bytes.length && bytes[at] != '\n') {
                at++;
            }
            at++;
        }
        int from = Math.min(at, bytes.length);
        return from == 0 ? bytes : Arrays.copyOfRange(bytes, from, bytes.length);
    }

    private byte[] bounded(InputStream in) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] step = new byte[8192];
        try {
            for (int read = in.read(step); read >= 0; read = in.read(step)) {
                out.write(step, 0, Math.min(read, Math.max(0, MAX_TEXT - out.size())));
                if (out.size() >= MAX_TEXT) {
                    notes.add("a part of the mail is too large: only its beginning was read");
                    break;
                }
            }
        } catch (IOException | RuntimeException e) {
            notes.add("a part of the mail is damaged: only its beginning was read");
        }
        return out.toByteArray();
    }

    private String decoded(@Nullable String text) {
        if (text == null || !text.contains("=?")) {
            return text == null ? "" : utf8(text);
        }
        try {
            return DecoderUtil.decodeEncodedWords(text, DecodeMonitor.SILENT);
        } catch (RuntimeException e) {
            return text;
        }
    }

    /* A header in raw UTF-8 (RFC 6532) comes as ISO 8859-1. */
    private String utf8(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return text.chars().allMatch(c -> c < 128) || text.chars().anyMatch(c -> c > 255) ? text : text(bytes, "");
    }

    private void body(BodyDescriptor body, String name, byte[] bytes, MessageHeader envelope, int choice, int depth) {
        String type = body.getMimeType() == null
                ? "text/plain"
                : body.getMimeType().toLowerCase(Locale.ROOT).replaceAll("[\"' ]", "");
        attached(type, name, body.getCharset() == null ? "" : body.getCharset(), bytes, envelope, choice, depth);
    }

    private void attached(
            String type, String name, String charset, byte[] bytes, MessageHeader envelope, int choice, int depth) {
        if (OPAQUE.contains(type.split("/", 2)[0]) || type.contains("pgp-") || type.contains("pkcs7")) {
            return;
        }
        if (Unpacker.isPacked(bytes)) {
            unpack(name, bytes, envelope, depth);
        } else if (name.toLowerCase(Locale.ROOT).endsWith(".eml") && depth < MAX_DEPTH) {
            message(bytes, depth);
        } else if (!isBinary(bytes, charset)) {
            add(type, name, text(bytes, charset), envelope, choice);
        }
    }

    private void unpack(String name, byte[] bytes, MessageHeader envelope, int depth) {
        if (depth >= MAX_DEPTH || left <= 0) {
            notes.add("an archive was not opened: it is nested too deeply");
            return;
        }
        Unpacker.Result result = Unpacker.open(name, bytes, left);
        if (result.cut()) {
            notes.add("an archive is damaged or too large: only its beginning was read");
        }
        for (Unpacker.Packed file : result.files()) {
            String type = file.name().toLowerCase(Locale.ROOT).matches(".*\\.html?") ? "text/html" : "text/plain";
            left -= Unpacker.isPacked(file.bytes()) ? file.bytes().length : 0;
            attached(type, file.name(), "", file.bytes(), envelope, 0, depth + 1);
        }
    }

    /* No text has a NUL in its first lines, but for UTF-16, which says what it is. */
    private static boolean isBinary(byte[] bytes, String charset) {
        boolean wide = charset.toLowerCase(Locale.ROOT).startsWith("utf-16")
                || bytes.length > 1 && (bytes[0] & 0xff) >= 0xfe && (bytes[1] & 0xff) >= 0xfe;
        int zeros = 0;
        for (int i = 0; i < Math.min(bytes.length, 2048); i++) {
            zeros += bytes[i] == 0 ? 1 : 0;
        }
        return !wide && zeros > 4;
    }

    private void add(String type, String name, byte[] bytes, MessageHeader envelope, int choice) {
        add(type, name, text(bytes, ""), envelope, choice);
    }

    private void add(String type, String name, String text, MessageHeader envelope, int choice) {
        if (left <= 0 || parts.size() >= MAX_PARTS) {
            notes.add("the mail was not read to its end: it is too large");
            return;
        }
        String taken = text.length() > left ? text.substring(0, left) : text;
        left -= taken.length();
        boolean html = type.equals("text/html") || type.equals("application/xhtml+xml");
        parts.add(new Part(type, name, html ? HtmlText.of(taken) : taken, envelope, choice));
    }

    /* What a mail says of its charset is often wrong: what is UTF-8 is read as such. */
    private String text(byte[] bytes, String charset) {
        Charset named = StandardCharsets.UTF_8;
        try {
            String name = charset.replaceAll("(?i)^charset=|[;\"'\\s].*$", "");
            named = name.isEmpty() ? named : Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            notes.add("the charset '" + charset + "' is unknown: read as UTF-8");
        }
        if (bytes.length > 1 && (bytes[0] & 0xff) >= 0xfe && (bytes[1] & 0xff) >= 0xfe) {
            return new String(bytes, StandardCharsets.UTF_16);
        }
        boolean loose = named.equals(StandardCharsets.US_ASCII)
                || named.equals(StandardCharsets.UTF_8)
                || named.equals(StandardCharsets.ISO_8859_1);
        if (!loose) {
            return new String(bytes, named);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return new String(bytes, Charset.forName("windows-1252"));
        }
    }
}
