package org.outguard.app.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.outguard.app.wiring.Edges;
import org.outguard.headless.History;
import org.outguard.journal.Journal;
import picocli.CommandLine.Option;

/** What was recorded: by a watch, and of what was done. */
public final class RecordOptions {

    @Option(
            names = "--history",
            paramLabel = "FILE",
            description = "NDJSON of 'outguard watch', repeatable; the files of /var/log/outguard if not given")
    List<Path> history = new ArrayList<>();

    @Option(
            names = "--netns",
            paramLabel = "NAME",
            converter = NamespaceWord.class,
            description = "by the journal of this network namespace")
    @Nullable
    String netns;

    /** The NDJSON to be read. */
    public List<Path> files() {
        return history.isEmpty() ? History.filesOf(History.DEFAULT_FOLDER) : history;
    }

    public Journal journal() {
        return Edges.journal(netns);
    }
}
