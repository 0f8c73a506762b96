package org.outguard.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Verdict;
import org.outguard.notify.Channel;
import org.outguard.notify.Secret;
import org.outguard.notify.Target;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads the tables {@code [[notify]]} of a policy. */
final class NotifyReader {

    static final String KEY = "notify";

    private static final int MOST_TARGETS = 16;
    private static final Pattern TIME = Pattern.compile("(\\d{1,4})([smh])");

    private static final List<String> COMMON =
            List.of("name", "by", "kind", "verdict", "ended", "group", "at_most_per_hour");
    private static final List<String> WITH_SECRET = List.of("secret_file", "secret_credential");
    private static final Map<String, List<String>> BY = Map.of(
            "webhook", joined(List.of("url", "form", "template", "to", "headers"), WITH_SECRET),
            "mail", joined(List.of("server", "port", "tls", "user", "from", "to"), WITH_SECRET),
            "syslog", List.of("target"),
            "exec", List.of("command"));

    private final String file;
    private final List<PolicyResult.Fault> faults = new ArrayList<>();
    private final List<Target> targets = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private int line;
    private TomlTable table;

    @SuppressWarnings("NullAway.Init") // set for each table
    NotifyReader(String file) {
        this.file = file;
    }

    private static List<String> joined(List<String> some, List<String> more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    /** Reads them all; what is wrong with them. */
    List<PolicyResult.Fault> read(TomlParseResult toml) {
        Object value = toml.get(List.of(KEY));
        if (value == null) {
            return faults;
        }
        line = line(toml.inputPositionOf(List.of(KEY)));
        if (!(value instanceof TomlArray array) || !array.toList().stream().allMatch(TomlTable.class::isInstance)) {
            faults.add(new PolicyResult.Fault(file, line, KEY, "is a list of tables: [[notify]]"));
            return faults;
        }
        if (array.size() > MOST_TARGETS) {
            faults.add(new PolicyResult.Fault(file, line, KEY, "there may be at most " + MOST_TARGETS));
            return faults;
        }
        for (int i = 0; i < array.size(); i++) {
            table = array.getTable(i);
            line = line(array.inputPositionOf(i));
            target(i + 1);
        }
        return faults;
    }

    /** Those that could be read. */
    List<Target> targets() {
        return List.copyOf(targets);
    }

    private void target(int number) {
        int before = faults.size();
        String by = text("by", "");
        List<String> known = BY.get(by);
        if (known == null) {
            fault("by", (by.isEmpty() ? "is missing" : "'" + by + "' is none") + ": webhook, mail, syslog, exec");
            return;
        }
        List<String> keys = joined(COMMON, known);
        for (String key : table.keySet()) {
            if (!keys.contains(key)) {
                fault(key, "unknown for " + by + "; did you mean " + PolicyKeys.nearest(key, keys) + "?");
            }
        }
        String name = text("name", by + "-" + number);
        if (!name.matches("[A-Za-z0-9._-]{1,40}") || !names.add(name)) {
            fault("name", "must be 1 to 40 letters, digits, dots and dashes, and unique");
        }
        Channel channel = switch (by) {
            case "webhook" -> webhook();
            case "mail" -> mail();
            case "syslog" -> syslog();
            default -> exec();
        };
        Target target = new Target(
                name,
                channel,
                kinds(),
                choice("verdict", Verdict.class, Verdict.OFFENDING),
                flag("ended", true),
                time("group", Target.GROUP),
                (int) number("at_most_per_hour", 1, 10_000, Target.AT_MOST_PER_HOUR));
        if (target.verdict() == Verdict.CLEAN) {
            fault("verdict", "must be SUSPECT or OFFENDING");
        }
        if (faults.size() == before) {
            targets.add(target);
        }
    }

    private Channel webhook() {
        Channel.Form form = choice("form", Channel.Form.class, Channel.Form.JSON);
        String url = text("url", "");
        Secret secret = secret();
        boolean urlIsSecret = List.of(Channel.Form.SLACK, Channel.Form.MATTERMOST, Channel.Form.TEAMS)
                .contains(form);
        boolean fixed = List.of(Channel.Form.TELEGRAM, Channel.Form.PAGERDUTY).contains(form);
        if (!url.isEmpty() && !url.matches("https?://[^\\s/]+.*")) {
            fault("url", "must begin with http:// or https:// and a host");
        } else if (url.isEmpty() && !fixed && !(urlIsSecret && !(secret instanceof Secret.None))) {
            fault("url", urlIsSecret ? "is missing, or secret_file with the URL in it" : "is missing");
        }
        if (fixed && secret instanceof Secret.None) {
            fault("secret_file", "is missing: the token or key is in it");
        }
        String to = text("to", "");
        if (form == Channel.Form.TELEGRAM && to.isEmpty()) {
            fault("to", "is missing: the id of the chat");
        }
        String template = text("template", "");
        if (form == Channel.Form.TEMPLATE && template.isEmpty()) {
            fault("template", "is missing: the body, with {summary}, {details}, {event}, {host} or {json}");
        }
        return new Channel.Webhook(url, form, template, to, headers(), secret);
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        Object value = table.get(List.of("headers"));
        if (value instanceof TomlTable given && given.size() <= 20) {
            for (String name : given.keySet()) {
                Object text = given.get(List.of(name));
                if (name.matches("[A-Za-z0-9-]{1,60}") && text instanceof String header && header.matches("[ -~]*")) {
                    headers.put(name, header);
                } else {
                    fault("headers", "'" + name + "' must be a header with a text of one line");
                }
            }
        } else if (value != null) {
            fault("headers", "must be a table of at most 20 texts");
        }
        return headers;
    }

    private Channel mail() {
        String server = text("server", "");
        if (!server.matches("[A-Za-z0-9._:-]+")) {
            fault("server", server.isEmpty() ? "is missing: the mail server, not this machine's queue" : "is no host");
        }
        Channel.Tls tls = choice("tls", Channel.Tls.class, Channel.Tls.TLS);
        int port =
                (int) number("port", 1, 65_535, tls == Channel.Tls.TLS ? 465 : tls == Channel.Tls.STARTTLS ? 587 : 25);
        List<String> to = texts("to");
        if (to.isEmpty()) {
            fault("to", "is missing: addresses");
        }
        String from = text("from", "");
        for (String address : joined(to, from.isEmpty() ? List.of() : List.of(from))) {
            if (!address.matches("[^@\\s<>,]+@[^@\\s<>,]+")) {
                fault(address.equals(from) ? "from" : "to", "'" + address + "' is no address");
            }
        }
        if (from.isEmpty()) {
            fault("from", "is missing: the sender's address");
        }
        String user = text("user", "");
        Secret secret = secret();
        if (!user.isEmpty() && secret instanceof Secret.None) {
            fault("secret_file", "is missing: the password of " + user);
        }
        return new Channel.Mail(server, port, tls, user, secret, from, to);
    }

    private Channel syslog() {
        String target = text("target", "journald");
        if (!Channel.Syslog.isTarget(target)) {
            fault("target", "must be journald, the path of a socket, or HOST:PORT");
        }
        return new Channel.Syslog(target);
    }

    private Channel exec() {
        List<String> command = texts("command");
        if (command.isEmpty() || !command.get(0).startsWith("/")) {
            fault("command", "must be a list: a program by its absolute path, and its arguments");
        }
        return new Channel.Exec(command);
    }

    private Secret secret() {
        String path = text("secret_file", "");
        String credential = text("secret_credential", "");
        if (!path.isEmpty() && !credential.isEmpty()) {
            fault("secret_credential", "excludes secret_file");
        }
        if (!path.isEmpty()) {
            if (!path.startsWith("/")) {
                fault("secret_file", "must be an absolute path");
            }
            return new Secret.InFile(Path.of(path));
        }
        if (!credential.isEmpty()) {
            if (!credential.matches("[A-Za-z0-9._-]+")) {
                fault("secret_credential", "must be a name as of LoadCredential=");
            }
            String folder = System.getenv("CREDENTIALS_DIRECTORY");
            return new Secret.Credential(credential, folder == null ? "" : folder);
        }
        return new Secret.None();
    }

    private Set<OffenceKind> kinds() {
        Set<OffenceKind> kinds = EnumSet.noneOf(OffenceKind.class);
        List<String> words = table.get(List.of("kind")) instanceof String one ? List.of(one) : texts("kind");
        for (String word : words) {
            named(OffenceKind.class, word)
                    .ifPresentOrElse(
                            kinds::add, () -> fault("kind", "'" + word + "' is none of " + words(OffenceKind.class)));
        }
        return words.isEmpty() ? EnumSet.allOf(OffenceKind.class) : kinds;
    }

    private String text(String key, String otherwise) {
        Object value = table.get(List.of(key));
        if (value == null || value instanceof String) {
            return value == null ? otherwise : (String) value;
        }
        fault(key, "must be a text");
        return otherwise;
    }

    private boolean flag(String key, boolean otherwise) {
        Object value = table.get(List.of(key));
        if (value == null || value instanceof Boolean) {
            return value == null ? otherwise : (Boolean) value;
        }
        fault(key, "must be true or false");
        return otherwise;
    }

    private long number(String key, long least, long most, long otherwise) {
        Object value = table.get(List.of(key));
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Long number && number >= least && number <= most) {
            return number;
        }
        fault(key, "must be a whole number from " + least + " to " + most);
        return otherwise;
    }

