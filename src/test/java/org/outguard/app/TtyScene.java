package org.outguard.app;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.exec.CommandRunner;
import org.outguard.tui.draw.Size;
import org.outguard.tui.terminal.TerminalPort;

/**
 * A small screen for {@link TtyIT}, run as a program of its own: shows its size, how often it was drawn anew and what was
 * typed. {@code q} ends it, {@code x} ends it by an exception, {@code H} halts the machine
 * under it, {@code h} has it hang without reading keys.
 */
final class TtyScene {

    private static final int WAIT_MILLIS = 50;
    private static final Pattern DRAWN = Pattern.compile("size \\d+x\\d+ drawn (\\d+)");

    private TtyScene() {}

    /** The command line that shows it. */
    static String command() {
        return CommandRunner.describe(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-Doutguard.native="
                        + Path.of(System.getProperty("outguard.native")).toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.outguard.app.TtyScene"));
    }

    /** Leases the terminal; says why and ends with 9 where there is none. */
    public static void main(String[] arguments) throws InterruptedException {
        Tty.Lease lease = Tty.lease(System.getenv(), true);
        if (lease instanceof Tty.Refused refused) {
            System.out.println("refused: " + refused.reason());
            System.exit(9);
        }
        try (Tty tty = ((Tty.Leased) lease).tty()) {
            run(tty);
        }
        System.out.println("came to its end");
    }

    private static void run(Tty tty) throws InterruptedException {
        StringBuilder typed = new StringBuilder();
        byte[] bytes = new byte[256];
        int drawn = 0;
        draw(tty, ++drawn, typed);
        while (true) {
            int count = tty.read(bytes, WAIT_MILLIS);
            if (count == TerminalPort.SUSPEND) {
                count = tty.suspend();
            }
            if (count == TerminalPort.CLOSED) {
                return;
            }
            if (count == TerminalPort.NOTHING) {
                continue;
            }
            for (int i = 0; i < count; i++) {
                switch (bytes[i]) {
                    case 'q' -> {
                        return;
                    }
                    case 'x' -> throw new IllegalStateException("as asked");
                    case 'H' -> Runtime.getRuntime().halt(3);
                    case 'h' -> Thread.currentThread().join();
                    default -> typed.append(String.format(Locale.ROOT, "%02x ", bytes[i]));
                }
            }
            drawn += count == TerminalPort.REDRAW ? 1 : 0;
            draw(tty, drawn, typed);
        }
    }

    /** How often it was drawn anew, by what the terminal shows; 0 where that is another program's. */
    static int drawn(String screen) {
        Matcher line = DRAWN.matcher(screen);
        return line.lookingAt() ? Integer.parseInt(line.group(1)) : 0;
    }

    private static void draw(Tty tty, int drawn, StringBuilder typed) {
        Size size = tty.size();
        String frame = "\033[2J\033[1;1Hsize " + size + " drawn " + drawn + " typed " + typed + "\033[" + size.rows()
                + ";" + size.columns() + "H#";
        byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
        tty.write(bytes, bytes.length);
    }
}
