package org.outguard.app.option;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;

/** Two examples for each command, at the end of its help. */
public final class Examples {

    private static final Map<String, List<String>> ALL = Map.ofEntries(
            Map.entry("watch", List.of("watch --json - --for 1h", "watch --json /var/log/outguard/now.json --enforce")),
            Map.entry("once", List.of("once --for 10s", "once --json")),
            Map.entry("replay", List.of("replay flood.pcapng", "replay trace.pcap --mail-log mail.log --json -")),
            Map.entry(
                    "actor",
                    List.of(
                            "actor --socket /run/outguard/actor.sock",
                            "actor --socket /tmp/actor.sock --user watcher")),
            Map.entry("demo", List.of("demo", "demo --headless --for 1m")),
            Map.entry(
                    "block",
                    List.of("block --uid www-data --remote 203.0.113.80:80 --for 30m", "block --pid 4711 --dry-run")),
            Map.entry("unblock", List.of("unblock --uid www-data --remote 203.0.113.80:80", "unblock --pid 4711")),
            Map.entry("lockdown", List.of("lockdown --confirm-within 2m", "lockdown --confirm")),
            Map.entry("lift", List.of("lift", "lift --yes")),
            Map.entry("freeze", List.of("freeze 4711", "freeze --tree 4711")),
            Map.entry("thaw", List.of("thaw 4711", "thaw --tree 4711")),
            Map.entry("kill", List.of("kill 4711", "kill --tree --yes 4711")),
            Map.entry("queue", List.of("queue --uid www-data --messages", "queue 4bRk7S3tGz1234 --headers")),
            Map.entry("hold", List.of("hold --uid www-data", "hold 4bRk7S3tGz1234")),
            Map.entry("release", List.of("release --sasl info@example.org", "release 4bRk7S3tGz1234")),
            Map.entry("delete", List.of("delete --uid www-data --status hold", "delete 4bRk7S3tGz1234 --dry-run")),
            Map.entry("requeue", List.of("requeue --status deferred", "requeue 4bRk7S3tGz1234")),
            Map.entry("flush", List.of("flush --site example.org", "flush 4bRk7S3tGz1234")),
            Map.entry("hold-all", List.of("hold-all", "hold-all --dry-run")),
            Map.entry("accept-all", List.of("accept-all", "accept-all --yes")),
            Map.entry("slow-down", List.of("slow-down --every 30", "slow-down --dry-run")),
            Map.entry("full-speed", List.of("full-speed", "full-speed --yes")),
            Map.entry("ban", List.of("ban www-data", "ban info@example.org --dry-run")),
            Map.entry("unban", List.of("unban www-data", "unban info@example.org")),
            Map.entry("undo", List.of("undo a-20261130-162954-1", "undo --all")),
            Map.entry("reapply", List.of("reapply a-20261130-162954-1", "reapply --all")),
            Map.entry("journal", List.of("journal --standing", "journal a-20261130-162954-1")),
            Map.entry("history", List.of("history --since 2h --suspect", "history --remote 203.0.113.80 --json")),
            Map.entry("notify", List.of("notify", "notify --test")),
            Map.entry("explain", List.of("explain abuse.eml", "explain --reply -")),
            Map.entry("report", List.of("report --since 2h --output incident.md", "report --format xarf")),
            Map.entry("trace", List.of("trace 4711", "trace /var/www/shop/cache/x7.php")),
            Map.entry("quarantine", List.of("quarantine /var/www/shop/cache/x7.php", "quarantine --dry-run /tmp/x7")),
            Map.entry("disable", List.of("disable /etc/cron.d/x7:1", "disable --dry-run /root/.ssh/authorized_keys:3")),
            Map.entry("doctor", List.of("doctor", "doctor --explain")),
            Map.entry("console", List.of("console", "console -c 'journal --standing | count'")),
            Map.entry("completion", List.of("completion bash", "completion fish")),
            Map.entry("help", List.of("help", "help block")));

    private Examples() {}

    /** Those of a command, without the name of the program; none where there is no such command. */
    public static List<String> of(String command) {
        return ALL.getOrDefault(command, List.of());
    }

    /** Puts them behind whatever the help of a command ends with. */
    public static void addTo(CommandSpec command) {
        List<String> footer = new ArrayList<>(List.of(command.usageMessage().footer()));
        footer.add("Examples:");
        of(command.name()).forEach(example -> footer.add("  outguard " + example));
        command.usageMessage().footer(footer.toArray(String[]::new));
    }
}
