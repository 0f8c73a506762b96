package org.outguard.app.option;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteArgumentTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, 0",
        "192.0.2.1:80, 192.0.2.1, 80",
        "192.0.2.77/24, 192.0.2.0/24, 0",
        "192.0.2.77/24:80, 192.0.2.0/24, 80",
        "0.0.0.0/0, 0.0.0.0/0, 0",
        "2001:db8::1, 2001:db8::1, 0",
        "2001:db8::1/32, 2001:db8::/32, 0",
        "[2001:db8::1]:80, 2001:db8::1, 80",
        "[2001:db8::ffff:1]/112:80, 2001:db8::ffff:0/112, 80",
        "2001:db8::80, 2001:db8::80, 0"
    })
    void readsDestinations(String text, String remote, int port) {
        RemoteArgument argument = RemoteArgument.parse(text).orElseThrow();
        assertThat(argument.remote()).hasToString(remote);
        assertThat(argument.port().orElse(0)).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "example.org",
                "192.0.2.1/33",
                "192.0.2.1:0",
                "192.0.2.1:65536",
                "192.0.2",
                "[192.0.2.1",
                ":80"
            })
    void refusesTheRest(String text) {
        assertThat(RemoteArgument.parse(text)).isEmpty();
    }
}
