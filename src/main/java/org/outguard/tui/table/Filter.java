package org.outguard.tui.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which rows are shown: terms with blanks between them, all of which must fit. {@code user:www-data} (holds that text, any
 * case), {@code user=root} (is it), {@code port:25}, {@code pps>1000}, {@code bits<=2M}, {@code "two words"} or
 * {@code x7.php} (any text field holds it), and {@code !} before a term turns it round.
 *
 * @param <R> what a row holds
 */
public final class Filter<R> {

    private static final int MOST_CHARS = 200;
    private static final Pattern TERM = Pattern.compile("(!?)(?:([A-Za-z]+)(>=|<=|[:=<>]))?(?:\"([^\"]*)\"|(\\S+))");
    private static final Pattern NUMBER = Pattern.compile("(\\d{1,15}(?:\\.\\d{1,6})?)([kKMG]?)");

    private final Predicate<R> fits;

    private Filter(Predicate<R> fits) {
        this.fits = fits;
    }

    /** What reading one gives. */
    public sealed interface Reading<R> {

        /** It can be used. */
        record Read<R>(Filter<R> filter) implements Reading<R> {}

        /**
         * It cannot.
         *
         * @param reason why, with what would be right
         */
        record Wrong<R>(String reason) implements Reading<R> {}
    }

    static <R> Filter<R> all() {
        return new Filter<>(row -> true);
    }

    boolean fits(R row) {
        return fits.test(row);
    }

    /** Reads one; the empty text lets all pass. */
    public static <R> Reading<R> read(String text, List<Field<R>> fields) {
        if (text.length() > MOST_CHARS) {
            return new Reading.Wrong<>("a filter has at most " + MOST_CHARS + " characters");
        }
        Predicate<R> all = row -> true;
        Matcher term = TERM.matcher(text.strip());
        int at = 0;
        String stripped = text.strip();
        while (at < stripped.length()) {
            if (stripped.charAt(at) == ' ') {
                at++;
                continue;
            }
            if (!term.region(at, stripped.length()).lookingAt()) {
                return new Reading.Wrong<>("'" + stripped.substring(at) + "' is no term");
            }
            at = term.end();
            Term<R> read = term(term, fields);
            if (read.reason.isPresent()) {
                return new Reading.Wrong<>(read.reason.get());
            }
            all = all.and(term.group(1).isEmpty() ? read.fits : read.fits.negate());
        }
        return new Reading.Read<>(new Filter<>(all));
    }

    private record Term<R>(Predicate<R> fits, Optional<String> reason) {
        static <R> Term<R> wrong(String reason) {
            return new Term<>(row -> false, Optional.of(reason));
        }
    }

    private static <R> Term<R> term(Matcher term, List<Field<R>> fields) {
        String value = term.group(4) == null ? term.group(5) : term.group(4);
        String name = term.group(2);
        if (name == null) {
            return new Term<>(row -> anywhere(row, value, fields), Optional.empty());
        }
        Optional<Field<R>> field = fields.stream()
                .filter(known -> known.name().equalsIgnoreCase(name))
                .findFirst();
        if (field.isEmpty()) {
            String names = fields.stream().map(Field::name).collect(Collectors.joining(" "));
            return Term.wrong("no field '" + name + "' here; there are: " + names);
        }
        String operator = term.group(3);
        if (field.get().number().isPresent()) {
            return number(name, field.get().number().get(), operator, value);
        }
        return text(name, field.get().texts().orElseThrow(), operator, value);
    }

    private static <R> Term<R> number(String name, ToDoubleFunction<R> of, String operator, String value) {
        Matcher number = NUMBER.matcher(value);
        if (!number.matches()) {
            return Term.wrong(name + " is a number: " + name + ">1000, " + name + "<2M; '" + value + "' is none");
        }
        double unit = switch (number.group(2)) {
            case "k", "K" -> 1e3;
            case "M" -> 1e6;
            case "G" -> 1e9;
            default -> 1;
        };
        double wanted = Double.parseDouble(number.group(1)) * unit;
        Predicate<R> fits = switch (operator) {
            case ">" -> row -> of.applyAsDouble(row) > wanted;
            case "<" -> row -> of.applyAsDouble(row) < wanted;
            case ">=" -> row -> of.applyAsDouble(row) >= wanted;
            case "<=" -> row -> of.applyAsDouble(row) <= wanted;
            default -> row -> Math.abs(of.applyAsDouble(row) - wanted) < 0.5;
        };
        return new Term<>(fits, Optional.empty());
    }

    private static <R> Term<R> text(String name, Function<R, List<String>> of, String operator, String value) {
        String wanted = lower(value);
        return switch (operator) {
            case ":" ->
                new Term<>(
                        row -> of.apply(row).stream()
                                .anyMatch(text -> lower(text).contains(wanted)),
                        Optional.empty());
            case "=" ->
                new Term<>(
                        row -> of.apply(row).stream()
                                .anyMatch(text -> lower(text).equals(wanted)),
                        Optional.empty());
            default -> Term.wrong(name + " is text: " + name + ":" + value + " or " + name + "=" + value);
        };
    }

    private static <R> boolean anywhere(R row, String value, List<Field<R>> fields) {
        String wanted = lower(value);
        List<Function<R, List<String>>> texts = new ArrayList<>();
        fields.forEach(field -> field.texts().ifPresent(texts::add));
        return texts.stream()
                .anyMatch(of ->
                        of.apply(row).stream().anyMatch(text -> lower(text).contains(wanted)));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
