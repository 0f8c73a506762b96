package org.outguard.maillog;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;

/** Every message of other people's forms has its submitter, its sender, and what became of each recipient. */
class CasesTest {

    private static final int ROUNDS = Integer.getInteger("outguard.rounds", 20);
    private static final long SEED = Long.getLong("outguard.seed", 31);

    static List<String> names() {
        return Cases.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void isReadRightly(String name) {
        var log = new MailLog(Corpus.USERS, ZoneOffset.UTC, 1_000);
        Map<String, LoggedMessage> read = Corpus.read(log, Cases.lines(name));
        Map<String, Object> expected = Cases.expected(name);
        List<String> wanted = Corpus.maps(expected.get("messages")).stream()
                .map(CasesTest::wanted)
                .sorted()
                .toList();
        var ignored = new ArrayList<>((List<?>) expected.getOrDefault("ignored", List.of()));
        List<String> found = read.values().stream()
                .filter(m -> !(ignored.contains(m.id().id())
                        && m.root().origin() instanceof MailOrigin.Unknown
                        && m.bounced() == 0))
                .filter(m -> m.state() != LoggedMessage.State.REQUEUED)
                .map(m -> found(m, instances(expected), whos(expected)))
                .sorted()
                .toList();
        assertThat(found).isEqualTo(wanted);
        assertThat(read.values()).noneMatch(m -> m.root().isDisputed());
        assertThat(log.reading().notUnderstood()).isEqualTo(((Number) expected.get("damagedLines")).longValue());
        var unsupported = (Map<?, ?>) expected.getOrDefault("unsupported", Map.of());
        assertThat(log.reading().unsupported()).hasSize(unsupported.size());
        unsupported
                .values()
                .forEach(system -> assertThat(log.reading().unsupported()).contains(String.valueOf(system)));
    }

    /** A failure names its seed, as in {@link MutationTest}. */
    @ParameterizedTest
    @MethodSource("names")
    void noMutationMakesAWrongOrigin(String name) {
        var truths = new HashMap<String, Map<String, Object>>();
        Corpus.maps(Cases.expected(name).get("messages"))
                .forEach(truth -> truths.put(String.valueOf(truth.get("queueId")), truth));
        List<byte[]> lines = Cases.lines(name);
        for (int round = 0; round < ROUNDS; round++) {
            for (Mutations kind : Mutations.values()) {
                long seed = (SEED * 1_000_003 + round) * 1_000_003 + (name + kind).hashCode();
                for (LoggedMessage message :
                        Corpus.read(kind.of(lines, new Random(seed))).values()) {
                    Map<String, Object> truth = truths.get(message.id().id());
                    if (truth == null
                            || isNobody(message.root().origin())
                            || message.root().isDisputed()
                            || message.root().origin() instanceof MailOrigin.Unknown) {
                        continue;
                    }
                    Object who = Corpus.map(truth.get("origin")).get("who");
                    assertThat(Cases.isBehind(message, who))
                            .as(
                                    "%s of %s and not %s, round %d, seed %d, %s of %s",
                                    message.id(), who, message.root(), round, seed, kind, name)
                            .isTrue();
                }
            }
        }
    }

    /** An address of this machine is nobody's name. */
    private static boolean isNobody(MailOrigin origin) {
        return origin instanceof MailOrigin.Client client
                && (client.address().startsWith("127.") || client.address().equals("198.51.100.20"));
    }

    private static boolean instances(Map<String, Object> expected) {
        return Corpus.maps(expected.get("messages")).stream().anyMatch(m -> m.containsKey("instance"));
    }

    private static Map<Object, Object> whos(Map<String, Object> expected) {
        var whos = new HashMap<Object, Object>();
        Corpus.maps(expected.get("messages"))
                .forEach(m ->
                        whos.put(m.get("queueId"), Corpus.map(m.get("origin")).get("who")));
        return whos;
    }

    private static String wanted(Map<String, Object> truth) {
        Map<String, Object> origin = Corpus.map(truth.get("origin"));
        List<String> recipients = Corpus.maps(truth.get("recipients")).stream()
                .map(r -> r.get("address") + " " + r.get("status"))
                .sorted()
                .toList();
        return line(
                truth.get("instance"),
                truth.get("queueId"),
                origin.get("kind").equals("bounce"),
                origin.get("who"),
                truth.get("script"),
                truth.get("sender"),
                recipients,
                truth.get("bounceOf"));
    }

    private static String found(LoggedMessage m, boolean instances, Map<Object, Object> whos) {
        List<String> recipients = m.recipients().stream()
                .map(r -> r.address() + " " + r.status().word())
                .sorted()
                .toList();
        boolean bounce = m.provenance().origin() instanceof MailOrigin.Derived derived
                && derived.link() == MailOrigin.Link.BOUNCE;
        String script = m.root().origin().script();
        return line(
                instances ? m.id().instance() : null,
                m.id().id(),
                bounce,
                Cases.isBehind(m, whos.get(m.id().id()))
                        ? whos.get(m.id().id())
                        : m.root().origin(),
                script.isEmpty() ? null : script.replaceAll("/$", ""),
                m.sender(),
                recipients,
                bounce ? m.provenance().origin().who() : null);
    }

    private static String line(Object... parts) {
        return java.util.Arrays.toString(parts);
    }
}
