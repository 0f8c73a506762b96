package org.outguard.procfs;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.owner.Owner;

/** Who starts a process again and again: a parent that lives, a systemd unit, a line of a crontab. */
public final class RespawnCause {

    private static final Set<String> INIT = Set.of("systemd", "init");
    private static final Set<String> CRON = Set.of("cron", "crond", "anacron", "atd");

    private final ProcessFacts facts;
    private final PersistenceScanner persistenceScanner;
    private final PasswdFile users;

    RespawnCause(ProcessFacts facts, PersistenceScanner persistenceScanner, PasswdFile users) {
        this.facts = facts;
        this.persistenceScanner = persistenceScanner;
        this.users = users;
    }

    /** Who it is. Text from outside is in all of it. */
    public sealed interface Cause {

        /** For people: {@code "process 222 sh"}. */
        String words();

        /**
         * A process that lives.
         *
         * @param parent which
         */
        record Parent(Owner parent) implements Cause {
            @Override
            public String words() {
                return "process " + parent.pid() + " " + parent.command()
                        + (parent.script().isEmpty() ? "" : " (" + parent.script() + ")");
            }
        }

        /**
         * A unit of systemd.
         *
         * @param unit its name
         */
        record Unit(String unit) implements Cause {
            @Override
            public String words() {
                return "systemd unit " + unit;
            }
        }

        /**
         * A line of a file that cron or at reads.
         *
         * @param file which
         * @param line the line; empty where none of its lines names the program
         */
        record Entry(Path file, String line) implements Cause {
            @Override
            public String words() {
                return file + (line.isEmpty() ? "" : ": " + line);
            }
        }

        /** Nobody that can be named. */
        record Unknown() implements Cause {
            @Override
            public String words() {
                return "nobody that can be named: its parent has ended";
            }
        }
    }

    /* The nearest ancestor that is neither init nor cron; then what those have of it. */
    Cause of(Owner owner) {
        boolean timed = owner.parents().stream().anyMatch(parent -> CRON.contains(parent.command()));
        if (timed) {
            return entry(owner).orElseGet(() -> parent(owner).orElse(new Cause.Unknown()));
        }
        Optional<Cause> parent = parent(owner);
        if (parent.isPresent()) {
            return parent.get();
        }
        if (owner.unit().endsWith(".service")) {
            return new Cause.Unit(owner.unit());
        }
        return entry(owner)
                .filter(found ->
                        found instanceof Cause.Entry named && !named.line().isEmpty())
                .orElse(new Cause.Unknown());
    }

    private Optional<Cause> parent(Owner owner) {
        return owner.parents().stream()
                .findFirst()
                .filter(parent -> parent.id().pid() != 1 && !INIT.contains(parent.command()))
                .flatMap(parent ->
                        facts.read(parent.id().pid()).filter(found -> found.id().equals(parent.id())))
                .map(RespawnCause::parentOrItsUnit);
    }

    /* Root's own service, such as the master of php-fpm, is stopped by its unit, not by a signal. */
    private static Cause parentOrItsUnit(Owner parent) {
        boolean service = parent.uid() == 0 && parent.unit().endsWith(".service");
        return service ? new Cause.Unit(parent.unit()) : new Cause.Parent(parent);
    }

    private Optional<Cause> entry(Owner owner) {
        List<PersistenceScanner.Place> places =
                persistenceScanner
                        .of(owner.uid(), owner.user(), users.homeOf(owner.uid()), "", facts.rightsOf(owner))
                        .stream()
                        .filter(place ->
                                place.kind().equals("crontab") || place.kind().equals("at job"))
                        .toList();
        for (PersistenceScanner.Place place : places) {
            for (String line : place.lines()) {
                if (names(line, owner)) {
                    return Optional.of(new Cause.Entry(place.file(), line));
                }
            }
        }
        return places.stream().findFirst().map(place -> new Cause.Entry(place.file(), ""));
    }

    private static boolean names(String line, Owner owner) {
        String program = owner.script().isEmpty() ? owner.exe() : owner.script();
        String name = program.substring(program.lastIndexOf('/') + 1);
        return !name.isEmpty() && line.contains(name);
    }
}
