package org.outguard.app.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.flow.IpAddress;

/** Whose network an address is in, by files of the kind that GeoLite2 comes in. */
class NetworkFilesTest {

    @TempDir
    Path folder;

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    @Test
    void severalFilesTogetherSayNetworkAndCountry() throws IOException {
        new MaxMindFile()
                .with(
                        "203.0.113.0",
                        24,
                        Map.of("autonomous_system_number", 64_500, "autonomous_system_organization", "EXAMPLE-NET"))
                .with("198.51.100.0", 25, Map.of("autonomous_system_number", 64_501))
                .write(folder.resolve("GeoLite2-ASN.mmdb"));
        new MaxMindFile()
                .with("203.0.113.0", 25, Map.of("country", Map.of("iso_code", "NL")))
                .with("192.0.2.0", 24, Map.of("country", Map.of("iso_code", "\033[31mX")))
                .write(folder.resolve("GeoLite2-Country.mmdb"));
        try (NetworkFiles files = new NetworkFiles(List.of(folder.resolve("none"), folder))) {
            assertThat(files.of(address("203.0.113.80"))).isEqualTo("AS64500 EXAMPLE-NET, NL");
            assertThat(files.of(address("203.0.113.200"))).isEqualTo("AS64500 EXAMPLE-NET");
            assertThat(files.of(address("198.51.100.7"))).isEqualTo("AS64501");
            assertThat(files.of(address("198.51.100.200"))).isEmpty();
            assertThat(files.of(address("192.0.2.1")))
                    .as("text of a file is no colour")
                    .isEqualTo("\\x1b[31mX");
            assertThat(files.faults()).isEmpty();
            assertThat(files.of(address("2001:db8::1"))).as("a file of IPv4").isEmpty();
        }
    }

    @Test
    void withoutAFileNothingIsKnown() {
        try (NetworkFiles files = new NetworkFiles(List.of(folder))) {
            assertThat(files.of(address("203.0.113.80"))).isEmpty();
            assertThat(files.faults()).isEmpty();
        }
    }

    @Test
    void whatIsNoSuchFileIsNamed() throws IOException {
        Files.writeString(folder.resolve("City.mmdb"), "no tree");
        try (NetworkFiles files = new NetworkFiles(List.of(folder))) {
            assertThat(files.of(address("203.0.113.80"))).isEmpty();
            assertThat(files.faults()).singleElement().asString().contains("City.mmdb is not used");
        }
    }
}
