package org.outguard.app.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.outguard.app.Patience;
import org.outguard.app.command.SessionFactory;
import org.outguard.app.run.Watcher;
import org.outguard.journal.Journal;

/**
 * A network namespace that is watched by the wire eye within this program: from the guard inward it is the real thing, only
 * without a screen. On a thread of its own, since that stays in the namespace with all that it starts.
 */
public final class WatchedNamespace implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final ExecutorService inside = Executors.newSingleThreadExecutor();
    private final String netns;
    private final String networkInterface;
    private final Journal journal;

    /**
     * Watches nothing yet.
     *
     * @param netns name of the namespace, which is there
     * @param networkInterface what is watched in it
     * @param journal where actions are written down
     */
    public WatchedNamespace(String netns, String networkInterface, Journal journal) {
        this.netns = netns;
        this.networkInterface = networkInterface;
        this.journal = journal;
    }

    /** Begins to watch; whoever asks closes it. */
    public Watcher watch() throws Exception {
        Watcher watcher = call(this::start);
        Patience.until(
                "the guard ticks", LIMIT, () -> watcher.guardClient().snapshot().sequence() > 4);
        return watcher;
    }

    /** Does something in the namespace. */
    public <T> T call(Callable<T> what) throws Exception {
        return inside.submit(what).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    private Watcher start() {
        assertThat(PlaceOptions.enter(netns)).isEmpty();
        CommonOptions options = new CommonOptions();
        options.interfaces = List.of(networkInterface);
        options.eye = CommonOptions.Eye.WIRE;
        StringWriter complaints = new StringWriter();
        SessionFactory session =
                SessionFactory.open(options, journal, SessionFactory.Role.ACTS, new PrintWriter(complaints));
        assertThat(session).as(complaints.toString()).isInstanceOf(SessionFactory.Ready.class);
        Watcher made = ((SessionFactory.Ready) session).watcher();
        made.start();
        return made;
    }

    @Override
    public void close() {
        inside.shutdown();
    }
}
