package org.outguard.text;

import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The last door before a terminal: whatever a command prints, only text, line ends, tabs and colours pass. Commands clean
 * what comes from outside themselves; this is for what one of them forgets.
 */
public final class SafePrinting {

    /* Select Graphic Rendition of ECMA-48: it changes looks and nothing else. */
    private static final Pattern HARMLESS = Pattern.compile("\033\\[[0-9;]{0,40}m|\t");

    /* Less than SafeText keeps, so that nothing of a long line is lost. */
    private static final int PART = 4_096;

    private SafePrinting() {}

    /** A line without what could do more than be read. */
    public static String line(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        Matcher harmless = HARMLESS.matcher(text);
        int from = 0;
        while (harmless.find()) {
            clean(text, from, harmless.start(), safe);
            safe.append(harmless.group());
            from = harmless.end();
        }
        clean(text, from, text.length(), safe);
        return safe.toString();
    }

    private static void clean(String text, int from, int end, StringBuilder to) {
        int at = from;
        while (at < end) {
            int stop = Math.min(end, at + PART);
            // A pair of surrogates is one character.
            if (stop < end && Character.isHighSurrogate(text.charAt(stop - 1)) && stop - 1 > at) {
                stop--;
            }
            to.append(SafeText.clean(text.substring(at, stop)));
            at = stop;
        }
    }

    /** A stream of UTF-8 that passes on what is safe of each line. */
    public static PrintStream over(OutputStream terminal) {
        return new PrintStream(new Lines(terminal), true, StandardCharsets.UTF_8);
    }

    private static final class Lines extends FilterOutputStream {
        private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

        Lines(OutputStream terminal) {
            super(terminal);
        }

        @Override
        public void write(int b) throws IOException {
            if (b == '\n') {
                pass();
                out.write('\n');
            } else {
                pending.write(b);
            }
        }

        @Override
        public void write(byte[] bytes, int off, int len) throws IOException {
            for (int i = off; i < off + len; i++) {
                write(bytes[i]);
            }
        }

        private void pass() throws IOException {
            if (pending.size() > 0) {
                out.write(line(pending.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
                pending.reset();
            }
        }

        /* A question waits for its answer on the same line. */
        @Override
        public void flush() throws IOException {
            pass();
            out.flush();
        }
    }
}
