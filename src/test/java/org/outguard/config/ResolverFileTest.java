package org.outguard.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.flow.IpAddress;

/** Name servers by resolv.conf(5). */
class ResolverFileTest {

    @TempDir
    Path folder;

    @Test
    void nameServersAreReadAndNothingElse() throws IOException {
        Path file = folder.resolve("resolv.conf");
        Files.writeString(file, """
                # nameserver 192.0.2.1
                search example.org
                nameserver 192.0.2.53
                 nameserver\t2001:db8::53 ignored
                nameserver fe80::1%eth0
                nameserver dns.example
                nameserver
                """);

        assertThat(ResolverFile.read(file))
                .extracting(IpAddress::toString)
                .containsExactlyInAnyOrder("192.0.2.53", "2001:db8::53", "fe80::1");
    }

    @Test
    void aMissingFileNamesNone() {
        assertThat(ResolverFile.read(folder.resolve("none"))).isEmpty();
    }
}
