package org.outguard.console;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What output can be led through: a few words of our own, no program. */
final class Filters {

    private static final int USUAL = 10;

    private Filters() {}

    /** Why there is no such filter; empty where there is. */
    static Optional<String> complaint(List<String> filter) {
        boolean known = switch (filter.get(0)) {
            case "less", "more", "count" -> filter.size() == 1;
            case "grep" -> filter.size() == 2;
            case "head", "tail" ->
                filter.size() == 1 || filter.size() == 2 && number(filter).isPresent();
            default -> false;
        };
        return known
                ? Optional.empty()
                : Optional.of("'" + String.join(" ", filter)
                        + "' is no filter; there are: less, grep TEXT, head [N], tail [N], count");
    }

    private static Optional<Integer> number(List<String> filter) {
        return filter.get(1).matches("\\d{1,6}") ? Optional.of(Integer.parseInt(filter.get(1))) : Optional.empty();
    }

    /** Whether a filter shows its input page by page. */
    static boolean pages(List<String> filter) {
        return filter.get(0).equals("less") || filter.get(0).equals("more");
    }

    static List<String> apply(List<String> filter, List<String> lines) {
        int count = filter.size() == 2 ? number(filter).orElse(USUAL) : USUAL;
        return switch (filter.get(0)) {
            case "grep" -> {
                String wanted = filter.get(1).toLowerCase(Locale.ROOT);
                yield lines.stream()
                        .filter(line -> line.toLowerCase(Locale.ROOT).contains(wanted))
                        .toList();
            }
            case "head" -> lines.stream().limit(count).toList();
            case "tail" -> lines.subList(Math.max(0, lines.size() - count), lines.size());
            case "count" -> List.of(lines.size() + (lines.size() == 1 ? " line" : " lines"));
            default -> lines;
        };
    }
}
