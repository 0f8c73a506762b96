package org.outguard.notify;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/** Makes events of snapshots: each offender begins once, gets worse once, and ends once. One thread. */
final class EventWatch {

    private static final int MOST_REMOTES = 5;
    private static final int MAX_KNOWN = 4_096;

    /** A new offender may turn out to be another's within this time, and is then none. */
    private static final long SETTLE_MILLIS = 1_000;

    private final Map<String, Known> known = new HashMap<>();

    private static final class Known {
        Event newest;
        final Instant since;
        boolean told;
        Verdict toldVerdict = Verdict.CLEAN;

        Known(Event newest) {
            this.newest = newest;
            this.since = newest.at();
        }
    }

    /** What is new in this snapshot. */
    List<Event> accept(Snapshot snapshot) {
        List<Event> events = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Talker talker : snapshot.talkers()) {
            if (talker.verdict() != Verdict.CLEAN) {
                seen.add(talker.id());
                take(event(snapshot.at(), talker), events);
            }
        }
        for (Submitter submitter : snapshot.mail().submitters()) {
            if (submitter.verdict() != Verdict.CLEAN) {
                seen.add(submitter.id());
                take(event(snapshot.at(), submitter), events);
            }
        }
        Set<String> moved = new HashSet<>();
        snapshot.moved().forEach(one -> moved.add(one.id()));
        known.entrySet().removeIf(entry -> {
            if (seen.contains(entry.getKey())) {
                return false;
            }
            // One that is another row by now goes on there.
            if (entry.getValue().told && !moved.contains(entry.getKey())) {
                events.add(entry.getValue().newest.ended(snapshot.at()));
            }
            return true;
        });
        return events;
    }

    private void take(Event event, List<Event> events) {
        Known one = known.get(event.id());
        if (one == null) {
            if (known.size() >= MAX_KNOWN) {
                return;
            }
            one = new Known(event);
            known.put(event.id(), one);
        }
        Verdict worst = one.newest.verdict().compareTo(event.verdict()) > 0 ? one.newest.verdict() : event.verdict();
        one.newest = with(event, Event.What.BEGUN, worst);
        if (!one.told && event.at().toEpochMilli() - one.since.toEpochMilli() >= SETTLE_MILLIS) {
            one.told = true;
            one.toldVerdict = event.verdict();
            events.add(event);
        } else if (one.told && event.verdict().compareTo(one.toldVerdict) > 0) {
            one.toldVerdict = event.verdict();
            events.add(with(event, Event.What.WORSE, event.verdict()));
        }
    }

    private static Event with(Event event, Event.What what, Verdict verdict) {
        return new Event(
                what,
                event.id(),
                event.at(),
                event.kind(),
                verdict,
                event.reason(),
                event.user(),
                event.program(),
                event.script(),
                event.pid(),
                event.remotes(),
                event.remoteCount(),
                event.packets(),
                event.packetsPerSecond(),
                event.firstSeen());
    }

    private static Event event(Instant at, Talker talker) {
        Attribution who = talker.attribution();
        Optional<Owner> owner = who.knownOwner();
        return new Event(
                Event.What.BEGUN,
                talker.id(),
                at,
                talker.kind(),
                talker.verdict(),
                talker.reason(),
                who.account().map(account -> account.user()).orElse(""),
                owner.map(one -> one.exe().isEmpty() ? one.command() : one.exe())
                        .orElse(""),
                talker.mail()
                        .map(Talker.Mail::script)
                        .filter(script -> !script.isEmpty())
                        .orElse(owner.map(Owner::script).orElse("")),
                owner.filter(one -> one.id().isHere()).map(Owner::pid).orElse(0),
                talker.remotes().stream()
                        .limit(MOST_REMOTES)
                        .map(remote -> talker.protocol().word() + " " + remote.remote())
                        .toList(),
                talker.remoteCount(),
                talker.packets(),
                talker.rate().packets1s(),
                talker.firstSeen());
    }

    private static Event event(Instant at, Submitter submitter) {
        return new Event(
                Event.What.BEGUN,
                submitter.id(),
                at,
                submitter.kind(),
                submitter.verdict(),
                submitter.reason(),
                submitter.origin().kind() + " " + submitter.origin().who(),
                "",
                submitter.scripts().isEmpty() ? "" : submitter.scripts().get(0).text(),
                0,
                submitter.domains().stream()
                        .limit(MOST_REMOTES)
                        .map(domain -> "mail to " + domain.text())
                        .toList(),
                submitter.domains().size(),
                submitter.counts().messages(),
                0,
                submitter.firstSeen());
    }
}
