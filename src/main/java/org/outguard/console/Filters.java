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
            case "grep" -> grep(filter).isPresent();
            case "head", "tail" -> number(filter).isPresent();
            default -> false;
        };
        return known
                ? Optional.empty()
                : Optional.of("'" + String.join(" ", filter)
                        + "' is no filter; there are: less, grep [-iv] TEXT, head [-N], tail [-N], count");
    }

    /* N, -N, -nN and -n N of head(1). */
    private static Optional<Integer> number(List<String> filter) {
        String given = String.join("", filter.subList(1, filter.size()));
        String digits = given.replaceFirst("^-n?", "");
        return filter.size() == 1
                ? Optional.of(USUAL)
                : Optional.of(digits).filter(text -> text.matches("\\d{1,6}")).map(Integer::parseInt);
    }

    /**
     * What is looked for.
     *
     * @param text in lower case: -i of grep(1) is how it always is
     * @param others whether lines without it are meant
     */
    private record Grep(String text, boolean others) {}

    private static Optional<Grep> grep(List<String> filter) {
        boolean others = false;
        int at = 1;
        while (at < filter.size() - 1 && filter.get(at).matches("-[iv]+")) {
            others |= filter.get(at++).contains("v");
        }
        return at == filter.size() - 1
                ? Optional.of(new Grep(filter.get(at).toLowerCase(Locale.ROOT), others))
                : Optional.empty();
    }

    /** Whether a filter shows its input page by page. */
    static boolean pages(List<String> filter) {
        return filter.get(0).equals("less") || filter.get(0).equals("more");
    }

    static List<String> apply(List<String> filter, List<String> lines) {
        return switch (filter.get(0)) {
            case "grep" -> {
                Grep wanted = grep(filter).orElseThrow();
                yield lines.stream()
                        .filter(line -> line.toLowerCase(Locale.ROOT).contains(wanted.text()) != wanted.others())
                        .toList();
            }
            case "head" -> lines.stream().limit(number(filter).orElseThrow()).toList();
            case "tail" ->
                lines.subList(Math.max(0, lines.size() - number(filter).orElseThrow()), lines.size());
            case "count" -> List.of(count(lines));
            default -> lines;
        };
    }

    /** {@code "1 line"}, {@code "12 lines"}. */
    static String count(List<String> lines) {
        return lines.size() + (lines.size() == 1 ? " line" : " lines");
    }
}
