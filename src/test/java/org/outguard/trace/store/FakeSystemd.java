package org.outguard.trace.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;

/** Knows which units run, and takes down what it is told. */
final class FakeSystemd implements CommandRunner {

    final Set<String> running = new LinkedHashSet<>();
    final List<String> told = new ArrayList<>();

    @Override
    public CommandResult run(List<String> argv, String stdin, Duration limit) {
        int units = argv.indexOf("systemctl") + 1 < argv.size() ? argv.lastIndexOf("--") + 1 : 0;
        int verb = argv.contains("--user") ? argv.indexOf("--user") + 1 : argv.indexOf("systemctl") + 1;
        List<String> named = units > verb ? argv.subList(units, argv.size()) : List.of();
        String manager = argv.contains("--user") ? argv.get(1).replace("--reuid=", "") + " " : "";
        switch (argv.get(verb)) {
            case "is-active" -> {
                boolean active = running.contains(manager + named.get(0));
                return new CommandResult.Finished(active ? 0 : 3, active ? "active\n" : "inactive\n", "");
            }
            case "stop" -> named.forEach(unit -> running.remove(manager + unit));
            case "start" -> named.forEach(unit -> running.add(manager + unit));
            default -> {}
        }
        told.add(CommandRunner.describe(argv));
        return new CommandResult.Finished(0, "", "");
    }
}
