package org.outguard.app.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.outguard.app.host.DovecotFiles;
import org.outguard.app.wiring.Wiring;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.port.ReadsForeign;
import org.outguard.mail.LogReading;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.QueueId;
import org.outguard.mail.SeenLogin;
import org.outguard.maillog.MailLog;
import org.outguard.maillog.file.JournalStream;
import org.outguard.maillog.file.LogFile;
import org.outguard.maillog.file.LogInput;
import org.outguard.mta.MailSystem;
import org.outguard.mta.OtherMailSystems;
import org.outguard.mta.UserNames;

/** Follows the mail logs of this machine on a thread of its own and tells the guard what they say of messages. */
public final class MailLogWatch implements Runnable {

    /** So much of the past is read first, so that figures for an hour are right from the start. */
    private static final Duration BACK = Duration.ofHours(1);

    private static final long PAUSE_MILLIS = 200;
    private static final int MOST_MESSAGES = 131_072;
    private static final int BATCH = 1_024;
    private static final Path MAIN_CF = Path.of("/etc/postfix/main.cf");
    private static final Path JOURNALCTL = Path.of("/usr/bin/journalctl");
    private static final List<Path> USUAL = List.of(
            Path.of("/var/log/mail.log"),
            Path.of("/var/log/maillog"),
            Path.of("/var/log/exim4/mainlog"),
            Path.of("/var/log/exim/main.log"),
            // cPanel, DirectAdmin and HestiaCP, Plesk before 12
            Path.of("/var/log/exim_mainlog"),
            Path.of("/var/log/exim/mainlog"),
            Path.of("/usr/local/psa/var/log/maillog"));

    /** docker-mailserver; Mailu and other images that keep Postfix's own log. */
    private static final List<Path> IN_CONTAINERS = List.of(
            Path.of("/var/log/mail/mail.log"),
            Path.of("/var/log/postfix.log"),
            Path.of("/var/log/exim4/exim_main.log"));

    private final List<Path> named;
    private final Supplier<List<MailSystem>> systems;
    private final UserNames users;
    private final Clock clock;
    private final Consumer<Observation> sink;
    private volatile boolean stopped;
    private List<MailSystem> followed = List.of();
    private LogReading told = LogReading.NONE;

    /** What was read of containers that have ended. */
    private LogReading ended = LogReading.NONE;

    private long faults;

    /**
     * Follows nothing yet.
     *
     * @param named the logs to follow; those of the {@link MailEnvironment} where there are none
     * @param systems asked where they log, where no log is named
     */
    public MailLogWatch(
            List<Path> named,
            Supplier<List<MailSystem>> systems,
            UserNames users,
            Clock clock,
            Consumer<Observation> sink) {
        this.named = List.copyOf(named);
        this.systems = systems;
        this.users = users;
        this.clock = clock;
        this.sink = sink;
    }

    /**
     * The logs of one place, which has users of its own.
     *
     * @param log puts their lines together
     * @param container empty for this machine itself
     * @param inputs where its lines come from
     */
    record Place(MailLog log, String container, List<LogInput> inputs) {

        /** Names ids as the queue of that place does. */
        LoggedMessage named(LoggedMessage message, String host) {
            QueueId id = message.id();
            return container.isEmpty()
                    ? here(message, host)
                    : message.with(new QueueId("", id.instance() + "@" + container, id.id()));
        }
    }

    @Override
    public void run() {
        Instant now = clock.instant();
        MailLog log = newLog(users);
        List<Place> places = new ArrayList<>(List.of(new Place(log, "", inputs(log, now))));
        if (Wiring.mailEnvironment().logs().isEmpty()) {
            OtherMailSystems.limits(Path.of("/"))
                    .forEach(limit -> sink.accept(new HostObservation.Degraded("mail system " + limit, limit)));
        }
        places.removeIf(place -> place.inputs().isEmpty());
        try {
            follow(places);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.forEach(place -> place.inputs().forEach(LogInput::close));
        }
    }

