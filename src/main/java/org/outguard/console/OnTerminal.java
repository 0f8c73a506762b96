package org.outguard.console;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.outguard.text.SafePrinting;

/** A terminal on which somebody can turn pages. */
final class OnTerminal implements Output {

    /** "Ready", the terminal's answer to a question whether it has shown a frame (DSR 5, ECMA-48). */
    static final String ANSWER = "\033[0n";

    private static final int ESCAPE = 27;
    private static final long ESCAPE_MILLIS = 100;
    private static final int LONGEST = 32;

    private final Terminal terminal;

    OnTerminal(Terminal terminal) {
        this.terminal = terminal;
    }

    private boolean dumb() {
        return terminal.getType().startsWith(Terminal.TYPE_DUMB);
    }

    @Override
    public void line(String text) {
        terminal.writer().println(SafePrinting.line(text));
        terminal.flush();
    }

    @Override
    public void clear() {
        if (!dumb()) {
            terminal.puts(Capability.clear_screen);
            terminal.flush();
        }
    }

    @Override
    public void pages(List<String> lines) {
        Pager pager = new Pager(lines, () -> Math.max(2, terminal.getSize().getRows()));
        if (dumb() || pager.fits()) {
            lines.forEach(this::line);
            return;
        }
        Attributes before = terminal.enterRawMode();
        try {
            do {
                draw(pager);
            } while (pager.press(key(0)));
            terminal.puts(Capability.carriage_return);
            terminal.puts(Capability.clr_eol);
            terminal.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            terminal.setAttributes(before);
        }
    }

    private void draw(Pager pager) {
        PrintWriter out = terminal.writer();
        terminal.puts(Capability.clear_screen);
        pager.shown().forEach(line -> {
            out.print(SafePrinting.line(line));
            out.print("\r\n");
        });
        out.print(SafePrinting.line(pager.status()));
        terminal.flush();
    }

    @Override
    public boolean pressed(long millis) {
        Attributes before = terminal.enterRawMode();
        try {
            return key(Math.max(1, millis)) != NonBlockingReader.READ_EXPIRED;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            terminal.setAttributes(before);
        }
    }

    /*
     * The next key; 0 milliseconds are without end. A key of several bytes is one, the escape that it begins with. An answer that
     * comes later than whoever asked has waited is none.
     */
    private int key(long millis) throws IOException {
        NonBlockingReader reader = terminal.reader();
        while (true) {
            int key = reader.read(millis);
            if (key != ESCAPE || reader.peek(ESCAPE_MILLIS) != '[') {
                return key;
            }
            StringBuilder sequence = new StringBuilder("\033");
            int next = reader.read(ESCAPE_MILLIS);
            // ECMA-48 5.4: it ends with a byte from 0x40 to 0x7e.
            while (next >= 0 && sequence.length() < LONGEST) {
                sequence.append((char) next);
                if (sequence.length() > 2 && next >= 0x40) {
                    break;
                }
                next = reader.read(ESCAPE_MILLIS);
            }
            if (!sequence.toString().equals(ANSWER)) {
                return key;
            }
        }
    }
}
