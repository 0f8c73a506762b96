package org.outguard.mta.exim;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.guard.port.ReadsForeign;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.mail.QueuedMessage.Attributes;
import org.outguard.mail.QueuedMessage.Recipient;
import org.outguard.mail.QueuedMessage.Status;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;
import org.outguard.mta.QueueChange;
import org.outguard.mta.QueueReader;
import org.outguard.mta.SpoolReader;

/**
 * Follows a queue by {@code exim -bpr} where spool files may not be read. It tells sender and recipients, a rough age, and
 * not who handed a message in.
 */
final class EximListReader implements QueueReader {

    private static final int REST = 30;
    private static final Pattern HEAD = Pattern.compile(
            "\\s*(\\d+)([mhd])\\s+(\\d+(?:\\.\\d+)?)([KM]?)\\s+([0-9A-Za-z-]{16,23})\\s+<([^>]*)>(\\s+\\*\\*\\* frozen.*)?.*");

    private final EximProgram program;
    private final ProgramCalls calls;
    private final Clock clock;
    private final LongSupplier ticker;
    private Map<String, QueuedMessage> known = Map.of();
    private long notBefore = Long.MIN_VALUE;
    private int faults;

    EximListReader(EximProgram program, ProgramCalls calls, Clock clock, LongSupplier ticker) {
        this.program = program;
        this.calls = calls;
        this.clock = clock;
        this.ticker = ticker;
    }

    @Override
    public String instance() {
        return EximLayout.INSTANCE;
    }

    @Override
    public String method() {
        return "exim -bpr, which does not say who sent a message: its spool cannot be read";
    }

    @Override
    public QueueChange look(Duration budget) {
        long begun = ticker.getAsLong();
        if (begun < notBefore) {
            return new QueueChange(List.of(), List.of(), 0, 0, Optional.empty());
        }
        Said said = calls.call(program.argv("-bpr"), "");
        long end = ticker.getAsLong();
        notBefore = end + REST * (end - begun);
        return said.ok() ? compare(said.out()) : QueueChange.failed("exim -bpr: " + said.complaint());
    }

    private QueueChange compare(String listing) {
        Map<String, QueuedMessage> now = new HashMap<>();
        int uncounted = 0;
        faults = 0;
        for (String entry : listing.split("\\n\\s*\\n", -1)) {
            Optional<QueuedMessage> message = guarded(entry);
            if (message.isPresent() && now.size() >= SpoolReader.MOST_MESSAGES) {
                uncounted++;
            } else {
                message.ifPresent(m -> now.put(m.id().id(), m));
            }
        }
        List<QueuedMessage> seen = new ArrayList<>();
        now.forEach((id, message) -> {
            QueuedMessage before = known.get(id);
            boolean same = before != null
                    && before.status() == message.status()
                    && before.recipientCount() == message.recipientCount();
            if (!same) {
                seen.add(message);
            }
        });
        QueueChange change = QueueChange.between(
                known,
                now,
                seen,
                uncounted,
                faults == 0 ? Optional.empty() : Optional.of(faults + " entries of exim -bpr could not be read"));
        known = now;
        return change;
    }

    @ReadsForeign
    private Optional<QueuedMessage> guarded(String entry) {
        try {
            return read(entry);
        } catch (RuntimeException e) {
            faults++;
            return Optional.empty();
        }
    }

    private Optional<QueuedMessage> read(String entry) {
        List<String> lines = entry.lines().filter(line -> !line.isBlank()).toList();
        Matcher head = HEAD.matcher(lines.isEmpty() ? "" : lines.get(0));
        if (!head.matches() || head.group(1).length() > 9) {
            return Optional.empty();
        }
        List<Recipient> recipients = new ArrayList<>();
        int count = 0;
        for (String line : lines.subList(1, lines.size())) {
            String address = line.strip();
            // "D" stands before those that are done.
            if (!address.startsWith("D ") && !address.startsWith("+D ") && count++ < SpoolHeader.MOST_RECIPIENTS) {
                recipients.add(new Recipient(address, ""));
            }
        }
        long unit = head.group(2).equals("m") ? 60 : head.group(2).equals("h") ? 3_600 : 86_400;
        Instant arrival = clock.instant().minusSeconds(Long.parseLong(head.group(1)) * unit);
        double size = Double.parseDouble(head.group(3));
        long scale = head.group(4).equals("M") ? 1024 * 1024 : head.group(4).equals("K") ? 1024 : 1;
        Provenance unknown = Provenance.unknown("spool files may not be read");
        return Optional.of(new QueuedMessage(
                new QueueId("", EximLayout.INSTANCE, head.group(5)),
                head.group(7) == null ? Status.DEFERRED : Status.HOLD,
                arrival,
                (long) (size * scale),
                head.group(6),
                recipients,
                count,
                unknown,
                unknown,
                Attributes.NONE));
    }
}