    private void follow(List<Place> places) throws InterruptedException {
        boolean containers = named.isEmpty() && Wiring.mailEnvironment().logs().isEmpty();
        while (!stopped && (containers || !places.isEmpty())) {
            if (containers) {
                followContainers(places);
            }
            if (look(places) == 0) {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    /* How many lines there were. A fault must not end the reading. */
    @ReadsForeign
    int look(List<Place> places) {
        try {
            int count = 0;
            for (Place place : places) {
                for (LogInput input : place.inputs()) {
                    count += read(input);
                }
                place.log().passed(clock.instant());
                String host = host();
                report(place.log(), sink, message -> place.named(message, host));
            }
            LogReading reading =
                    places.stream().map(place -> place.log().reading()).reduce(ended, LogReading::plus);
            if (!reading.equals(told)) {
                told = reading;
                sink.accept(new MailObservation.LogRead(told));
            }
            return count;
        } catch (RuntimeException e) {
            failed(e);
            return 0;
        }
    }

    /* The others are read all the same. */
    @ReadsForeign
    private int read(LogInput input) {
        try {
            int count = input.read();
            sink.accept(new HostObservation.Degraded(
                    "mail log " + input.name(), input.problem().orElse("")));
            return count;
        } catch (RuntimeException e) {
            failed(e);
            return 0;
        }
    }

    private void failed(RuntimeException e) {
        faults++;
        sink.accept(new HostObservation.Degraded(
                "mail log", "the reading of the mail log failed " + faults + " times and went on; last: " + e));
    }

    /* Containers come and go; of one that has gone its runtime's file is read to its end. */
    private void followContainers(List<Place> places) {
        List<MailSystem> now = systems.get();
        if (now.equals(followed)) {
            return;
        }
        followed = now;
        try {
            Map<String, List<MailSystem>> byContainer = new LinkedHashMap<>();
            now.forEach(system -> byContainer
                    .computeIfAbsent(system.host().container(), name -> new ArrayList<>())
                    .add(system));
            byContainer.remove("");
            List<Place> gone = places.stream()
                    .filter(place -> !place.container().isEmpty() && !byContainer.containsKey(place.container()))
                    .toList();
            gone.forEach(this::leave);
            places.removeAll(gone);
            byContainer.forEach((name, there) -> {
                if (places.stream().noneMatch(place -> place.container().equals(name))) {
                    places.addAll(ofContainer(name, there));
                }
            });
        } catch (RuntimeException e) {
            failed(e);
        }
    }

    private void leave(Place place) {
        for (LogInput input : place.inputs()) {
            read(input);
            input.close();
            sink.accept(new HostObservation.Degraded("mail log " + input.name(), ""));
        }
        String host = host();
        report(place.log(), sink, message -> place.named(message, host));
        ended = ended.plus(place.log().reading());
    }

    /* What a mail system of a container writes into files of its own, or prints, for its runtime to keep. */
    private List<Place> ofContainer(String name, List<MailSystem> there) {
        if (!(there.get(0).host() instanceof ContainerHost host)) {
            return List.of();
        }
        Instant now = clock.instant();
        MailLog log = newLog(new ContainerUsers(host));
        Set<Path> inside = new LinkedHashSet<>();
        there.forEach(system -> system.log().ifPresent(inside::add));
        inside.addAll(USUAL);
        inside.addAll(IN_CONTAINERS);
        List<LogInput> inputs = new ArrayList<>();
        inside.stream()
                .filter(host::exists)
                .forEach(path -> inputs.add(new LogFile(host.path(path), log, now, now.minus(BACK), host::open)));
        MailContainers.logs(host).forEach(path -> inputs.add(new LogFile(path, log, now, now.minus(BACK))));
        if (inputs.isEmpty() && !host.id().isEmpty() && Files.isExecutable(JOURNALCTL)) {
            inputs.add(JournalStream.ofContainer(log, now.minus(BACK), host.id()));
        }
        return inputs.isEmpty() ? List.of() : List.of(new Place(log, name, inputs));
    }

    public void stop() {
        stopped = true;
    }

    private List<LogInput> inputs(MailLog log, Instant now) {
        Set<Path> paths = new LinkedHashSet<>(named);
        Optional<List<Path>> known = Wiring.mailEnvironment().logs();
        known.ifPresent(paths::addAll);
        if (paths.isEmpty() && known.isEmpty()) {
            configured().ifPresent(paths::add);
            systems.get().stream()
                    .filter(system -> system.host().container().isEmpty())
                    .forEach(system -> system.log().filter(Files::exists).ifPresent(paths::add));
            paths.addAll(DovecotFiles.configured(DovecotFiles.PLACE));
            USUAL.stream().filter(Files::exists).forEach(paths::add);
        }
        List<LogInput> inputs = new ArrayList<>();
        paths.forEach(path -> inputs.add(new LogFile(path, log, now, now.minus(BACK))));
        if (inputs.isEmpty() && known.isEmpty() && Files.exists(MAIN_CF) && Files.isExecutable(JOURNALCTL)) {
            Set<Integer> uids = new LinkedHashSet<>();
            users.uidOf("postfix").ifPresent(uids::add);
            for (String name : List.of("Debian-exim", "exim", "mailnull", "mail")) {
                users.uidOf(name).ifPresent(uids::add);
            }
            systems.get().forEach(system -> uids.addAll(system.uids()));
            users.uidOf("dovecot").ifPresent(uids::add);
            inputs.add(new JournalStream(log, now.minus(BACK), uids));
        }
        return inputs;
    }

    /** {@code maillog_file} of postconf(5), where it is set to a file in main.cf. */
    private static Optional<Path> configured() {
        try {
            return Files.readAllLines(MAIN_CF, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.matches("maillog_file\\s*=\\s*/var/\\S+\\s*"))
                    .map(line -> Path.of(line.substring(line.indexOf('=') + 1).strip()))
                    .reduce((first, last) -> last);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Hands over what has changed. */
    static void report(MailLog log, Consumer<Observation> sink) {
        String host = host();
        report(log, sink, message -> here(message, host));
    }

    private static void report(MailLog log, Consumer<Observation> sink, UnaryOperator<LoggedMessage> named) {
        List<LoggedMessage> changed = log.changed(BATCH);
        while (!changed.isEmpty()) {
            sink.accept(
                    new MailObservation.MailLogged(changed.stream().map(named).toList()));
            changed = log.changed(BATCH);
        }
        List<SeenLogin> logins = log.logins(BATCH);
        while (!logins.isEmpty()) {
            sink.accept(new MailObservation.LoginsSeen(logins));
            logins = log.logins(BATCH);
        }
    }

    /** Tells the guard of messages that have changed. */
    public static void handOn(List<LoggedMessage> changed, Consumer<Observation> sink) {
        String host = host();
        sink.accept(new MailObservation.MailLogged(
                changed.stream().map(m -> here(m, host)).toList()));
    }

    /** The queue's reader names no host for this machine; a log does, or {@code mail} where postlogd(8) writes it. */
    private static LoggedMessage here(LoggedMessage m, String host) {
        QueueId id = m.id();
        String name = id.host().toLowerCase(Locale.ROOT);
        boolean own = name.equals(host) || name.startsWith(host + ".") || name.equals("mail");
        return own ? m.with(new QueueId("", id.instance(), id.id())) : m;
    }

    private static String host() {
        try {
            String name = Files.readString(Path.of("/proc/sys/kernel/hostname"), StandardCharsets.ISO_8859_1)
                    .strip()
                    .toLowerCase(Locale.ROOT);
            int dot = name.indexOf('.');
            return dot > 0 ? name.substring(0, dot) : name;
        } catch (IOException e) {
            return "localhost";
        }
    }

    /** A log that knows the users of this machine and has read nothing yet. */
    static MailLog newLog(UserNames users) {
        return new MailLog(names(users), ZoneId.systemDefault(), MOST_MESSAGES);
    }

    private static MailLog.Users names(UserNames users) {
        return new MailLog.Users() {
            @Override
            public String name(int uid) {
                return users.nameOf(uid);
            }

            @Override
            public int uid(String name) {
                return users.uidOf(name).orElse(-1);
            }
        };
    }
}
