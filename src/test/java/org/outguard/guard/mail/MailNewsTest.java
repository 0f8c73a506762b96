package org.outguard.guard.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.outguard.guard.GuardBench;
import org.outguard.guard.observation.MailObservation;
import org.outguard.guard.snapshot.MailSnapshot;
import org.outguard.mail.LoggedMessage;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.Provenance;
import org.outguard.mail.QueueId;

/** Every message that comes or changes is told once, at any rate; a reader that is late knows how many it has missed. */
class MailNewsTest {

    private static final int MANY = 20_000;

    private final GuardBench bench = new GuardBench();

    @Test
    void twentyThousandAtOnceAreAllTold() {
        log(0, MANY, LoggedMessage.State.OPEN, 0);
        MailSnapshot.News news = bench.tick().mail().news();
        assertThat(ids(news.since(0))).hasSize(MANY);

        log(MANY, 2 * MANY, LoggedMessage.State.DONE, 1);
        MailSnapshot.News next = bench.tick().mail().news();
        assertThat(next.count()).isEqualTo(2L * MANY);
        assertThat(ids(next.since(news.count()))).hasSize(MANY).allMatch(id -> number(id) >= MANY);
    }

    @Test
    void whereNobodyReadsThemNoneIsKept() {
        bench.guard.onlyLookedBackOn();
        log(0, MANY, LoggedMessage.State.DONE, 1);
        MailSnapshot.News news = bench.tick().mail().news();
        assertThat(news.count()).isZero();
        assertThat(news.newest()).isEmpty();
        assertThat(bench.tick().mail().totals().messages()).isEqualTo(MANY);
    }

    @Test
    void whatDoesNotChangeIsNotToldAgain() {
        log(0, 3, LoggedMessage.State.OPEN, 0);
        long count = bench.tick().mail().news().count();
        log(0, 3, LoggedMessage.State.OPEN, 0);
        assertThat(bench.tick().mail().news().count()).isEqualTo(count);
        log(1, 2, LoggedMessage.State.DONE, 1);
        assertThat(bench.tick().mail().news().since(count))
                .singleElement()
                .satisfies(message -> assertThat(message.status()).isEqualTo("done"));
    }

    @Test
    void aReaderThatIsLateKnowsHowManyItHasMissed() {
        for (int round = 0; round < 4; round++) {
            log(round * MANY, (round + 1) * MANY, LoggedMessage.State.DONE, 1);
            bench.tick();
        }
        MailSnapshot.News news = bench.tick().mail().news();
        int read = news.since(0).size();
        assertThat(news.count()).isEqualTo(4L * MANY);
        assertThat(read).isEqualTo(MANY).isLessThanOrEqualTo(MailNews.MOST_KEPT);
    }

    private void log(int from, int to, LoggedMessage.State state, int sent) {
        Provenance user = Provenance.of(new MailOrigin.LocalUser(33, "www-data", ""), Provenance.Evidence.LOG);
        List<LoggedMessage> messages = new ArrayList<>();
        for (int i = from; i < to; i++) {
            Instant at = Instant.parse("2026-11-24T16:00:00Z").plusMillis(i);
            messages.add(new LoggedMessage(
                    id(i),
                    new LoggedMessage.Lifetime(0, at, at),
                    new LoggedMessage.Envelope("x@y.example", "m" + i, 400, 1),
                    new LoggedMessage.Delivery(state, List.of(), sent, 0, 0),
                    new LoggedMessage.Submission(user, user, 0)));
        }
        bench.observe(new MailObservation.MailLogged(messages));
    }

    private static QueueId id(int number) {
        return new QueueId("", "postfix", String.format("A%010X", number));
    }

    private static int number(String id) {
        return Integer.parseInt(id.substring(1), 16);
    }

    private static Set<String> ids(List<MailSnapshot.Message> messages) {
        Set<String> ids = new HashSet<>();
        messages.forEach(message -> ids.add(message.id().id()));
        return ids;
    }
}
