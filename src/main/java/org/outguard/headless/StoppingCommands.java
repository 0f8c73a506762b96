package org.outguard.headless;

import java.util.ArrayList;
import java.util.List;
import org.outguard.headless.complaint.Row;

/** The commands that stop what somebody does. Names from outside are quoted for a shell, or left out. */
final class StoppingCommands {

    private StoppingCommands() {}

    static List<String> of(PastOffender offender, Row row) {
        List<String> commands = new ArrayList<>();
        String uid = offender.owner("uid");
        String by = uid.matches("\\d+") && !uid.equals("0") ? " --uid " + uid : "";
        row.destination().address().ifPresent(address -> {
            boolean port = row.destinationPort().isPresent();
            String remote = address.v6() && port ? "[" + address + "]" : address.toString();
            String protocol = row.protocol().matches("udp|tcp|icmp") ? " --proto " + row.protocol() : "";
            commands.add("outguard block --remote " + remote
                    + (port ? ":" + row.destinationPort().getAsInt() : "") + by + protocol + " --for 1h");
        });
        if (row.destination().address().isEmpty() && !by.isEmpty()) {
            commands.add("outguard block" + by + " --for 1h");
        }
        String pid = offender.owner("pid");
        if (pid.matches("\\d+") && offender.text("match").equals("EXACT")) {
            commands.add("outguard freeze " + pid);
            commands.add("outguard kill " + pid);
        }
        return commands;
    }

    static List<String> of(PastMessage message) {
        return switch (message.kind()) {
            case "uid" -> {
                String user = message.uid() >= 0 ? String.valueOf(message.uid()) : quoted(message.who());
                yield List.of("outguard hold --uid " + user, "outguard ban " + quoted(message.who()));
            }
            case "sasl" ->
                List.of("outguard hold --sasl " + quoted(message.who()), "outguard ban " + quoted(message.who()));
            case "client" -> List.of("outguard hold --client " + quoted(message.who()));
            default -> List.of("outguard queue " + quoted(message.queueId()));
        };
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9][\\w.@+:-]*") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
