package org.outguard.mta.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Hosts that Postfix's parameters name. */
class RelayHostTest {

    @Test
    void hostsInEveryForm() {
        assertThat(RelayHost.all(
                        "[smart.example.org]:587, relay:[192.0.2.1] mx.example.net:submission smtp:[ipv6:2001:db8::1]"))
                .containsExactly("smart.example.org", "192.0.2.1", "mx.example.net", "2001:db8::1");
        assertThat(RelayHost.all("smtp")).isEmpty();
        assertThat(RelayHost.all("")).isEmpty();
    }
}
