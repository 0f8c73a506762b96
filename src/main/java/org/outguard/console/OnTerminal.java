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
            NonBlockingReader reader = terminal.reader();
            do {
                draw(pager);
            } while (pager.press(reader.read()));
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
            return terminal.reader().read(Math.max(1, millis)) != NonBlockingReader.READ_EXPIRED;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            terminal.setAttributes(before);
        }
    }
}
