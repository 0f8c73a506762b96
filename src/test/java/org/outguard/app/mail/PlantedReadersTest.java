package org.outguard.app.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.outguard.flow.Endpoint;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.kernel.socket.SocketRecord;
import org.outguard.kernel.socket.SocketTable;
import org.outguard.mail.QueueId;
import org.outguard.mail.QueuedMessage;
import org.outguard.maillog.file.LogInput;
import org.outguard.mta.DeliveryFiles;
import org.outguard.mta.UserNames;
import org.outguard.owner.ProcessId;
import org.outguard.procfs.DeliveryProcessScanner;

/** What a reader of mail throws is counted and said, and the others are read. */
class PlantedReadersTest {

    private static final SocketRecord SMTP = new SocketRecord(
            SocketRecord.Kind.INET,
            false,
            Protocol.TCP.number(),
            SocketRecord.ESTABLISHED,
            endpoint("192.0.2.1", 4000),
            endpoint("198.51.100.7", 25),
            0,
            0,
            1,
            false);

    private static final UserNames USERS = new UserNames() {
        @Override
        public String nameOf(int uid) {
            return Integer.toString(uid);
        }

        @Override
        public OptionalInt uidOf(String user) {
            return OptionalInt.empty();
        }
    };

    private static Endpoint endpoint(String address, int port) {
        return new Endpoint(IpAddress.parse(address).orElseThrow(), port);
    }

    private final List<Observation> said = new ArrayList<>();

    private List<String> reasons() {
        return said.stream()
                .filter(HostObservation.Degraded.class::isInstance)
                .map(one -> ((HostObservation.Degraded) one).reason())
                .filter(reason -> !reason.isEmpty())
                .toList();
    }

    /** Two lines, or what is planted. */
    private record Input(String name) implements LogInput {
        @Override
        public int read() {
            if (name.equals("planted")) {
                throw new IllegalStateException("planted");
            }
            return 2;
        }

        @Override
        public Optional<String> problem() {
            return Optional.empty();
        }

        @Override
        public void close() {
            throw new AssertionError("it goes on");
        }
    }

    @Test
    void aLogThatThrowsLeavesTheOthers() {
        MailLogWatch watch = new MailLogWatch(List.of(), List::of, USERS, Clock.systemUTC(), said::add);
        MailLogWatch.Place place = new MailLogWatch.Place(
                MailLogWatch.newLog(USERS), "", List.of(new Input("planted"), new Input("other")));
        assertThat(watch.look(List.of(place))).isEqualTo(2);
        assertThat(reasons())
                .containsExactly("the reading of the mail log failed 1 times and went on; last:"
                        + " java.lang.IllegalStateException: planted");
    }

    @Test
    @SuppressWarnings("NullAway") // the log, so that whoever asks it throws
    void whatAPassThrowsIsSaidAndTheNextOneGoesOn() {
        MailLogWatch watch = new MailLogWatch(List.of(), List::of, USERS, Clock.systemUTC(), said::add);
        MailLogWatch.Place broken = new MailLogWatch.Place(null, "", List.of());
        MailLogWatch.Place place = new MailLogWatch.Place(MailLogWatch.newLog(USERS), "", List.of(new Input("other")));
        assertThat(watch.look(List.of(broken))).isZero();
        assertThat(watch.look(List.of(place))).isEqualTo(2);
        assertThat(reasons())
                .singleElement()
                .asString()
                .startsWith("the reading of the mail log failed 1 times and went on; last: java.lang.NullPointer");
    }

    @Test
    @SuppressWarnings("NullAway") // nothing but the table of sockets is asked
    void aLookThatThrowsIsSaid() {
        SocketTable planted = protocols -> {
            throw new IllegalStateException("planted");
        };
        new DeliveryWatch(null, planted, null, Clock.systemUTC(), said::add).look(null, List.of());
        assertThat(reasons())
                .containsExactly("connections were not joined with messages 1 times; last:"
                        + " java.lang.IllegalStateException: planted");
    }

    @Test
    @SuppressWarnings("NullAway") // nothing but the holder is asked
    void aQueueFileThatThrowsLeavesTheOthers() {
        DeliveryFiles planted = new DeliveryFiles() {
            @Override
            public Set<String> programs() {
                return Set.of();
            }

            @Override
            public Optional<QueueId> id(Path file) {
                return Optional.of(new QueueId("", "test", "A1"));
            }

            @Override
            public Optional<QueuedMessage> read(Path file, QueueId id) {
                if (file.endsWith("planted")) {
                    throw new IllegalStateException("planted");
                }
                return Optional.empty();
            }
        };
        DeliveryWatch watch = new DeliveryWatch(null, null, null, Clock.systemUTC(), said::add);
        Map<Long, SocketRecord> connections = Map.of(1L, SMTP);
        assertThat(watch.guarded(holder("planted"), connections, List.of(planted)))
                .isEmpty();
        assertThat(watch.guarded(holder("other"), connections, List.of(planted)))
                .isPresent();
        assertThat(reasons())
                .containsExactly("connections were not joined with messages 1 times; last:"
                        + " java.lang.IllegalStateException: planted");
    }

    private static DeliveryProcessScanner.Holder holder(String file) {
        return new DeliveryProcessScanner.Holder(new ProcessId(7, 1), Path.of(file), Set.of(1L));
    }
}
