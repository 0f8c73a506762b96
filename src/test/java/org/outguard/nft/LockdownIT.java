package org.outguard.nft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.outguard.nft.NetnsBed.GAMES;
import static org.outguard.nft.NetnsBed.WWW_DATA;
import static org.outguard.nft.NftEnforcerTest.target;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.action.LockdownStep;
import org.outguard.guard.action.NetworkStep;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.port.StepRunner;

/** Only listed traffic leaves, and a lockdown that nobody confirms ends without anybody's help. */
class LockdownIT {

    private static final List<AllowRule> ALLOWED = List.of(
            new AllowRule(
                    AllowRule.Kind.TO, OptionalInt.of(WWW_DATA), Optional.empty(), Protocol.UDP, 80, "the test's"),
            new AllowRule(
                    AllowRule.Kind.TO,
                    OptionalInt.empty(),
                    IpAddress.parse("192.0.2.53"),
                    Protocol.UDP,
                    53,
                    "the resolver"));
    private static final List<String> PROBES = List.of(
            "udp,192.0.2.1,80",
            "udp,192.0.2.1,81",
            "udp,2001:db8::1,80",
            "udp,192.0.2.53,53",
            "udp,192.0.2.54,53",
            "tcp,192.0.2.1,80",
            "udp,127.0.0.1,81");

    private NetnsBed bed;
    private NftEnforcer enforcer;

    @BeforeEach
    void makeBed() {
        bed = new NetnsBed();
        enforcer = bed.enforcer("nft");
    }

    @AfterEach
    void removeBed() {
        if (bed != null) {
            bed.close();
        }
    }

    @Test
    void onlyWhatIsListedLeavesAndItEndsByItself() {
        // A block from before stands through it.
        run(new NetworkStep.Block(target(GAMES, "192.0.2.53", 32, null, 0), Duration.ofMinutes(10)));
        assertThat(run(new LockdownStep.Lockdown(ALLOWED, Optional.of(Duration.ofSeconds(3))))
                        .detail())
                .isEmpty();

        assertThat(bed.send(WWW_DATA, PROBES))
                .containsExactly("sent", "EPERM", "sent", "sent", "EPERM", "ECONNREFUSED", "sent");
        assertThat(bed.send(GAMES, PROBES))
                .containsExactly("EPERM", "EPERM", "EPERM", "EPERM", "EPERM", "ECONNREFUSED", "sent");
        assertThat(lockdown()).hasValueSatisfying(counter -> {
            assertThat(counter.packets()).isGreaterThanOrEqualTo(7);
            assertThat(counter.expires()).isPresent();
        });

        Instant deadline = Instant.now().plusSeconds(15);
        while (lockdown().isPresent()) {
            assertThat(Instant.now()).isBefore(deadline);
        }
        assertThat(bed.send(GAMES, "udp,192.0.2.1,81")).isEqualTo("sent");
        assertThat(bed.send(GAMES, "udp,192.0.2.53,53")).isEqualTo("EPERM");
    }

    @Test
    void confirmedItStandsUntilItIsLifted() {
        LockdownStep.Lockdown tried = new LockdownStep.Lockdown(ALLOWED, Optional.of(Duration.ofSeconds(20)));
        run(tried);
        run(tried.confirmed());
        assertThat(lockdown())
                .hasValueSatisfying(counter -> assertThat(counter.expires()).isEmpty());
        // Blocks that are made meanwhile fill the hooks anew, and leave it in force.
        run(new NetworkStep.Block(target(-1, "192.0.2.9", 32, null, 0), Duration.ofMinutes(10)));
        assertThat(bed.send(GAMES, "udp,192.0.2.1,81")).isEqualTo("EPERM");
        assertThat(enforcer.happened(tried.confirmed())).contains(StepRunner.Extent.ALL);

        assertThat(run(new LockdownStep.Lift("a-1")).result()).isEqualTo(Outcome.Result.DONE);

        assertThat(lockdown()).isEmpty();
        assertThat(bed.send(GAMES, "udp,192.0.2.1,81")).isEqualTo("sent");
        assertThat(enforcer.happened(new LockdownStep.Lift("a-1"))).contains(StepRunner.Extent.ALL);
    }

    @Test
    void liftingWhatIsNotThereIsDone() {
        assertThat(run(new LockdownStep.Lift("")).detail()).isEqualTo("it had already expired");
    }

    private Optional<ActionObservation.LockdownCounter> lockdown() {
        Listing listing = enforcer.list();
        assertThat(listing).isInstanceOf(Listing.Seen.class);
        return ((Listing.Seen) listing).blocks().lockdown();
    }

    private Outcome run(NetworkStep step) {
        return enforcer.run(new Action("a-1", Instant.EPOCH, "test", "", step, enforcer.plan(step)), step);
    }
}
