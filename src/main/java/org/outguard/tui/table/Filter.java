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
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/**
 * Which rows are shown: terms with blanks between them, all of which must fit. {@code user:www-data} (holds that text, any
 * case), {@code user=root} (is it), {@code port:25}, {@code pps>1000}, {@code bits<=2M}, {@code "two words"} or
 * {@code x7.php} (any text field holds it), {@code user~^www-} or {@code ~x[0-9]} (a regular expression finds something), and {@code !} before a term turns it round.
 *
 * @param <R> what a row holds
 */
public final class Filter<R> {

    private static final int MOST_CHARS = 200;
    private static final Pattern TERM = Pattern.compile("(!?)(?:([A-Za-z]+)(>=|<=|[:=<>~]))?(?:\"([^\"]*)\"|(\\S+))");
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
        if (name == null && value.length() > 1 && value.startsWith("~")) {
            return regex(value.substring(1), row -> texts(row, fields));
        }
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
            case "~" -> regex(value, of);
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

    private static <R> Term<R> regex(String value, Function<R, List<String>> of) {
        try {
            Pattern wanted = Pattern.compile(value, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
            return new Term<>(
                    row -> of.apply(row).stream().anyMatch(text -> Steps.finds(wanted, text)), Optional.empty());
        } catch (PatternSyntaxException e) {
            return Term.wrong("'" + value + "' is no regular expression: " + e.getDescription());
        }
    }

    private static <R> List<String> texts(R row, List<Field<R>> fields) {
        List<String> texts = new ArrayList<>();
        fields.forEach(field -> field.texts().ifPresent(of -> texts.addAll(of.apply(row))));
        return texts;
    }

    private static <R> boolean anywhere(R row, String value, List<Field<R>> fields) {
        String wanted = lower(value);
        return texts(row, fields).stream().anyMatch(text -> lower(text).contains(wanted));
    }

    /** Text that lets itself be read so many times and no more: an expression that goes back and forth finds nothing. */
    private static final class Steps implements CharSequence {

        private static final int MOST = 100_000;

        private final String text;
        private int read;

        private Steps(String text) {
            this.text = text;
        }

        static boolean finds(Pattern wanted, String text) {
            try {
                return wanted.matcher(new Steps(text)).find();
            } catch (TooMany | StackOverflowError e) {
                return false;
            }
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++read > MOST) {
                throw new TooMany();
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.subSequence(start, end);
        }

        @Override
        public String toString() {
            return text;
        }

        private static final class TooMany extends RuntimeException {
            private static final long serialVersionUID = 1L;
        }
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
