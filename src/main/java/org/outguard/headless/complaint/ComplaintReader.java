package org.outguard.headless.complaint;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.IpAddress;
import org.outguard.headless.complaint.mail.MailDecoder;
import org.outguard.headless.complaint.mail.MessageHeader;
import org.outguard.headless.complaint.mail.OriginalMail;
import org.outguard.headless.complaint.mail.Part;
import org.outguard.headless.complaint.mail.PartReader;

/** Reads a provider's mail, whatever its form: see the package. */
public final class ComplaintReader {

    private static final Pattern DETAIL =
            Pattern.compile("(?i)Attack detail\\s*:\\s*([0-9.]+\\s?[KMG]?pps/[0-9.]+\\s?[KMG]?bps)");

    /* What senders write without saying so: a row of this table each. */
    private static final Map<Pattern, ZoneId> USUAL = Map.of(
            Pattern.compile("(?i)\\[AbuseID:|hetzner|attackoutlevel|#\\s+(?:Attack|Netscan) detected from host"),
            ZoneId.of("Europe/Berlin"),
            Pattern.compile("(?i)shadowserver"),
            ZoneOffset.UTC,
            Pattern.compile("(?i)abuseipdb\\.com/(?:report|user)"),
            ZoneOffset.UTC);

    private final List<Part> parts = new ArrayList<>();
    private final Map<Integer, List<@Nullable String>> rest = new HashMap<>();
    private final Map<Integer, List<Draft>> rows = new HashMap<>();
    private final List<String> declared = new ArrayList<>();
    private final MailDecoder mail;
    private final Predicate<IpAddress> ours;
    private final Instant now;
    private final @Nullable ZoneOffset hint;

    private ComplaintReader(MailDecoder mail, Predicate<IpAddress> ours, Instant now) {
        this.mail = mail;
        this.ours = ours;
        this.now = now;
        this.parts.addAll(mail.parts());
        this.hint = header(MessageHeader::date)
                .flatMap(stamp -> stamp.zone() instanceof ZoneOffset offset ? Optional.of(offset) : Optional.empty())
                .orElse(null);
    }

    /**
     * Reads a mail.
     *
     * @param bytes the mail as it came, or pasted text
     * @param ours which addresses are this machine's; none where that is not known
     * @param now for times without a year, in a text without a Date header
     */
    public static Complaint read(byte[] bytes, Predicate<IpAddress> ours, Instant now) {
        return new ComplaintReader(MailDecoder.read(bytes), ours, now).complaint();
    }

    /* Of the innermost message that has it: what was forwarded is what is meant. */
    private <T> Optional<T> header(Function<MessageHeader, Optional<T>> field) {
        List<MessageHeader> envelopes = mail.envelopes();
        return envelopes.stream().limit(1).map(field).flatMap(Optional::stream).findFirst();
    }

    private Complaint complaint() {
        Optional<MessageHeader> original = original();
        boolean aboutMessage = original.isPresent() && feedback().isPresent();
        for (int i = 0; i < parts.size() && i < 2_000; i++) {
            Part part = parts.get(i);
            boolean inside = original.isPresent() && part.envelope() == original.get();
            if (!(aboutMessage && inside) && count() < 2 * Complaint.MAX_ROWS) {
                readPart(i, part);
            } else {
                rest.put(i, List.of());
            }
        }
        choose();
        Instant reference = reference();
        String subject =
                mail.envelopes().isEmpty() ? "" : mail.envelopes().get(0).first("subject");
        String text = text();
        ZoneId usual = USUAL.entrySet().stream()
                .filter(sender -> sender.getKey().matcher(subject + "\n" + text).find())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
        TimeZones zones = new TimeZones(hint, reference, usual);
        rest.keySet().stream().sorted().forEach(part -> zones.read(rest.getOrDefault(part, List.of()), part));
        List<Draft> drafts = drafts();
        boolean listed = drafts.stream().noneMatch(draft -> draft.grade == Draft.Grade.DETAIL)
                && KindWords.listing(subject, text, declared);
        boolean message =
                original.isPresent() && (aboutMessage || drafts.stream().noneMatch(ComplaintReader::seen));
        if (message) {
            drafts = List.of();
        } else if (listed && !strong(drafts)) {
            drafts = List.of();
        } else {
            drafts = withProse(drafts, subject);
        }
        Kind kind = message
                ? Kind.SPAM_MESSAGE
                : listed && drafts.isEmpty() ? Kind.SPAM_LISTING : KindWords.of(subject, text, declared, drafts);
        if (kind == Kind.BRUTE_FORCE) {
            Logins.complete(drafts, subject + "\n" + text);
        }
        List<Row> found = RowList.distinct(drafts, zones);
        List<Host> accused = accused(found, subject, text);
        Matcher detail = DETAIL.matcher(text);
        return new Complaint(
                kind,
                zones.words(),
                found,
                message ? original.map(envelope -> OriginalMail.read(envelope, accused, reference)) : Optional.empty(),
                accused.stream().flatMap(host -> host.address().stream()).toList(),
                header(MessageHeader::date).flatMap(stamp -> stamp.at(ZoneOffset.UTC, now)),
                detail.find() ? detail.group(1) : "",
                subject,
                mail.notes());
    }

