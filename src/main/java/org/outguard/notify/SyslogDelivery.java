package org.outguard.notify;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.policy.Verdict;
import org.outguard.text.SafeText;

/**
 * Writes events to the system's log: to journald with fields of their own and to a syslog socket by logger(1), since Java has no
 * datagram sockets of that kind; to another host as RFC 5424 over UDP (RFC 5426).
 */
final class SyslogDelivery implements MessageSender {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final int DAEMON = 3;

    private final String target;
    private final CommandRunner runner;

    SyslogDelivery(Channel.Syslog syslog, CommandRunner runner) {
        this.target = syslog.target();
        this.runner = runner;
    }

    @Override
    public void send(Message message) throws IOException, Refused {
        for (Event event : message.events()) {
            Message one = new Message(message.host(), message.at(), List.of(event), 0);
            if (target.equals("journald")) {
                run(List.of("logger", "--journald"), journal(one, event));
            } else if (target.startsWith("/")) {
                String priority =
                        "daemon." + (severity(event) == 2 ? "crit" : severity(event) == 4 ? "warning" : "notice");
                run(List.of("logger", "-u", target, "-t", "outguard", "-p", priority, "--", line(one, event)), "");
            } else {
                udp(rfc5424(one, event));
            }
        }
    }

    private void run(List<String> argv, String input) throws IOException, Refused {
        CommandResult result = runner.run(argv, input, LIMIT);
        if (result instanceof CommandResult.NotFound missing) {
            throw new Refused(missing.reason());
        }
        if (!(result instanceof CommandResult.Finished done) || done.exitStatus() != 0) {
            String said = result instanceof CommandResult.Finished done
                    ? done.stderr().strip()
                    : result.toString();
            throw new IOException("logger: " + said);
        }
    }

    private static int severity(Event event) {
        if (event.what() == Event.What.ENDED || event.what() == Event.What.TEST) {
            return 5;
        }
        return event.verdict() == Verdict.OFFENDING ? 2 : 4;
    }

    private static String line(Message one, Event event) {
        return one.summary() + "; " + SafeText.clean(event.reason()) + " [id " + event.id() + "]";
    }

    private static List<String[]> fields(Event event) {
        List<String[]> fields = new ArrayList<>();
        fields.add(new String[] {"event", event.what().name().toLowerCase(Locale.ROOT)});
        fields.add(new String[] {"id", event.id()});
        fields.add(new String[] {"kind", event.kind().name()});
        fields.add(new String[] {"verdict", event.verdict().name()});
        fields.add(new String[] {"user", event.user()});
        fields.add(new String[] {"program", event.program()});
        fields.add(new String[] {"script", event.script()});
        fields.add(new String[] {"remotes", String.join(" ", event.remotes())});
        fields.add(new String[] {"packets", Long.toString(event.packets())});
        return fields;
    }

    private static String journal(Message one, Event event) {
        StringBuilder entry = new StringBuilder();
        entry.append("MESSAGE=").append(line(one, event)).append('\n');
        entry.append("PRIORITY=").append(severity(event)).append('\n');
        entry.append("SYSLOG_IDENTIFIER=outguard\nSYSLOG_FACILITY=")
                .append(DAEMON)
                .append('\n');
        for (String[] field : fields(event)) {
            entry.append("OUTGUARD_")
                    .append(field[0].toUpperCase(Locale.ROOT))
                    .append('=')
                    .append(SafeText.clean(field[1]))
                    .append('\n');
        }
        return entry.toString();
    }

    private static String rfc5424(Message one, Event event) {
        StringBuilder data = new StringBuilder("[outguard@32473");
        for (String[] field : fields(event)) {
            String value = SafeText.clean(field[1]).replaceAll("([\\\\\"\\]])", "\\\\$1");
            data.append(' ').append(field[0]).append("=\"").append(value).append('"');
        }
        String host = one.host().replaceAll("[^!-~]", "?");
        return "<" + (DAEMON * 8 + severity(event)) + ">1 " + event.at() + " " + (host.isEmpty() ? "-" : host)
                + " outguard - " + event.kind() + " " + data.append(']') + " " + line(one, event);
    }

    private void udp(String line) throws IOException, Refused {
        Matcher parts = Channel.Syslog.HOST.matcher(target);
        if (!parts.matches()) {
            throw new Refused("'" + target + "' is no journald, path or HOST:PORT");
        }
        byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
        InetSocketAddress to = new InetSocketAddress(parts.group(1), Integer.parseInt(parts.group(2)));
        if (to.isUnresolved()) {
            throw new IOException("no address for " + parts.group(1));
        }
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.send(new DatagramPacket(bytes, Math.min(bytes.length, 8_192), to));
        }
    }
}
