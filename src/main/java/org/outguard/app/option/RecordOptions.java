package org.outguard.app.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.app.wiring.Wiring;
import org.outguard.journal.Journal;
import picocli.CommandLine.Option;

/** What was recorded: by a watch, and of what was done. */
public final class RecordOptions {

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description = "NDJSON of 'outguard watch' or a history.db, repeatable; the files of /var/log/outguard and"
                    + " /var/lib/outguard/history.db if not given")
    List<Path> history = new ArrayList<>();

    @Option(
            names = "--netns",
            paramLabel = "NAME",
            converter = NamespaceConverter.class,
            description = "by the journal of this network namespace")
    @Nullable
    String netns;

    /** The files that are named; empty for those of the machine. */
    public List<Path> given() {
        return history;
    }

    /** The database of the machine. */
    public Path store() {
        return Wiring.historyStore(netns);
    }

    /** The network namespace that is meant; empty for this one. */
    public Optional<String> netns() {
        return Optional.ofNullable(netns);
    }

    public Journal journal() {
        return Wiring.journal(netns);
    }
}
