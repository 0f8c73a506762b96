package org.outguard.maillog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.mail.LoggedMessage;

/**
 * Whatever happens to lines on their way: an origin is right, disputed or unknown. A failure names its seed, which
 * {@code -Doutguard.seed=N} begins with; {@code -Doutguard.rounds=N} goes on for longer.
 */
class MutationTest {

    private static final int ROUNDS = Integer.getInteger("outguard.rounds", 10);
    private static final long SEED = Long.getLong("outguard.seed", 31);

    @ParameterizedTest
    @CsvSource({
        "postfix-syslog/mail.log, postfix-syslog, web1",
        "postfix-rfc3339/mail.log, postfix-syslog, web1",
        "postfix-longid/mail.log, postfix-longid, web1",
        "postfix-multi/mail.log, postfix-multi, web1",
        "postfix-filter/mail.log, postfix-filter, mail.example.org",
        "postfix-pipe/mail.log, postfix-pipe, mail.example.org",
        "postfix-dovecot/mail.log, postfix-dovecot, mail.example.org",
        "postfix-sieve/mail.log, postfix-sieve, mail.example.org",
        "exim-default/mainlog, exim-default, ''",
        "exim-pipe/mainlog, exim-pipe, ''",
        "exim-filter/mainlog, exim-filter, ''"
    })
    void noMutationMakesAWrongOrigin(String log, String truth, String host) {
        List<byte[]> lines = Corpus.lines(log);
        List<Map<String, Object>> truths = Corpus.truths(truth);
        for (int round = 0; round < ROUNDS; round++) {
            for (Mutations kind : Mutations.values()) {
                long seed = (SEED * 1_000_003 + round) * 1_000_003 + (log + kind).hashCode();
                Map<String, LoggedMessage> read = Corpus.read(kind.of(lines, new Random(seed)));
                assertThat(wrongOrigins(truths, read, host))
                        .as("round %d, seed %d, %s of %s", round, seed, kind, log)
                        .isEmpty();
            }
        }
    }

    /** Ids are used once in these logs, so whatever is said of an id is said of one message. */
    static List<String> wrongOrigins(List<Map<String, Object>> truths, Map<String, LoggedMessage> read, String host) {
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