    private Duration time(String key, Duration otherwise) {
        Matcher parts = TIME.matcher(text(key, ""));
        if (table.get(List.of(key)) == null) {
            return otherwise;
        }
        if (!parts.matches()) {
            fault(key, "must be a time such as 0s, 30s or 5m");
            return otherwise;
        }
        long count = Long.parseLong(parts.group(1));
        return switch (parts.group(2)) {
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofHours(count);
        };
    }

    private List<String> texts(String key) {
        Object value = table.get(List.of(key));
        List<String> texts = new ArrayList<>();
        if (value instanceof TomlArray array && array.size() <= 100) {
            for (int i = 0; i < array.size(); i++) {
                if (array.get(i) instanceof String text && !text.isBlank()) {
                    texts.add(text);
                } else {
                    fault(key, "entry " + (i + 1) + " must be a text, not empty");
                }
            }
        } else if (value instanceof String one) {
            texts.add(one);
        } else if (value != null) {
            fault(key, "must be a list of texts");
        }
        return texts;
    }

    private <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
        String word = text(key, "");
        Optional<E> found = named(type, word);
        if (!word.isEmpty() && found.isEmpty()) {
            fault(key, "'" + word + "' is none of " + words(type));
        }
        return found.orElse(otherwise);
    }

    private static <E extends Enum<E>> Optional<E> named(Class<E> type, String word) {
        return Arrays.stream(type.getEnumConstants())
                .filter(one -> one.name().equalsIgnoreCase(word))
                .findFirst();
    }

    private static <E extends Enum<E>> String words(Class<E> type) {
        boolean upper = type == OffenceKind.class || type == Verdict.class;
        return String.join(
                ", ",
                Arrays.stream(type.getEnumConstants())
                        .map(one -> upper ? one.name() : one.name().toLowerCase(Locale.ROOT))
                        .toList());
    }

    private void fault(String key, String text) {
        int at = line(table.inputPositionOf(List.of(key)));
        faults.add(new PolicyResult.Fault(file, at == 0 ? line : at, KEY + "." + key, text));
    }

    private static int line(@Nullable TomlPosition position) {
        return position == null ? 0 : position.line();
    }
}
