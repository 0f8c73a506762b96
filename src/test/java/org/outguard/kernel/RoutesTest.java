package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Networks that another route than the default one leads to. */
class RoutesTest {

    @TempDir
    Path net;

    @Test
    void networksOfBothFamiliesWithoutDefaultLoopbackAndRejectedOnes() throws IOException {
        Files.writeString(net.resolve("route"), """
                Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
                eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0
                eth0\t0000000A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
                br0\t000011AC\t00000000\t0001\t0\t0\t0\t00F0FFFF\t0\t0\t0
                *\t0000A8C0\t00000000\t0201\t0\t0\t0\t0000FFFF\t0\t0\t0
                """);
        Files.writeString(net.resolve("ipv6_route"), """
                fd000000000000000000000000000000 08 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eth0
                00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0
                00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000003 00000000 80200001       lo
                """);
        assertThat(Routes.routed(net))
                .extracting(Object::toString)
                .containsExactly("10.0.0.0/16", "172.17.0.0/20", "fd00::/8");
        assertThat(Routes.gateways(net)).extracting(Object::toString).containsExactlyInAnyOrder("10.0.0.1", "fe80::1");
    }

    @Test
    void withoutIpv6ThereIsNoFile() throws IOException {
        Files.writeString(net.resolve("route"), "Iface Destination\n");
        assertThat(Routes.routed(net)).isEmpty();
    }
}
