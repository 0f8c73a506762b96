package org.outguard.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.ResponseRule;
import org.outguard.guard.policy.ResponseRule.Reaction;
import org.outguard.guard.policy.ResponseRule.Scope;
import org.outguard.guard.policy.Verdict;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads the tables {@code [[rule]]} of a policy. */
final class RuleReader {

    static final String KEY = "rule";

    private static final int MOST_RULES = 100;
    private static final int MOST_AN_HOUR = 10_000;
    private static final List<String> KEYS = List.of(
            "name",
            "kind",
            "verdict",
            "above_pps",
            "exempt_users",
            "exempt_remotes",
            "do",
            "scope",
            "rate",
            "for",
            "at_most_per_hour");
    private static final Pattern TIME = Pattern.compile("(\\d{1,6})([smhd])");
    private static final Duration LONGEST = Duration.ofDays(30);

    private final String file;
    private final List<PolicyResult.Fault> faults = new ArrayList<>();
    private final List<ResponseRule> rules = new ArrayList<>();
    private final Set<String> names = new HashSet<>();

    RuleReader(String file) {
        this.file = file;
    }

    /** Reads them all; what is wrong with them. */
    List<PolicyResult.Fault> read(TomlParseResult toml) {
        Object value = toml.get(List.of(KEY));
        if (value == null) {
            return faults;
        }
        int line = line(toml.inputPositionOf(List.of(KEY)));
        if (!(value instanceof TomlArray array) || !array.toList().stream().allMatch(TomlTable.class::isInstance)) {
            faults.add(new PolicyResult.Fault(file, line, KEY, "is a list of tables: [[rule]]"));
            return faults;
        }
        if (array.size() > MOST_RULES) {
            faults.add(new PolicyResult.Fault(file, line, KEY, "there may be at most " + MOST_RULES));
            return faults;
        }
        for (int i = 0; i < array.size(); i++) {
            rule(array.getTable(i), line(array.inputPositionOf(i)), i + 1);
        }
        return faults;
    }

    /** Those that could be read. */
    List<ResponseRule> rules() {
        return List.copyOf(rules);
    }

    private void rule(TomlTable table, int line, int number) {
        int before = faults.size();
        for (String key : table.keySet()) {
            if (!KEYS.contains(key)) {
                fault(table, line, key, "unknown; did you mean " + PolicyKeys.nearest(key, KEYS) + "?");
            }
        }
        String name = text(table, line, "name").orElse("rule-" + number);
        if (!name.matches("[A-Za-z0-9._-]{1,40}") || !names.add(name)) {
            fault(table, line, "name", "must be 1 to 40 letters, digits, dots and dashes, and unique");
        }
        Reaction reaction = choice(table, line, "do", Reaction.class, null).orElse(Reaction.ALERT);
        if (table.get(List.of("do")) == null) {
            fault(table, line, "do", "is missing: " + words(Reaction.class));
        }
        if (reaction == Reaction.LIMIT && table.get(List.of("rate")) == null) {
            fault(table, line, "rate", "is missing: packets a second that the limit lets pass");
        }
        ResponseRule rule = new ResponseRule(
                name,
                kinds(table, line, reaction),
                choice(table, line, "verdict", Verdict.class, Verdict.CLEAN).orElse(Verdict.OFFENDING),
                number(table, line, "above_pps", 0, NetworkStep.Limit.MOST_PACKETS, 0),
                new LinkedHashSet<>(texts(table, line, "exempt_users")),
                remotes(table, line),
                reaction,
                choice(table, line, "scope", Scope.class, null).orElse(Scope.NARROWEST),
                number(table, line, "rate", 1, NetworkStep.Limit.MOST_PACKETS, 1),
                time(table, line),
                (int) number(table, line, "at_most_per_hour", 1, MOST_AN_HOUR, 20));
        if (faults.size() == before) {
            rules.add(rule);
        }
    }

