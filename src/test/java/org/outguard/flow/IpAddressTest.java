package org.outguard.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

    /** The examples of RFC 5952 and their like. */
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1",
        "255.255.255.255, 255.255.255.255",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0DB8::0001, 2001:db8::1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "::, ::",
        "::1, ::1",
        "fe80::, fe80::",
        "::ffff:192.0.2.1, 192.0.2.1"
    })
    void writesTheCanonicalText(String given, String canonical) {
        assertThat(IpAddress.parse(given).orElseThrow()).hasToString(canonical);
        IpAddress address = IpAddress.parse(given).orElseThrow();
        assertThat(IpAddress.of(address.bytes())).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "example.org", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1:2", "fe80::1%eth0", "cafe", "::g"})
    void readsNothingElse(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @Test
    void ordersLikeNumbers() {
        assertThat(IpAddress.v4(0xC0000201)).isGreaterThan(IpAddress.v4(0x0A000001));
        assertThat(IpAddress.v6(0x2001_0db8_0000_0000L, 1)).isGreaterThan(IpAddress.v4(-1));
    }
}
