package org.outguard.guard.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.outguard.flow.IpAddress;
import org.outguard.guard.action.BlockTarget;

/** Networks by address. */
class ListingsTest {

    private static Listings.Entry entry(String network) {
        return new Listings.Entry(BlockTarget.Remote.parse(network).orElseThrow(), "f", network);
    }

    private static Optional<String> said(Listings listings, String address) {
        return listings.find(IpAddress.parse(address).orElseThrow())
                .map(found -> found.entry().note());
    }

    @Test
    void theNarrowestOfSeveralCounts() {
        Listings listings = new Listings(List.of(
                entry("10.0.0.0/8"),
                entry("10.1.0.0/16"),
                entry("10.1.2.3"),
                entry("200.0.0.0/8"),
                entry("2001:db8::/32")));
        assertThat(said(listings, "10.1.2.3")).contains("10.1.2.3");
        assertThat(said(listings, "10.1.2.4")).contains("10.1.0.0/16");
        assertThat(said(listings, "10.200.0.0")).contains("10.0.0.0/8");
        assertThat(said(listings, "200.255.255.255")).contains("200.0.0.0/8");
        assertThat(said(listings, "2001:db8:1::1")).contains("2001:db8::/32");
        assertThat(said(listings, "11.0.0.0")).isEmpty();
        assertThat(said(listings, "9.255.255.255")).isEmpty();
        assertThat(said(listings, "2001:db9::")).isEmpty();
        assertThat(said(Listings.NONE, "10.0.0.1")).isEmpty();
    }

    @Test
    void itFindsWhatALookAtAllOfThemFinds() {
        Random random = new Random(17);
        List<Listings.Entry> entries = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            int prefix = 8 + random.nextInt(25);
            int bits = random.nextInt() & 0x0f0f0f0f & -1 << 32 - prefix;
            entries.add(entry(IpAddress.v4(bits) + "/" + prefix));
        }
        Listings listings = new Listings(entries);
        for (int i = 0; i < 5_000; i++) {
            IpAddress address = IpAddress.v4(random.nextInt() & 0x0f0f0f0f);
            int narrowest = entries.stream()
                    .filter(entry -> entry.network().contains(address))
                    .mapToInt(entry -> entry.network().prefix())
                    .max()
                    .orElse(-1);
            assertThat(listings.find(address)
                            .map(found -> found.entry().network().prefix())
                            .orElse(-1))
                    .as("%s", address)
                    .isEqualTo(narrowest);
        }
    }
}
