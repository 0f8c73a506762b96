package org.outguard.headless.complaint;

import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Gathers named values into a row. */
final class FieldValues {

    private final Draft draft = new Draft();
    private final @Nullable ZoneOffset hint;
    private @Nullable Stamp date;
    private @Nullable ZoneId zone;
    private String zoneWords = "";
    private int port = -1;
    private String service = "";

    FieldValues(@Nullable ZoneOffset hint) {
        this.hint = hint;
    }

    /** Takes a value by its name; says whether it could be read. */
    boolean set(FieldName field, String name, String given) {
        String value = given.strip().replaceAll("^[\"'*<]+|[\"'*>]+$", "");
        String lower = name.toLowerCase(Locale.ROOT);
        if (draft.protocol.isEmpty() && (lower.contains("udp") || lower.contains("tcp"))) {
            draft.protocol = lower.contains("udp") ? "udp" : "tcp";
        }
        return switch (field) {
            case TIME -> time(value);
            case DATE ->
                time(value) || TimeFinder.findDate(value, 0).map(this::date).orElse(false);
            case CLOCK -> TimeFinder.clock(value).map(this::clock).orElse(false);
            case ZONE -> zone(value);
            case SOURCE -> host(value, true);
            case DESTINATION -> host(value, false);
            case SOURCE_PORT -> host(value, true) || sourcePort(Services.port(value));
            case DESTINATION_PORT -> host(value, false) || destinationPort(value);
            case PORT -> port(value);
            case PROTOCOL -> protocol(value);
            case SERVICE -> service(value);
            case LOG -> false;
        };
    }

    private boolean date(TimeFinder.Found found) {
        date = found.stamp();
        return true;
    }

    private boolean clock(Stamp clock) {
        if (draft.at == null) {
            draft.at = clock;
        }
        return true;
    }

    private boolean time(String value) {
        Optional<TimeFinder.Found> found = TimeFinder.find(value, 0, hint);
        if (found.isEmpty() || draft.at != null && draft.at.hasDate()) {
            return found.isPresent();
        }
        draft.at = found.get().stamp();
        return true;
    }

    private boolean zone(String value) {
        Optional<ZoneId> whole = ZoneNames.parse(value, hint);
        Optional<ZoneId> named = whole.isPresent() ? whole : ZoneNames.parse(value.replaceAll("\\s*\\(.*$", ""), hint);
        named.ifPresent(id -> {
            zone = id;
            zoneWords = value;
        });
        return named.isPresent();
    }

    private boolean host(String value, boolean source) {
        Optional<HostFinder.Found> found = HostFinder.first(value.matches("(?i)[x*]{2,}") ? value + ":0" : value);
        if (found.isEmpty()) {
            return false;
        }
        if (source && !draft.source.told()) {
            draft.source = found.get().host();
            draft.sourcePort = Math.max(draft.sourcePort, found.get().port());
        } else if (!source && !draft.destination.told()) {
            draft.destination = found.get().host();
            draft.destinationPort = Math.max(draft.destinationPort, found.get().port());
        }
        return true;
    }

    private boolean sourcePort(int number) {
        if (number >= 0 && draft.sourcePort < 0) {
            draft.sourcePort = number;
        }
        return number >= 0;
    }

    private boolean destinationPort(String value) {
        int number = Services.port(value);
        if (number >= 0 && draft.destinationPort < 0) {
            draft.destinationPort = number;
        }
        portProtocol(value);
        return number >= 0;
    }

    private void portProtocol(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (draft.protocol.isEmpty() && (lower.contains("udp") || lower.contains("tcp"))) {
            draft.protocol = lower.contains("udp") ? "udp" : "tcp";
        }
    }

    private boolean port(String value) {
        port = port < 0 ? Services.port(value) : port;
        portProtocol(value);
        return port >= 0;
    }

    private boolean protocol(String value) {
        String named = Services.protocol(value);
        draft.protocol = named.isEmpty() ? draft.protocol : named;
        int of = named.isEmpty() ? -1 : Services.port(value.replaceAll("(?i)^[a-z]+[/:\\s]+", ""));
        if (of >= 0 && value.matches("(?i)(?:tcp|udp)[/:\\s]+\\d+.*") && draft.destinationPort < 0) {
            draft.destinationPort = of;
        }
        if (named.isEmpty()) {
            service = value;
        }
        return !named.isEmpty();
    }

    private boolean service(String value) {
        service = value;
        return true;
    }

    /**
     * The row.
     *
     * @param portIsSource whose port a bare {@code port} is
     */
    Draft draft(boolean portIsSource) {
        if (port >= 0 && portIsSource && draft.sourcePort < 0) {
            draft.sourcePort = port;
        } else if (port >= 0 && draft.destinationPort < 0) {
            draft.destinationPort = port;
        }
        if (!service.isEmpty()) {
            Optional<Services.Service> known = Services.named(service.split("[\\s,;/(-]", 2)[0]);
            boolean web = Services.web(service);
            if (draft.destinationPort < 0 && !web && !portIsSource) {
                draft.destinationPort = known.map(Services.Service::port).orElse(Services.port(service));
            }
            if (draft.protocol.isEmpty()) {
                draft.protocol =
                        web ? "tcp" : known.map(Services.Service::protocol).orElse("");
            }
        }
        if (draft.at != null && date != null && !draft.at.hasDate()) {
            draft.at = draft.at.on(date);
        }
        if (draft.at != null && draft.at.zone() == null && zone != null) {
            draft.at = draft.at.in(zone, zoneWords);
        }
        return draft;
    }
}