    private int count() {
        return rows.values().stream().mapToInt(List::size).sum();
    }

    private static boolean seen(Draft draft) {
        return draft.grade == Draft.Grade.DETAIL || strong(List.of(draft));
    }

    /* A summary that names both ends, or a time and a port, is evidence and no notice. */
    private static boolean strong(List<Draft> drafts) {
        return drafts.stream()
                .anyMatch(draft -> draft.source.told()
                        && (draft.destination.told() || draft.at != null && draft.destinationPort >= 0));
    }

    private Optional<Part> feedback() {
        return parts.stream()
                .filter(part -> part.type().equals("message/feedback-report"))
                .filter(part -> !part.text().toLowerCase(Locale.ROOT).contains("feedback-type: xarf"))
                .findFirst();
    }

    /* Attached, or as a header alone, or pasted into the text. */
    private Optional<MessageHeader> original() {
        Optional<MessageHeader> attached = mail.envelopes().stream()
                .filter(envelope -> envelope.depth() > 0 && envelope.carried())
                .reduce((outer, inner) -> inner);
        if (attached.isPresent()) {
            return attached;
        }
        Optional<MessageHeader> pasted = parts.stream()
                .flatMap(part -> OriginalMail.pasted(part.text()).stream())
                .findFirst();
        MessageHeader top = mail.envelopes().isEmpty()
                ? new MessageHeader(0)
                : mail.envelopes().get(0);
        boolean itself = top.all("received").stream()
                .anyMatch(line -> HostFinder.all(line).stream()
                        .anyMatch(found -> found.host().address().filter(ours).isPresent()));
        return pasted.or(() -> itself ? Optional.of(top) : Optional.empty())
                .or(() -> feedback().map(part -> OriginalMail.reported(part.text())));
    }

    private void readPart(int number, Part part) {
        Optional<JsonReport.Result> json =
                JsonReport.read(part.text(), hint, (type, payload) -> enclose(part, type, payload));
        if (json.isPresent()) {
            json.get().rows().forEach(row -> row.at(number, 0));
            declared.addAll(json.get().words());
            rows.put(number, new ArrayList<>(json.get().rows()));
            rest.put(number, List.of());
            return;
        }
        PartReader.Read read = PartReader.read(part.text(), number, hint);
        List<Draft> found = new ArrayList<>(read.rows());
        found.addAll(Blocks.read(read.rest(), number, hint));
        rows.put(number, found);
        rest.put(number, read.rest());
        Matcher type = Pattern.compile(
                        "(?im)^(?:report-?type|category|type|attack-?type|abuse[- ]type|reported activity|issue)\\s*:\\s*(.{2,60})$")
                .matcher(part.text().length() > 65_536 ? part.text().substring(0, 65_536) : part.text());
        while (type.find() && declared.size() < 20) {
            declared.add(type.group(1));
        }
    }

