package org.outguard.headless.complaint;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Time zones by offset, abbreviation, name of the tz database, or city. */
public final class ZoneNames {

    private static final Pattern OFFSET =
            Pattern.compile("(?:UTC|GMT|Z)?\\s*([+\\-\\u2212\\u2013])\\s*(\\d{1,2})(?::?(\\d{2}))?");
    private static final Pattern REGION = Pattern.compile("[A-Z][A-Za-z]+/[A-Z][A-Za-z_/-]+");

    /* Hours from UTC; several where an abbreviation has several meanings: the Date header chooses, else the first is meant. */
    private static final Map<String, double[]> ABBREVIATIONS = Map.ofEntries(
            Map.entry("UTC", new double[] {0}),
            Map.entry("GMT", new double[] {0}),
            Map.entry("UCT", new double[] {0}),
            Map.entry("WET", new double[] {0}),
            Map.entry("WEST", new double[] {1}),
            Map.entry("BST", new double[] {1}),
            Map.entry("CET", new double[] {1}),
            Map.entry("MEZ", new double[] {1}),
            Map.entry("CEST", new double[] {2}),
            Map.entry("MESZ", new double[] {2}),
            Map.entry("EET", new double[] {2}),
            Map.entry("SAST", new double[] {2}),
            Map.entry("IDT", new double[] {3}),
            Map.entry("EEST", new double[] {3}),
            Map.entry("MSK", new double[] {3}),
            Map.entry("TRT", new double[] {3}),
            Map.entry("GST", new double[] {4}),
            Map.entry("PKT", new double[] {5}),
            Map.entry("IST", new double[] {5.5, 2, 1}),
            Map.entry("NPT", new double[] {5.75}),
            Map.entry("ICT", new double[] {7}),
            Map.entry("WIB", new double[] {7}),
            Map.entry("SGT", new double[] {8}),
            Map.entry("HKT", new double[] {8}),
            Map.entry("MYT", new double[] {8}),
            Map.entry("PHT", new double[] {8}),
            Map.entry("AWST", new double[] {8}),
            Map.entry("JST", new double[] {9}),
            Map.entry("KST", new double[] {9}),
            Map.entry("ACST", new double[] {9.5}),
            Map.entry("ACDT", new double[] {10.5}),
            Map.entry("AEST", new double[] {10}),
            Map.entry("AEDT", new double[] {11}),
            Map.entry("NZST", new double[] {12}),
            Map.entry("NZDT", new double[] {13}),
            Map.entry("BRT", new double[] {-3}),
            Map.entry("ART", new double[] {-3}),
            Map.entry("CLT", new double[] {-4}),
            Map.entry("COT", new double[] {-5}),
            Map.entry("NST", new double[] {-3.5}),
            Map.entry("AST", new double[] {-4, 3}),
            Map.entry("ADT", new double[] {-3}),
            Map.entry("EST", new double[] {-5, 10}),
            Map.entry("EDT", new double[] {-4}),
            Map.entry("CST", new double[] {-6, 8}),
            Map.entry("CDT", new double[] {-5}),
            Map.entry("MST", new double[] {-7}),
            Map.entry("MDT", new double[] {-6}),
            Map.entry("PST", new double[] {-8, 8}),
            Map.entry("PDT", new double[] {-7}),
            Map.entry("AKST", new double[] {-9}),
            Map.entry("AKDT", new double[] {-8}),
            Map.entry("HST", new double[] {-10}));

    /* Zones in words. */
    private static final Map<String, String> IN_WORDS = Map.ofEntries(
            Map.entry("central european", "Europe/Berlin"),
            Map.entry("eastern european", "Europe/Helsinki"),
            Map.entry("western european", "Europe/Lisbon"),
            Map.entry("eastern", "America/New_York"),
            Map.entry("central", "America/Chicago"),
            Map.entry("mountain", "America/Denver"),
            Map.entry("pacific", "America/Los_Angeles"),
            Map.entry("german", "Europe/Berlin"),
            Map.entry("japan", "Asia/Tokyo"),
            Map.entry("beijing", "Asia/Shanghai"),
            Map.entry("universal", "UTC"),
            Map.entry("zulu", "UTC"));

    private static final Map<String, String> CITIES = cities();

    /* What a sentence or a note must speak of before a bare offset, an abbreviation or a city is its zone. */
    private static final Pattern OF_TIMES = Pattern.compile(
            "(?i)\\b(?:time|times|timestamps?|time[ -]?zones?|tz|zones?|zeit(?:en|zone|stempel)?|uhrzeit|clocks?|stamps?|hours?|hora|heure|ora|logs?|logged|dates?|seen|timestamped)\\b");
    private static final Pattern BARE =
            Pattern.compile("(?<![\\w+/-])(?:UTC|GMT)(?![\\w/])(?:\\s*[+\\-\\u2212]\\s*\\d{1,2}(?::?\\d{2})?)?");
    private static final Pattern SIGNED = Pattern.compile("(?<![\\w:.+-])[+\\-]\\d{2}:?\\d{2}(?![\\d:-])");
    private static final Pattern SHORT = Pattern.compile("(?<![\\w/.@:-])[A-Z]{3,4}(?![\\w/@-]|\\.\\w)");
    private static final Pattern WORDS = Pattern.compile(
            "(?i)\\b((?:central|eastern|western) european|eastern|central|mountain|pacific|german|japan|beijing|universal|zulu)(?: standard| daylight| summer| coordinated)?[ -]?time\\b|\\b(coordinated universal) time\\b");
    private static final Pattern CITY = Pattern.compile(
            "\\b(?i:times?|zone|timezone|zeit|clock)\\b[^.;]{0,24}?(?:\\b(?:in|of|for|is|at|nach)\\b|[:(-])\\s*([A-Z][a-z]+(?: [A-Z][a-z]+)?)\\b|\\b([A-Z][a-z]+(?: [A-Z][a-z]+)?) (?:local )?time\\b");

