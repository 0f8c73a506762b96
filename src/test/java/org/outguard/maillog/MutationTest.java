package org.outguard.maillog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.mail.LoggedMessage;

/** Whatever happens to lines on their way: an origin is right, disputed or unknown. A failure names its seed. */
class MutationTest {

    private static final int ROUNDS = 4;

    @ParameterizedTest
    @CsvSource({
        "postfix-syslog/mail.log, postfix-syslog, web1",
        "postfix-rfc3339/mail.log, postfix-syslog, web1",
        "postfix-longid/mail.log, postfix-longid, web1",
        "postfix-multi/mail.log, postfix-multi, web1",
        "exim-default/mainlog, exim-default, ''"
    })
    void noMutationMakesAWrongOrigin(String log, String truth, String host) {
        List<byte[]> lines = Corpus.lines(log);
        List<Map<String, Object>> truths = Corpus.truths(truth);
        for (int round = 0; round < ROUNDS; round++) {
            for (Kind kind : Kind.values()) {
                long seed = 31L * round + (log + kind).hashCode();
                Map<String, LoggedMessage> read = Corpus.read(mutate(lines, kind, new Random(seed)));
                assertThat(wrongOrigins(truths, read, host))
                        .as("seed %d, %s of %s", seed, kind, log)
                        .isEmpty();
            }
        }
    }

    private enum Kind {
        DROP,
        DOUBLE,
        CUT,
        SWAP,
        MIX,
        ALL
    }

    private static List<byte[]> mutate(List<byte[]> lines, Kind kind, Random random) {
        if (kind == Kind.ALL) {
            List<byte[]> all = lines;
            for (Kind one : Kind.values()) {
                all = one == Kind.ALL ? all : mutate(all, one, random);
            }
            return all;
        }
        List<byte[]> mutated = new ArrayList<>(lines.size());
        double share = random.nextDouble() * 0.3;
        for (int i = 0; i < lines.size(); i++) {
            byte[] line = lines.get(i);
            if (random.nextDouble() >= share || line.length == 0) {
                mutated.add(line);
                continue;
            }
            switch (kind) {
                case DROP -> {}
                case DOUBLE -> {
                    mutated.add(line);
                    mutated.add(random.nextInt(mutated.size()), line);
                }
                case CUT -> mutated.add(Arrays.copyOf(line, random.nextInt(line.length)));
                case SWAP -> mutated.add(Math.max(0, mutated.size() - random.nextInt(20)), line);
                case MIX -> {
                    byte[] other = lines.get(random.nextInt(lines.size()));
                    byte[] head = Arrays.copyOf(line, random.nextInt(line.length));
                    byte[] both = Arrays.copyOf(head, head.length + other.length);
                    System.arraycopy(other, 0, both, head.length, other.length);
                    mutated.add(both);
                }
                case ALL -> throw new IllegalStateException();
            }
        }
        return mutated;
    }

    /** Ids are used once in these logs, so whatever is said of an id is said of one message. */
    private static List<String> wrongOrigins(
            List<Map<String, Object>> truths, Map<String, LoggedMessage> read, String host) {
        var byId = new HashMap<String, Map<String, Object>>();
        for (Map<String, Object> truth : truths) {
            byId.put(String.valueOf(truth.get("queue_id")), truth);
        }
        var wrong = new ArrayList<String>();
        for (LoggedMessage message : read.values()) {
            Map<String, Object> truth = byId.get(message.id().id());
            if (truth != null && message.id().host().equals(host)) {
                wrong.addAll(Verdicts.ofOne(truth, message).wrong);
            }
        }
        return wrong;
    }
}