    private void enclose(Part part, String type, String payload) {
        boolean text = type.startsWith("text/") || type.equals("application/json") || type.equals("message/rfc822");
        if (!text || parts.size() > 1_000 || payload.length() > MailDecoder.MAX_TEXT / 4) {
            return;
        }
        String plain = payload;
        try {
            plain = new String(Base64.getMimeDecoder().decode(payload), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // Not in base64: as it is.
        }
        parts.add(new Part(
                "text/plain", "", plain.chars().filter(c -> c < 9).count() > 4 ? payload : plain, part.envelope(), 0));
    }

    /* Of the forms of one multipart/alternative the one that tells most; of several alike the first, which is plain text. */
    private void choose() {
        Set<Integer> choices = new LinkedHashSet<>();
        mail.parts().forEach(part -> choices.add(part.choice()));
        choices.remove(0);
        for (int choice : choices) {
            int best = -1;
            int most = -1;
            for (int i = 0; i < mail.parts().size(); i++) {
                if (parts.get(i).choice() == choice) {
                    int known = rows.getOrDefault(i, List.of()).stream()
                            .filter(row -> row.grade == Draft.Grade.DETAIL)
                            .mapToInt(Draft::known)
                            .sum();
                    if (known > most) {
                        best = i;
                        most = known;
                    }
                }
            }
            for (int i = 0; i < mail.parts().size(); i++) {
                if (parts.get(i).choice() == choice && i != best) {
                    rows.remove(i);
                    rest.remove(i);
                }
            }
        }
    }

    private Instant reference() {
        Optional<Instant> sent = header(MessageHeader::date).flatMap(stamp -> stamp.at(ZoneOffset.UTC, now));
        return sent.or(() -> rows.values().stream()
                        .flatMap(List::stream)
                        .flatMap(draft -> Optional.ofNullable(draft.at).stream())
                        .filter(stamp -> stamp.year() > 0 || stamp.exact().isPresent())
                        .flatMap(stamp -> stamp.at(ZoneOffset.UTC, now).stream())
                        .max(Instant::compareTo)
                        .map(at -> at.plus(Duration.ofHours(14))))
                .orElse(now);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        rest.keySet().stream().sorted().forEach(part -> {
            for (String line : PartReader.lines(parts.get(part).text())) {
                if (text.length() < 200_000) {
                    text.append(line).append('\n');
                }
            }
        });
        return text.toString();
    }

    private List<Draft> drafts() {
        List<Draft> all = new ArrayList<>();
        rows.keySet().stream().sorted().forEach(part -> all.addAll(rows.getOrDefault(part, List.of())));
        String subject =
                mail.envelopes().isEmpty() ? "" : mail.envelopes().get(0).first("subject");
        List<Host> named = Prose.accused(subject);
        if (named.size() == 1) {
            // A log of one attacker may leave him out of its lines.
            all.stream()
                    .filter(draft -> draft.grade == Draft.Grade.DETAIL && !draft.source.told())
                    .forEach(draft -> draft.source = named.get(0));
        }
        return RowList.withoutSummaries(RowList.sessions(all));
    }

    private List<Draft> withProse(List<Draft> drafts, String subject) {
        if (drafts.stream().anyMatch(draft -> draft.grade == Draft.Grade.DETAIL)) {
            List<Draft> told = drafts.stream()
                    .filter(draft -> draft.source.told() || draft.destination.told())
                    .toList();
            portless(told, subject);
            return told;
        }
        Prose.Told told = Prose.read(sentences(), subject, hint);
        List<Draft> filled = new ArrayList<>();
        for (Draft draft : drafts) {
            if (draft.at == null) {
                draft.at = told.at();
            }
            if (draft.source.told()) {
                filled.add(draft);
            } else {
                told.accused().stream()
                        .filter(host -> !host.equals(draft.destination))
                        .forEach(host -> filled.add(Blocks.copy(draft, host)));
            }
        }
        if (filled.isEmpty() && told.at() != null) {
            for (Host host : told.accused()) {
                Draft draft = new Draft();
                draft.grade = Draft.Grade.PROSE;
                draft.at = told.at();
                draft.line = told.line();
                draft.source = host;
                draft.sourcePort = told.accusedPort();
                draft.destination = told.victim();
                draft.destinationPort = told.port();
                draft.protocol = told.protocol();
                filled.add(draft);
            }
        }
        return filled;
    }

    /* A list of addresses, and a sentence that tells which port was attacked. */
    private void portless(List<Draft> drafts, String subject) {
        boolean none = drafts.stream()
                .allMatch(draft -> draft.destinationPort < 0
                        && draft.sourcePort < 0
                        && draft.protocol.isEmpty()
                        && draft.session.isEmpty());
        Prose.Told told = none ? Prose.read(sentences(), subject, hint) : null;
        if (told != null && told.port() >= 0) {
            drafts.forEach(draft -> {
                draft.destinationPort = told.port();
                draft.protocol = told.protocol();
            });
        }
    }

    private List<@Nullable String> sentences() {
        List<@Nullable String> lines = new ArrayList<>();
        rest.keySet().stream().sorted().forEach(part -> {
            lines.addAll(rest.getOrDefault(part, List.of()));
            lines.add("");
        });
        return lines;
    }

    private List<Host> accused(List<Row> found, String subject, String text) {
        Set<Host> accused = new LinkedHashSet<>();
        found.stream()
                .map(Row::source)
                .filter(host -> host.address().filter(ours).isPresent())
                .forEach(accused::add);
        accused.addAll(Prose.accused(subject));
        feedback()
                .ifPresent(part -> HostFinder.all(part.text().replaceAll("(?im)^(?!source-ip).*$", ""))
                        .forEach(host -> accused.add(host.host())));
        if (found.stream().map(Row::source).distinct().count() == 1) {
            accused.add(found.get(0).source());
        }
        if (accused.isEmpty()) {
            accused.addAll(Prose.accused(text.length() > 16_384 ? text.substring(0, 16_384) : text));
        }
        found.stream().map(Row::source).limit(50).forEach(accused::add);
        return new ArrayList<>(accused);
    }
}
