package org.outguard.headless;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.outguard.flow.IpAddress;

class AbuseMailTest {

    private static final String OVH = """
            Attack detail : 187Kpps/5Mbps
            dateTime                   srcIp:srcPort           dstIp:dstPort           protocol flags       bytes reason
            2025.12.05 17:00:45 CET    192.0.2.10:59173       203.0.113.80:80         UDP      ---            28 ATTACK:UDP
            2025.12.05 17:00:45 CET    192.0.2.10:59173       203.0.113.80:80
              UDP      ---            28 ATTACK:UDP
            """;

    @Test
    void ovhsTableWithAWrappedRow() {
        AbuseMail mail = AbuseMail.read(OVH);

        assertThat(mail.detail()).isEqualTo("187Kpps/5Mbps");
        assertThat(mail.rows()).hasSize(2);
        assertThat(mail.rows().get(1))
                .isEqualTo(mail.rows().get(0))
                .isEqualTo(new AbuseMail.Row(
                        Optional.of(Instant.parse("2025-12-05T16:00:45Z")),
                        "udp",
                        address("192.0.2.10"),
                        59173,
                        address("203.0.113.80"),
                        80));
    }

    @Test
    void theSameQuotedInAnAnswer() {
        assertThat(AbuseMail.read(OVH.replaceAll("(?m)^", "> ")).rows())
                .isEqualTo(AbuseMail.read(OVH).rows());
        assertThat(AbuseMail.read(OVH.replace("\n", "\r\n")).rows()).hasSize(2);
    }

    @Test
    void hetznersTwoLists() {
        AbuseMail mail = AbuseMail.read("""
                Thu Nov 17 19:04:42 2022 TCP 192.0.2.10 55666 => 203.0.113.80 13001
                2024-05-01 13:30:22 192.0.2.10 42886 -> 2001:db8::80 16658 166 UDP
                """);
        assertThat(mail.rows())
                .containsExactly(
                        new AbuseMail.Row(
                                Optional.of(Instant.parse("2022-11-17T18:04:42Z")),
                                "tcp",
                                address("192.0.2.10"),
                                55666,
                                address("203.0.113.80"),
                                13001),
                        new AbuseMail.Row(
                                Optional.of(Instant.parse("2024-05-01T11:30:22Z")),
                                "udp",
                                address("192.0.2.10"),
                                42886,
                                address("2001:db8::80"),
                                16658));
    }

    @Test
    void anUnknownZoneIsNoTime() {
        assertThat(AbuseMail.read(OVH.replace("CET", "XYZ")).rows())
                .allMatch(row -> row.at().isEmpty());
    }

    @Test
    void whatIsNoRowIsPassedOver() {
        assertThat(AbuseMail.read("Dear customer,\n999.999.1.1:70000 we close your server\n")
                        .rows())
                .isEmpty();
        assertThat(AbuseMail.read("").rows()).isEmpty();
    }

    @Test
    void anyTextIsRead() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder(OVH);
            for (int j = 0; j < 20; j++) {
                text.setCharAt(random.nextInt(text.length()), (char) (random.nextInt(96) + 32));
            }
            assertThat(AbuseMail.read(text.toString()).rows().size())
                    .as("seed " + seed)
                    .isLessThanOrEqualTo(2);
        }
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }
}
