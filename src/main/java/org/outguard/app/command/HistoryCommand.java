package org.outguard.app.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.outguard.app.option.Moment;
import org.outguard.app.option.NamespaceConverter;
import org.outguard.app.option.RemoteArgument;
import org.outguard.app.output.HistoryPrinter;
import org.outguard.app.wiring.Wiring;
import org.outguard.flow.IpAddress;
import org.outguard.headless.ExitStatus;
import org.outguard.history.HistoryQuery;
import org.outguard.history.HistoryReader;
import org.outguard.text.SafeText;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code outguard history}: what left. */
@Command(
        name = "history",
        description = "show what left, by owner and destination",
        footer = "TIME is how long ago (2h, 6d), or as in 2026-11-24, \"2026-11-24 10:00\", 2026-11-24T10:00:00Z.")
public final class HistoryCommand implements Callable<Integer> {

    private static final int MOST_ROWS = 1_000_000;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Option(names = "--since", paramLabel = "TIME", converter = Moment.Word.class, description = "1h ago if not given")
    @Nullable
    Moment since;

    @Option(names = "--until", paramLabel = "TIME", converter = Moment.Word.class, description = "now if not given")
    @Nullable
    Moment until;

    @Option(
            names = "--owner",
            paramLabel = "WORD",
            description = "a user or its number; part of a program, script, unit, container or submitter")
    String owner = "";

    @Option(
            names = "--remote",
            paramLabel = "ADDR[/LEN][:PORT]",
            converter = RemoteArgument.Word.class,
            description = "only what was sent there")
    @Nullable
    RemoteArgument remote;

    @Option(names = "--port", paramLabel = "PORT", description = "only to this port")
    @Nullable
    Integer port;

    @Option(names = "--proto", paramLabel = "udp|tcp|icmp|...", description = "only this protocol")
    String protocol = "";

    @Option(names = "--suspect", description = "only of owners that were over a limit then")
    boolean suspect;

    @Option(
            names = "--top",
            paramLabel = "N",
            description = "so many owners, destinations and submitters: 10 if not given")
    int top = 10;

    @Option(names = "--json", description = "one object a line, all destinations unless --top is given")
    boolean json;

    @Option(
            names = "--netns",
            paramLabel = "NAME",
            converter = NamespaceConverter.class,
            description = "of this network namespace")
    @Nullable
    String netns;

    @Option(names = "--history", paramLabel = "FILE", description = "instead of /var/lib/outguard/history.db")
    @Nullable
    Path file;

    @Override
    public Integer call() throws IOException {
        Instant now = Clock.systemUTC().instant();
        HistoryQuery query = query(now);
        if (!query.from().isBefore(query.until())) {
            throw new ParameterException(spec.commandLine(), "--since must be before --until");
        }
        if (top < 1 || top > MOST_ROWS) {
            throw new ParameterException(spec.commandLine(), "--top must be from 1 to " + MOST_ROWS);
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        boolean anyOwner = owner.isEmpty() && remote == null && port == null && protocol.isEmpty() && !suspect;
        try (HistoryReader reader = HistoryReader.open(file == null ? Wiring.historyStore(netns) : file)) {
            HistoryPrinter printer = new HistoryPrinter(out, reader, query);
            if (json) {
                boolean limited = spec.commandLine().getParseResult().hasMatchedOption("--top");
                printer.json(limited ? top : MOST_ROWS, anyOwner);
            } else {
                printer.text(top, anyOwner);
            }
            for (HistoryReader.Gap gap : reader.gaps(query.from(), query.until())) {
                err.println("outguard: nothing was recorded from " + gap.from() + " to " + gap.until() + ": "
                        + SafeText.clean(gap.reason()));
            }
        }
        out.flush();
        return ExitStatus.DONE.code();
    }

    private HistoryQuery query(Instant now) {
        Optional<Predicate<String>> network = Optional.empty();
        Optional<String> address = Optional.empty();
        OptionalInt to = port == null ? OptionalInt.empty() : OptionalInt.of(port);
        if (remote != null) {
            RemoteArgument meant = remote;
            boolean one = meant.remote().prefix() == (meant.remote().address().v6() ? 128 : 32);
            address = Optional.of(meant.remote().address().toString()).filter(text -> one);
            network = Optional.of((Predicate<String>) text -> IpAddress.parse(text)
                            .filter(meant.remote()::contains)
                            .isPresent())
                    .filter(any -> !one);
            to = meant.port().isPresent() ? meant.port() : to;
        }
        return new HistoryQuery(
                since == null ? now.minusSeconds(3_600) : since.at(now),
                until == null ? now : until.at(now),
                owner,
                network,
                address,
                to,
                protocol,
                suspect ? 1 : 0);
    }
}
