package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefaultRouteTest {

    private static final String HEAD =
            "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT\n";

    @TempDir
    private Path net;

    @Test
    void theLowestMetricWins() throws IOException {
        Files.writeString(
                net.resolve("route"),
                HEAD + "wlan0\t00000000\t010200C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
                        + "eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
                        + "eth1\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n");
        assertThat(DefaultRoute.find(net)).contains("eth0");
    }

    @Test
    void ipv6AloneIsEnoughAndLoopbackIsNone() throws IOException {
        String zeros = "0".repeat(32);
        Files.writeString(net.resolve("route"), HEAD);
        Files.writeString(
                net.resolve("ipv6_route"),
                zeros + " 00 " + zeros + " 00 " + zeros + " ffffffff 00000001 00000000 00200200       lo\n" + zeros
                        + " 00 " + zeros
                        + " 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003   ens3\n");
        assertThat(DefaultRoute.find(net)).contains("ens3");
    }

    @Test
    void withoutRoutesThereIsNone() throws IOException {
        assertThat(DefaultRoute.find(net)).isEmpty();
        Files.writeString(net.resolve("route"), "garbage\n\n00000000\n");
        assertThat(DefaultRoute.find(net)).isEmpty();
    }

    @Test
    void anUnreachableRouteIsNone() throws IOException {
        Files.writeString(net.resolve("route"), HEAD + "*\t00000000\t00000000\t0201\t0\t0\t0\t00000000\t0\t0\t0\n");
        assertThat(DefaultRoute.find(net)).isEmpty();
    }
}
