package org.outguard.headless.complaint;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which zone the times of a mail are in: that of the row, else of the head of its table, else what a sentence near it states,
 * else that of another time in the mail that has one, else what the sender is known to write, else that of the Date header.
 */
final class TimeZones {

    private record Statement(int part, int line, ZoneId zone, String words, boolean ofTime) {}

    private final List<Statement> statements = new ArrayList<>();
    private final Set<String> taken = new LinkedHashSet<>();
    private final @Nullable ZoneOffset ofHeader;
    private final Instant reference;
    private final @Nullable ZoneId usual;

    /**
     * @param ofHeader the offset of the Date header; null where there is none
     * @param reference a time soon after all rows
     * @param usual what the sender is known to write without saying so; null where nothing is known
     */
    TimeZones(@Nullable ZoneOffset ofHeader, Instant reference, @Nullable ZoneId usual) {
        this.ofHeader = ofHeader;
        this.reference = reference;
        this.usual = usual;
    }

    /** Takes note of what the lines of a part state. */
    void read(List<@Nullable String> lines, int part) {
        for (int i = 0; i < lines.size() && statements.size() < 10_000; i++) {
            String line = lines.get(i);
            if (line == null || line.isBlank()) {
                continue;
            }
            Optional<TimeFinder.Found> time = TimeFinder.find(line, 0, ofHeader);
            String plain = time.map(found -> line.substring(0, found.start()) + " " + line.substring(found.end()))
                    .orElse(line);
            Optional<ZoneNames.Statement> stated = ZoneNames.stated(plain, true, ofHeader);
            if (stated.isPresent()) {
                statements.add(
                        new Statement(part, i, stated.get().zone(), stated.get().words(), false));
            } else if (time.isPresent() && time.get().stamp().exact().isEmpty()) {
                ZoneId zone = time.get().stamp().zone();
                if (zone != null) {
                    statements.add(
                            new Statement(part, i, zone, time.get().stamp().zoneWords(), true));
                }
            }
        }
    }

    /** When a row was, and until when. */
    Optional<Instant[]> at(Draft draft) {
        Stamp stamp = draft.at;
        if (stamp == null) {
            return Optional.empty();
        }
        ZoneId zone = zone(draft, stamp);
        Optional<Instant> start = stamp.at(zone, reference);
        return start.map(at -> new Instant[] {at, stamp.until(zone, reference).orElse(at)});
    }

    private ZoneId zone(Draft draft, Stamp stamp) {
        ZoneId own = stamp.zone();
        if (own != null) {
            String grade = draft.grade == Draft.Grade.PROSE ? "the sentence" : "the row";
            return take(own, grade + ": " + stamp.zoneWords());
        }
        if (draft.tableZone != null) {
            return take(draft.tableZone, "the head of the table: " + draft.tableZoneWords);
        }
        Optional<Statement> stated = nearest(draft, false);
        if (stated.isPresent()) {
            return take(stated.get().zone, "what the mail says of its times: " + stated.get().words);
        }
        if (usual != null) {
            return take(usual, usual + ", which this sender writes without saying so");
        }
        Optional<Statement> other = nearest(draft, true);
        if (other.isPresent()) {
            return take(other.get().zone, "another time in the mail: " + other.get().words);
        }
        if (ofHeader != null) {
            return take(ofHeader, "the Date header: " + offset(ofHeader));
        }
        return take(ZoneOffset.UTC, "UTC, since the mail states none");
    }

    /* The last one before the row, else the first behind it. */
    private Optional<Statement> nearest(Draft draft, boolean ofTime) {
        Statement before = null;
        Statement behind = null;
        for (Statement each : statements) {
            boolean earlier = each.part < draft.part || each.part == draft.part && each.line <= draft.line;
            if (each.ofTime == ofTime && earlier) {
                before = each;
            } else if (each.ofTime == ofTime && behind == null) {
                behind = each;
            }
        }
        return before != null ? Optional.ofNullable(before) : Optional.ofNullable(behind);
    }

    private ZoneId take(ZoneId zone, String why) {
        ZoneOffset header = ofHeader;
        boolean differs = header != null
                && !why.startsWith("the Date")
                && !zone.getRules().getOffset(reference).equals(header);
        String beside = differs && header != null ? " (the Date header has " + offset(header) + ")" : "";
        if (taken.size() < 4) {
            taken.add("taken from " + why + beside);
        }
        return zone;
    }

    private static String offset(ZoneOffset offset) {
        return offset.equals(ZoneOffset.UTC) ? "+00:00" : offset.getId();
    }

    /** Which zones were taken, and from where. */
    String words() {
        return taken.isEmpty() ? "none was needed" : String.join("; ", taken);
    }
}
