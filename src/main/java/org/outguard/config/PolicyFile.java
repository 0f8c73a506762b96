package org.outguard.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.IpAddress;
import org.outguard.guard.action.BlockTarget;
import org.outguard.guard.policy.NeverBlock;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.ResponseRule;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** Reads a policy from TOML, see packaging/outguard.toml. Every error is found in one reading. */
public final class PolicyFile {

    private static final int MAX_BYTES = 256 * 1024;
    private static final int MAX_ENTRIES = 1_000;

    private final String file;
    private final TomlParseResult toml;
    private final List<PolicyResult.Fault> faults = new ArrayList<>();

    private PolicyFile(String file, TomlParseResult toml) {
        this.file = file;
        this.toml = toml;
    }

    /**
     * Reads a policy.
     *
     * @param path which file
     * @param defaults what holds where the file is silent
     */
    public static PolicyResult read(Path path, Policy defaults) {
        String name = path.toString();
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                return invalid(name, "longer than " + MAX_BYTES / 1024 + " KiB");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return parse(name, text, defaults);
        } catch (CharacterCodingException e) {
            return invalid(name, "not UTF-8");
        } catch (NoSuchFileException e) {
            return invalid(name, "no such file");
        } catch (IOException e) {
            return invalid(name, "cannot be read: " + e);
        }
    }

    private static PolicyResult invalid(String name, String text) {
        return new PolicyResult.Invalid(List.of(new PolicyResult.Fault(name, 0, "", text)));
    }

    private static PolicyResult parse(String name, String text, Policy defaults) {
        CondensedToml condensed = CondensedToml.of(text);
        TomlParseResult toml = condensed.parse();
        if (toml.hasErrors()) {
            return new PolicyResult.Invalid(toml.errors().stream()
                    .map(error -> condensed.fault(name, error))
                    .toList());
        }
        PolicyResult result = parse(name, toml, defaults);
        return result instanceof PolicyResult.Invalid invalid
                ? new PolicyResult.Invalid(
                        invalid.errors().stream().map(condensed::inFile).toList())
                : result;
    }

    private static PolicyResult parse(String name, TomlParseResult toml, Policy defaults) {
        PolicyFile reading = new PolicyFile(name, toml);
        reading.checkKeys();
        Policy policy = reading.policy(defaults);
        HistoryPolicy history = reading.history();
        FeedPolicy feeds = reading.feeds();
        RuleReader rules = new RuleReader(name);
        reading.faults.addAll(rules.read(toml));
        NotifyReader notify = new NotifyReader(name);
        reading.faults.addAll(notify.read(toml));
        if (reading.faults.isEmpty()) {
            PolicyKeys.unordered(policy).forEach(pair -> reading.fault(pair[0], pair[1]));
        }
        if (reading.faults.isEmpty()) {
            List<ResponseRule> all = feeds.block()
                    ? Stream.concat(rules.rules().stream(), Stream.of(feeds.rule()))
                            .toList()
                    : rules.rules();
            return new PolicyResult.Read(policy, all, history, notify.targets(), feeds);
        }
        reading.faults.sort(Comparator.comparingInt(PolicyResult.Fault::line));
        return new PolicyResult.Invalid(reading.faults);
    }

    private void checkFeedback() {
        if (!(toml.get(List.of(FeedbackFile.SECTION)) instanceof TomlTable table)) {
            fault(FeedbackFile.SECTION, "is a section: [feedback]");
            return;
        }
        for (String key : table.keySet()) {
            boolean known = key.equals("mailbox");
            if (!known || FeedbackFile.path(table.get(List.of(key))).isEmpty()) {
                faults.add(new PolicyResult.Fault(
                        file,
                        line(table.inputPositionOf(List.of(key))),
                        FeedbackFile.SECTION + "." + key,
                        known ? FeedbackFile.WRONG : "unknown; there is feedback.mailbox"));
            }
        }
    }

    private void checkKeys() {
        for (String section : toml.keySet()) {
            if (ScreenFile.SECTIONS.contains(section)
                    || section.equals(RuleReader.KEY)
                    || section.equals(NotifyReader.KEY)) {
                // Read by ScreenFile, and by the readers of tables.
                continue;
            }
            if (section.equals(FeedbackFile.SECTION)) {
                checkFeedback();
                continue;
            }
            if (!PolicyKeys.SECTIONS.contains(section)) {
                fault(section, "unknown; did you mean [" + PolicyKeys.nearest(section, PolicyKeys.SECTIONS) + "]?");
            } else if (!(toml.get(List.of(section)) instanceof TomlTable table)) {
                fault(section, "is a section: [" + section + "]");
            } else {
                for (String key : table.keySet()) {
                    String dotted = section + "." + key;
                    if (!PolicyKeys.KEYS.contains(dotted)) {
                        faults.add(new PolicyResult.Fault(
                                file,
                                line(table.inputPositionOf(List.of(key))),
                                dotted,
                                "unknown; did you mean " + PolicyKeys.nearest(dotted, PolicyKeys.KEYS) + "?"));
                    }
                }
            }
        }
    }

    private Policy policy(Policy or) {
        return new Policy(
                new Policy.Packets(
                        number(PolicyKeys.TO_ONE_REMOTE, or.suspectToOneRemote()),
                        number(PolicyKeys.IN_ALL, or.suspectInAll()),
                        number(PolicyKeys.OFFENDING, or.offending()),
                        number(PolicyKeys.VICTIM, or.suspectVictim()),
                        number(PolicyKeys.OFFENDING_VICTIM, or.offendingVictim())),
                new Policy.Connects(
                        number(PolicyKeys.CONNECTS, or.suspectConnects()),
                        number(PolicyKeys.OFFENDING_CONNECTS, or.offendingConnects()),
                        number(PolicyKeys.MAIL_CONNECTS, or.suspectMailConnects()),
                        number(PolicyKeys.OFFENDING_MAIL_CONNECTS, or.offendingMailConnects())),
                new Policy.Known(
                        (int) number(PolicyKeys.SERVICE_FACTOR, or.knownServiceFactor()),
                        addresses(PolicyKeys.RESOLVERS, or.resolvers()),
                        names(PolicyKeys.SERVICE_USERS, or.serviceUsers()),
                        names(PolicyKeys.MAIL_USERS, or.mailUsers()),
                        names(PolicyKeys.EXEMPT_USERS, or.exemptUsers())),
                (int) number(PolicyKeys.QUIET_AFTER, or.quietAfterSeconds()),
                MailKeys.read(this::number, or.mail()),
                TrafficKeys.read(this::number, this::ports, this::addresses, or.traffic()),
                neverBlock(or.neverBlock()));
    }

    private NeverBlock neverBlock(NeverBlock otherwise) {
        if (value(PolicyKeys.NEVER_BLOCK) == null) {
            return otherwise;
        }
        Set<NeverBlock.Source> sources = EnumSet.noneOf(NeverBlock.Source.class);
        List<BlockTarget.Remote> networks = new ArrayList<>();
        for (String text : names(PolicyKeys.NEVER_BLOCK, Set.of())) {
            Optional<NeverBlock.Source> source = NeverBlock.Source.of(text);
            Optional<BlockTarget.Remote> network = BlockTarget.Remote.parse(text);
            source.ifPresent(sources::add);
            network.ifPresent(networks::add);
            if (source.isEmpty() && network.isEmpty()) {
                fault(
                        PolicyKeys.NEVER_BLOCK,
                        "'" + text + "' is no address or network, and none of "
                                + Arrays.stream(NeverBlock.Source.values())
                                        .map(NeverBlock.Source::word)
                                        .collect(Collectors.joining(", ")));
            }
        }
        return new NeverBlock(sources, networks);
    }

    private Set<Integer> ports(String key, Set<Integer> otherwise) {
        Object value = value(key);
        if (value == null) {
            return otherwise;
        }
        Set<Integer> ports = new LinkedHashSet<>();
        if (!(value instanceof TomlArray array) || array.size() > MAX_ENTRIES) {
            fault(key, "must be a list of at most " + MAX_ENTRIES + " ports");
            return otherwise;
        }
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i) instanceof Long port && port >= 1 && port <= 65_535) {
                ports.add(port.intValue());
            } else {
                faults.add(new PolicyResult.Fault(
                        file, line(array.inputPositionOf(i)), key, "entry " + (i + 1) + " must be a port, 1 to 65535"));
            }
        }
        return ports;
    }

    private HistoryPolicy history() {
        HistoryPolicy or = HistoryPolicy.DEFAULT;
        Object enabled = value(HistoryPolicy.ENABLED);
        if (enabled != null && !(enabled instanceof Boolean)) {
            fault(HistoryPolicy.ENABLED, "must be true or false");
        }
        return new HistoryPolicy(
                enabled instanceof Boolean wanted ? wanted : or.enabled(),
                number(HistoryPolicy.MEGABYTES, or.megabytes()),
                number(HistoryPolicy.DAYS, or.days()));
    }

    private FeedPolicy feeds() {
        Object block = value(FeedPolicy.BLOCK);
        if (block != null && !(block instanceof Boolean)) {
            fault(FeedPolicy.BLOCK, "must be true or false");
        }
        List<Path> files = new ArrayList<>();
        for (String text : names(FeedPolicy.FILES, Set.of())) {
            Optional<Path> file = FeedbackFile.path(text);
            file.ifPresent(files::add);
            if (file.isEmpty() || files.size() > FeedPolicy.MOST_FILES) {
                fault(
                        FeedPolicy.FILES,
                        file.isEmpty()
                                ? "'" + text + "' is no absolute path of a file"
                                : "has more than " + FeedPolicy.MOST_FILES + " files");
            }
        }
        if (Boolean.TRUE.equals(block) && files.isEmpty()) {
            fault(FeedPolicy.BLOCK, "blocks nothing while " + FeedPolicy.FILES + " names no file");
        }
        return new FeedPolicy(files, Boolean.TRUE.equals(block));
    }

    private long number(PolicyKeys.Limit key, long otherwise) {
        Object value = value(key.key());
        if (value == null) {
            return otherwise;
        }
        if (value instanceof Long number && number >= key.least() && number <= key.most()) {
            return number;
        }
        fault(key.key(), "must be a whole number from " + key.least() + " to " + key.most());
        return otherwise;
    }

    private Set<String> names(String key, Set<String> otherwise) {
        Object value = value(key);
        if (value == null) {
            return otherwise;
        }
        Set<String> names = new LinkedHashSet<>();
        if (!(value instanceof TomlArray array) || array.size() > MAX_ENTRIES) {
            fault(key, "must be a list of at most " + MAX_ENTRIES + " texts");
            return otherwise;
        }
        for (int i = 0; i < array.size(); i++) {
            if (array.get(i) instanceof String name && !name.isBlank()) {
                names.add(name);
            } else {
                faults.add(new PolicyResult.Fault(
                        file, line(array.inputPositionOf(i)), key, "entry " + (i + 1) + " must be a text, not empty"));
            }
        }
        return names;
    }

    private Set<IpAddress> addresses(String key, Set<IpAddress> otherwise) {
        if (value(key) == null) {
            return otherwise;
        }
        Set<String> texts = names(key, Set.of());
        texts.stream()
                .filter(text -> IpAddress.parse(text).isEmpty())
                .forEach(text -> fault(key, "'" + text + "' is no IP address"));
        return texts.stream().flatMap(text -> IpAddress.parse(text).stream()).collect(Collectors.toUnmodifiableSet());
    }

    private @Nullable Object value(String dotted) {
        String section = dotted.substring(0, dotted.indexOf('.'));
        return toml.get(List.of(section)) instanceof TomlTable table
                ? table.get(List.of(dotted.substring(section.length() + 1)))
                : null;
    }

    private void fault(String key, String text) {
        int dot = key.indexOf('.');
        boolean inSection = dot > 0 && toml.get(List.of(key.substring(0, dot))) instanceof TomlTable;
        List<String> path = inSection ? List.of(key.substring(0, dot), key.substring(dot + 1)) : List.of(key);
        faults.add(new PolicyResult.Fault(file, line(toml.inputPositionOf(path)), key, text));
    }

    private static int line(@Nullable TomlPosition position) {
        return position == null ? 0 : position.line();
    }
}
