package org.outguard.app.run;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.outguard.app.actor.ActorClient;
import org.outguard.app.enforce.Enforcement;
import org.outguard.app.enforce.ExitWatch;
import org.outguard.app.enforce.ExternalActionTail;
import org.outguard.app.enforce.ProcessWiring;
import org.outguard.app.enforce.RespawnAdvice;
import org.outguard.app.host.Feeds;
import org.outguard.app.host.Instance;
import org.outguard.app.host.LocalUsers;
import org.outguard.app.host.NamedNamespace;
import org.outguard.app.host.Privileges;
import org.outguard.app.host.ProtectedResourcesReader;
import org.outguard.app.mail.DeliveryWatch;
import org.outguard.app.mail.FeedbackWatch;
import org.outguard.app.mail.MailLogWatch;
import org.outguard.app.mail.MailSystemsProvider;
import org.outguard.app.mail.QueueWatch;
import org.outguard.app.wiring.Wiring;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.port.Enforcer;
import org.outguard.guard.port.OwnerFinder;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.journal.Journal;
import org.outguard.kernel.NativeLibrary;
import org.outguard.kernel.OwnerLookup;
import org.outguard.kernel.SockDiag;
import org.outguard.procfs.PasswdFile;
import org.outguard.procfs.RespawnWatch;

/** The edges of this machine behind the guard's ports: who sends, and what drops. */
public final class Machine implements AutoCloseable {

    private static final long LOOK_EVERY_SECONDS = 10;
    private static final long EXITS_EVERY_MILLIS = 250;
    private static final long EVERY_MILLIS = RespawnWatch.EVERY.toMillis();

    private final Inbox inbox;
    private final Journal journal;
    private final Clock clock;
    private final Privileges privileges;
    private final RespawnWatch respawns = ProcessWiring.respawns();
    private final ScheduledExecutorService watching = Faults.scheduled("respawns");
    private final Enforcement enforcement;
    private final List<Future<?>> looks = new ArrayList<>();
    private final OwnerLookup owners;
    private final ProtectedResourcesReader protectedResourcesReader;
    private NamedNamespace namespace = NamedNamespace.MACHINE;
    private final boolean acts;
    private final boolean decides;
    private final ScheduledExecutorService surroundings = Faults.scheduled("surroundings");
    private @Nullable Instance instance;
    private final QueueWatch queues;
    private final MailSystemsProvider mail;
    private final MailLogWatch mailLog;
    private final DeliveryWatch deliveries;
    private @Nullable FeedbackWatch feedback;
    private @Nullable Feeds feeds;
    private @Nullable ActorClient actor;

    /**
     * Edges that do not work yet.
     *
     * @param around makes what looks up what must not be cut off
     * @param mailLogs mail logs to follow; those of this machine where empty
     * @param acts whether commands are carried out, which one instance does at a time
     * @param decides whether there are commands at all, be it that they are only said
     */
    public Machine(
            Inbox inbox,
            Journal journal,
            Clock clock,
            Privileges privileges,
            Function<MailSystemsProvider, ProtectedResourcesReader> around,
            List<Path> mailLogs,
            boolean acts,
            boolean decides) {
        this.decides = decides;
        this.acts = acts;
        this.inbox = inbox;
        this.journal = journal;
        this.clock = clock;
        this.privileges = privileges;
        this.mail = Wiring.mail(clock);
        this.protectedResourcesReader = around.apply(mail);
        this.enforcement = Wiring.enforcement(journal, respawns, mail, clock, inbox);
        this.queues = new QueueWatch(mail, clock, inbox);
        LocalUsers users = new LocalUsers(new PasswdFile(Path.of("/etc/passwd")));
        this.mailLog = new MailLogWatch(mailLogs, mail::systems, users, clock, inbox);
        this.deliveries = new DeliveryWatch(mail, new SockDiag(), Wiring.localClients(), clock, inbox);
        this.owners = Wiring.owners(inbox);
    }

    /** Has another process act, from the start on. */
    void carryOutBy(ActorClient other) {
        actor = other;
        enforcement.carryOutBy(other::perform);
    }

    /** Reads complaints of receivers, too, from the start on. */
    public void readFeedback(Path mailbox) {
        feedback = new FeedbackWatch(mailbox, clock, inbox);
    }

    /** Says when a namespace that was asked for by name is deleted, from the start on. */
    public void watchNamespace(NamedNamespace asked) {
        namespace = asked;
    }

    /** Reads lists of addresses that others publish, too. */
    public void readFeeds(List<Path> files) {
        feeds = new Feeds(files);
    }

    /** The mail systems here. */
    MailSystemsProvider mail() {
        return mail;
    }

    Inbox inbox() {
        return inbox;
    }

    public OwnerFinder finder() {
        return owners;
    }

    public Enforcer enforcer() {
        return enforcement;
    }

