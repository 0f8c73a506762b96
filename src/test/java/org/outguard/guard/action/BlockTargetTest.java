package org.outguard.guard.action;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BlockTargetTest {

    @Test
    void remotesAreReadAsTheyAreWritten() {
        for (String text : new String[] {"192.0.2.1", "192.0.2.0/24", "0.0.0.0/0", "2001:db8::1", "2001:db8::/32"}) {
            assertThat(BlockTarget.Remote.parse(text))
                    .hasValueSatisfying(remote -> assertThat(remote).hasToString(text));
        }
        assertThat(BlockTarget.Remote.parse("192.0.2.1/32"))
                .isEqualTo(BlockTarget.Remote.parse("192.0.2.1"))
                .isPresent();
    }

    @Test
    void whatIsNoRemoteIsNone() {
        for (String text : new String[] {
            "",
            "/",
            "host",
            "192.0.2.1/",
            "192.0.2.0/33",
            "192.0.2.1/24",
            "192.0.2.0/-1",
            "2001:db8::/129",
            "2001:db8::1/32",
            "192.0.2.0/24/8",
            "192.0.2.0/0024"
        }) {
            assertThat(BlockTarget.Remote.parse(text)).as(text).isEmpty();
        }
    }

    @Test
    void targetsAreReadFromTheirParts() {
        assertThat(BlockTarget.parse("192.0.2.1", 80, "udp", 33))
                .hasValueSatisfying(target -> assertThat(target).hasToString("uid 33 to 192.0.2.1 udp port 80"));
        assertThat(BlockTarget.parse("", -1, "", 4_294_967_295L))
                .hasValueSatisfying(target -> assertThat(target).hasToString("uid 4294967295"));
    }

    @Test
    void partsThatMakeNoTargetMakeNone() {
        assertThat(BlockTarget.parse("", -1, "", -1)).isEmpty();
        assertThat(BlockTarget.parse("nowhere", -1, "", 33)).isEmpty();
        assertThat(BlockTarget.parse("192.0.2.1", 80, "", -1)).isEmpty();
        assertThat(BlockTarget.parse("192.0.2.1", 80, "icmp", -1)).isEmpty();
        assertThat(BlockTarget.parse("192.0.2.1", 80, "sctp", -1)).isEmpty();
        assertThat(BlockTarget.parse("192.0.2.1", 65536, "udp", -1)).isEmpty();
        assertThat(BlockTarget.parse("", -1, "", 4_294_967_296L)).isEmpty();
    }
}
