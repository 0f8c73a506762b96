package org.outguard.app.command;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.outguard.app.mail.MailSystemsProvider;
import org.outguard.app.mail.QueueListing;
import org.outguard.app.option.PlaceOptions;
import org.outguard.app.option.QueueFilters;
import org.outguard.headless.ExitStatus;
import org.outguard.headless.QueueReport;
import org.outguard.headless.ndjson.QueueJson;
import org.outguard.mail.OriginGroup;
import org.outguard.mail.QueuedMessage;
import org.outguard.mta.MailSystem;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code outguard queue}: the mail queue by origin, and down to one message. */
@Command(name = "queue", description = "the mail queue by submitter")
public final class QueueCommand implements Callable<Integer> {

    private static final int COLUMNS = 80;

    @Mixin
    final QueueFilters filters = new QueueFilters();

    @Mixin
    final PlaceOptions place = new PlaceOptions();

    @Option(names = "--json", description = "NDJSON: a line an origin, then a line a message")
    boolean json;

    @Option(names = "--messages", description = "list every message")
    boolean messages;

    @Option(names = "--headers", description = "with one ID: its header")
    boolean headers;

    @Option(names = "--body", description = "with one ID: its header and body")
    boolean body;

    @Override
    public Integer call() {
        PrintStream err = System.err;
        if (!PlaceOptions.entered(place.netns, err::println)) {
            return ExitStatus.FAILED.code();
        }
        Clock clock = place.clock();
        MailSystemsProvider mail = place.mail();
        List<MailSystem> systems = mail.systems();
        QueueListing queue = QueueListing.read(systems);
        queue.limits().forEach(limit -> err.println("outguard: " + SafeText.clean(limit)));
        Instant now = clock.instant();
        List<QueuedMessage> meant = filters.of(queue.messages(), now);
        print(meant, now, mail.accounts());
        if (headers || body) {
            meant.stream().limit(1).forEach(message -> printText(systems, message));
        }
        List<String> unknown = filters.ids.stream()
                .filter(id ->
                        meant.stream().noneMatch(message -> message.id().id().equals(id)))
                .toList();
        if (!unknown.isEmpty() && !systems.isEmpty()) {
            err.println("outguard: not in the queue: " + SafeText.clean(String.join(" ", unknown)));
        }
        boolean missing = !unknown.isEmpty();
        return (systems.isEmpty() || missing ? ExitStatus.FAILED : ExitStatus.DONE).code();
    }

    private void print(List<QueuedMessage> meant, Instant now, Map<String, String> accounts) {
        List<OriginGroup> groups = OriginGroup.of(meant);
        StringBuilder out = new StringBuilder();
        if (json) {
            groups.forEach(group -> out.append(QueueJson.group(now, group, accounts)));
            meant.forEach(message -> out.append(QueueJson.message(now, message)));
            System.out.print(out);
            System.out.flush();
            return;
        }
        QueueReport report = new QueueReport(COLUMNS, now, accounts);
        if (messages || !filters.ids.isEmpty()) {
            meant.forEach(message -> report.message(message).forEach(System.out::println));
        } else if (meant.isEmpty()) {
            System.out.println("no messages");
        } else {
            report.origins(groups).forEach(System.out::println);
        }
    }

    private void printText(List<MailSystem> systems, QueuedMessage message) {
        systems.stream()
                .filter(system -> system.instance().equals(message.id().instance()))
                .forEach(system -> system.text(message.id(), body)
                        .lines()
                        .forEach(line -> System.out.println("  | " + SafeText.clean(line))));
    }
}