    private ZoneNames() {}

    private static Map<String, String> cities() {
        Map<String, String> cities = new HashMap<>();
        for (String id : ZoneId.getAvailableZoneIds()) {
            if (REGION.matcher(id).matches() && !id.startsWith("Etc/") && !id.startsWith("System")) {
                cities.putIfAbsent(
                        id.substring(id.lastIndexOf('/') + 1).replace('_', ' ').toLowerCase(Locale.ROOT), id);
            }
        }
        return cities;
    }

    /**
     * Reads a zone that is written behind a time or in a column.
     *
     * @param hint the offset of the mail's Date header, for abbreviations with several meanings
     */
    static Optional<ZoneId> parse(String words, @Nullable ZoneOffset hint) {
        String text = words.strip().replaceAll("^[(\\[\"']+|[)\\]\"']+$", "").strip();
        if (text.equals("Z") || text.equals("z")) {
            return Optional.of(ZoneOffset.UTC);
        }
        Matcher offset = OFFSET.matcher(text);
        if (offset.matches()) {
            return offset(offset);
        }
        boolean universal = text.equalsIgnoreCase("UTC") || text.equalsIgnoreCase("GMT");
        double[] hours = ABBREVIATIONS.get(universal ? "UTC" : text);
        if (hours != null && text.length() > 2) {
            for (double one : hours) {
                if (hint != null && hint.getTotalSeconds() == (int) (one * 3600)) {
                    return Optional.of(hint);
                }
            }
            return Optional.of(ZoneOffset.ofTotalSeconds((int) (hours[0] * 3600)));
        }
        return REGION.matcher(text).matches() ? region(text) : Optional.empty();
    }

    private static Optional<ZoneId> offset(Matcher offset) {
        int hours = Integer.parseInt(offset.group(2));
        int minutes = offset.group(3) == null ? 0 : Integer.parseInt(offset.group(3));
        if (hours > 14 || minutes > 59) {
            return Optional.empty();
        }
        int seconds = hours * 3600 + minutes * 60;
        return Optional.of(ZoneOffset.ofTotalSeconds(offset.group(1).equals("+") ? seconds : -seconds));
    }

    private static Optional<ZoneId> region(String id) {
        try {
            return Optional.of(ZoneId.of(id));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /**
     * A zone that a line speaks of.
     *
     * @param zone which
     * @param words as it is written
     */
    public record Statement(ZoneId zone, String words) {}

    /**
     * The zone that a sentence, a note or the head of a table states.
     *
     * @param strict whether it must also speak of time: prose does, the head of a column need not
     */
    static Optional<Statement> stated(String line, boolean strict, @Nullable ZoneOffset hint) {
        boolean ofTimes = !strict || OF_TIMES.matcher(line).find();
        Matcher region = REGION.matcher(line);
        while (ofTimes && region.find()) {
            Optional<ZoneId> zone = region(region.group());
            if (zone.isPresent()) {
                return Optional.of(new Statement(zone.get(), region.group()));
            }
        }
        for (Pattern form : ofTimes ? List.of(BARE, SIGNED, SHORT) : List.of(BARE)) {
            Matcher found = form.matcher(line);
            while (found.find()) {
                Optional<ZoneId> zone = parse(found.group(), hint);
                if (zone.isPresent()) {
                    return Optional.of(new Statement(zone.get(), found.group()));
                }
            }
        }
        return ofTimes ? inWords(line) : Optional.empty();
    }

    private static Optional<Statement> inWords(String line) {
        Matcher words = WORDS.matcher(line);
        if (words.find()) {
            String id =
                    words.group(1) == null ? "UTC" : IN_WORDS.get(words.group(1).toLowerCase(Locale.ROOT));
            if (id != null) {
                return Optional.of(new Statement(ZoneId.of(id), words.group()));
            }
        }
        Matcher city = CITY.matcher(line);
        while (city.find()) {
            String name = city.group(1) == null ? city.group(2) : city.group(1);
            String id = CITIES.get(name.toLowerCase(Locale.ROOT));
            if (id == null && name.contains(" ")) {
                id = CITIES.get(name.substring(name.lastIndexOf(' ') + 1).toLowerCase(Locale.ROOT));
            }
            if (id != null) {
                return Optional.of(new Statement(ZoneId.of(id), name + " (" + id + ")"));
            }
        }
        return Optional.empty();
    }
}