    /** Begins to answer; the guard's snapshot says whether there is anything to count. */
    void start(Supplier<Snapshot> newest) {
        privileges.limitsOfSight().ifPresent(limit -> inbox.accept(new HostObservation.Degraded("containers", limit)));
        for (Privileges.Capability missing : privileges.missing()) {
            if ((!acts || actor != null) && missing == Privileges.Capability.CAP_KILL) {
                continue;
            }
            inbox.accept(new HostObservation.Degraded(
                    missing.name(), "without " + missing.name() + ": cannot " + missing.purpose()));
        }
        Optional<String> noLibrary = NativeLibrary.problem();
        noLibrary.ifPresent(reason -> inbox.accept(new HostObservation.Degraded("native", "no owners: " + reason)));
        Wiring.daemons("owners").newThread(owners).start();
        if (acts) {
            takeLock();
        }
        // Whoever acts finds out by itself what was cut short.
        if (instance != null && actor == null) {
            enforcement.recover(journal);
        }
        Wiring.daemons("mail queue").newThread(queues).start();
        Wiring.daemons("mail log").newThread(mailLog).start();
        if (feedback != null) {
            Wiring.daemons("feedback").newThread(feedback).start();
        }
        ExternalActionTail others = new ExternalActionTail(journal, inbox);
        Wiring.daemons("deliveries").newThread(deliveries).start();
        Wiring.remember(journal, clock, inbox);
        ExitWatch exits = new ExitWatch(newest, clock, inbox);
        if (namespace.name() != null) {
            looks.add(watching.scheduleWithFixedDelay(
                    this::lookForNamespace, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS));
        }
        looks.add(watching.scheduleWithFixedDelay(
                () -> lookForExits(exits), EXITS_EVERY_MILLIS, EXITS_EVERY_MILLIS, TimeUnit.MILLISECONDS));
        // Nothing comes back that nobody ended, and nothing is cut off where nobody decides.
        if (acts) {
            looks.add(watching.scheduleWithFixedDelay(
                    this::lookForRespawns, EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS));
        }
        if (decides) {
            looks.add(surroundings.scheduleWithFixedDelay(this::lookAround, 0, LOOK_EVERY_SECONDS, TimeUnit.SECONDS));
        }
        Feeds listed = feeds;
        if (listed != null) {
            looks.add(surroundings.scheduleWithFixedDelay(
                    () -> lookAtFeeds(listed), 0, LOOK_EVERY_SECONDS, TimeUnit.SECONDS));
        }
        enforcement.readCounters(others::did, () -> anythingStands(newest.get()));
    }

    private void lookForNamespace() {
        inbox.accept(
                new HostObservation.Degraded("namespace", namespace.problem().orElse("")));
    }

    /* A fault must not end the looking. */
    private void lookAround() {
        try {
            inbox.accept(new HostObservation.ProtectedResourcesUpdated(protectedResourcesReader.look(true)));
            inbox.accept(new HostObservation.Degraded("never_block", protectedResourcesReader.problem()));
            if (actor != null) {
                inbox.accept(new HostObservation.Degraded("actor", actor.problem()));
            }
        } catch (RuntimeException e) {
            inbox.accept(new HostObservation.Degraded("surroundings", "cannot tell what must not be cut off: " + e));
        }
    }

    /* A fault must not end the looking. */
    private void lookAtFeeds(Feeds listed) {
        try {
            listed.look().forEach(inbox);
        } catch (RuntimeException e) {
            inbox.accept(new HostObservation.Degraded("feeds", "feeds are not read: " + e));
        }
    }

    private static boolean anythingStands(Snapshot snapshot) {
        return !snapshot.blocks().isEmpty()
                || snapshot.actions().stream()
                        .anyMatch(row -> row.state() == ActionRow.State.STANDING
                                && row.action().step() instanceof NetworkStep);
    }

    private void takeLock() {
        Path lock = Instance.lockOf(journal);
        try {
            instance = Instance.take(lock).orElse(null);
            if (instance == null) {
                inbox.accept(
                        new ActionObservation.ReadOnly("read-only: another outguard acts (it holds " + lock + ")"));
            }
        } catch (IOException e) {
            inbox.accept(new ActionObservation.ReadOnly("read-only: cannot take " + lock + ": " + e.getMessage()));
        }
    }

    /* A fault must not end the looking. */
    private void lookForExits(ExitWatch exits) {
        try {
            exits.run();
        } catch (RuntimeException e) {
            inbox.accept(
                    new HostObservation.Degraded("exits", "rows do not show that their processes have ended: " + e));
        }
    }

    /* A fault must not end the looking. */
    private void lookForRespawns() {
        try {
            for (RespawnWatch.Back back : respawns.look(clock.instant())) {
                inbox.accept(RespawnAdvice.observation(back, clock.instant()));
            }
        } catch (RuntimeException e) {
            inbox.accept(new HostObservation.Degraded("respawns", "ended programs are not looked for any more: " + e));
        }
    }

    @Override
    public void close() {
        looks.forEach(look -> look.cancel(false));
        watching.shutdown();
        owners.stop();
        queues.stop();
        mailLog.stop();
        if (feedback != null) {
            feedback.stop();
        }
        deliveries.stop();
        enforcement.stop();
        surroundings.shutdown();
        try {
            if (instance != null) {
                instance.close();
            }
        } catch (IOException e) {
            // The kernel lets go of it at the end of the process.
            instance = null;
        }
    }
}