    private Set<OffenceKind> kinds(TomlTable table, int line, Reaction reaction) {
        Set<OffenceKind> kinds = EnumSet.noneOf(OffenceKind.class);
        List<String> named =
                table.get(List.of("kind")) instanceof String one ? List.of(one) : texts(table, line, "kind");
        for (String word : named) {
            Optional<OffenceKind> kind = named(OffenceKind.class, word);
            if (kind.isEmpty()) {
                fault(table, line, "kind", "'" + word + "' is none of " + words(OffenceKind.class));
            } else if (!reaction.suits(kind.get())) {
                fault(
                        table,
                        line,
                        "kind",
                        "nothing can be done about " + word + " by "
                                + reaction.name().toLowerCase(Locale.ROOT));
            }
            kind.ifPresent(kinds::add);
        }
        if (named.isEmpty()) {
            Arrays.stream(OffenceKind.values()).filter(reaction::suits).forEach(kinds::add);
        }
        return kinds;
    }

    private List<BlockTarget.Remote> remotes(TomlTable table, int line) {
        List<BlockTarget.Remote> remotes = new ArrayList<>();
        for (String text : texts(table, line, "exempt_remotes")) {
            Optional<BlockTarget.Remote> remote = BlockTarget.Remote.parse(text);
            if (remote.isEmpty()) {
                fault(table, line, "exempt_remotes", "'" + text + "' is no address or network");
            }
            remote.ifPresent(remotes::add);
        }
        return remotes;
    }

    private Duration time(TomlTable table, int line) {
        Optional<String> text = text(table, line, "for");
        if (text.isEmpty()) {
            return Duration.ofMinutes(10);
        }
        Matcher parts = TIME.matcher(text.get());
        if (parts.matches()) {
            long count = Long.parseLong(parts.group(1));
            Duration time = switch (parts.group(2)) {
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
            if (!time.isZero() && time.compareTo(LONGEST) <= 0) {
                return time;
            }
        }
        fault(table, line, "for", "must be a time such as 30s, 10m, 2h or 1d, of at most 30 days");
        return Duration.ofMinutes(10);
    }

    private long number(TomlTable table, int line, String key, long least, long most, long otherwise) {
        Object value = table.get(List.of(key));
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Long number && number >= least && number <= most) {
            return number;
        }
        fault(table, line, key, "must be a whole number from " + least + " to " + most);
        return otherwise;
    }

    private Optional<String> text(TomlTable table, int line, String key) {
        Object value = table.get(List.of(key));
        if (value == null || value instanceof String) {
            return Optional.ofNullable((String) value);
        }
        fault(table, line, key, "must be a text");
        return Optional.empty();
    }

    private List<String> texts(TomlTable table, int line, String key) {
        Object value = table.get(List.of(key));
        List<String> texts = new ArrayList<>();
        if (value instanceof TomlArray array && array.size() <= 1_000) {
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i) instanceof String text && !text.isBlank()) {
                    texts.add(text);
                } else {
                    fault(table, line, key, "entry " + (i + 1) + " must be a text, not empty");
                }
            }
        } else if (value != null) {
            fault(table, line, key, "must be a list of texts");
        }
        return texts;
    }

    private <E extends Enum<E>> Optional<E> choice(
            TomlTable table, int line, String key, Class<E> type, @Nullable E never) {
        Optional<String> word = text(table, line, key);
        Optional<E> found = word.flatMap(text -> named(type, text)).filter(one -> one != never);
        if (word.isPresent() && found.isEmpty()) {
            fault(table, line, key, "'" + word.get() + "' is none of " + words(type));
        }
        return found;
    }

    private static <E extends Enum<E>> Optional<E> named(Class<E> type, String word) {
        return Arrays.stream(type.getEnumConstants())
                .filter(one -> one.name().equalsIgnoreCase(word))
                .findFirst();
    }

    private static <E extends Enum<E>> String words(Class<E> type) {
        boolean lower = type != OffenceKind.class && type != Verdict.class;
        List<String> all = Arrays.stream(type.getEnumConstants())
                .map(one -> lower ? one.name().toLowerCase(Locale.ROOT) : one.name())
                .toList();
        return String.join(", ", all);
    }

    private void fault(TomlTable table, int tableLine, String key, String text) {
        int line = line(table.inputPositionOf(List.of(key)));
        faults.add(new PolicyResult.Fault(file, line == 0 ? tableLine : line, KEY + "." + key, text));
    }

    private static int line(@Nullable TomlPosition position) {
        return position == null ? 0 : position.line();
    }
}
