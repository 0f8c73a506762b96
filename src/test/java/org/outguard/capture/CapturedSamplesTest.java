package org.outguard.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.outguard.capture.file.CaptureFileReader;
import org.outguard.capture.file.CaptureResult;
import org.outguard.capture.file.CaptureResult.Counts;
import org.outguard.capture.file.CaptureResult.Ended;
import org.outguard.capture.live.Watching;
import org.outguard.flow.FlowCount;
import org.outguard.flow.IpAddress;
import org.outguard.guard.observation.Observation;
import org.outguard.guard.observation.TrafficObservation;

/**
 * Captures of one exchange between two network namespaces (UDP, fragments, SMTP, a refused connection, ping, each over
 * IPv4 and IPv6), made by tcpdump 4.99.3 and dumpcap 4.0.17, against what tshark counted in them:
 *
 * <pre>
 * tcpdump -ni out0 -s 128 -w ethernet.pcap
 * tcpdump -ni any -y LINUX_SLL -w cooked.pcap
 * tcpdump -ni any --time-stamp-precision=nano -w cooked2.pcap
 * dumpcap -i out0 -i lo -w two-interfaces.pcapng
 *
 * tshark -r FILE -o ip.defragment:FALSE -o ipv6.defragment:FALSE -T fields -E occurrence=f
 *     -e ip.dst -e ip.len -e ipv6.dst -e ipv6.plen      (cooked ones with -Y sll.pkttype==4)
 * </pre>
 *
 * and the lines then added up by destination, with 40 added to each ipv6.plen.
 */
class CapturedSamplesTest {

    private final List<Observation> seen = new ArrayList<>();

    private CaptureResult read(String name, String... local) throws IOException {
        Set<IpAddress> addresses = new HashSet<>();
        for (String address : local) {
            addresses.add(IpAddress.parse(address).orElseThrow());
        }
        try (InputStream in = CapturedSamplesTest.class.getResourceAsStream("/capture/" + name)) {
            CaptureResult result =
                    new CaptureFileReader(addresses, new EvidenceRing(), seen::add, now -> {}).read("-", in);
            assertThat(result).isInstanceOf(Ended.class);
            return result;
        }
    }

    /** Remote address to "packets/bytes". */
    private Map<String, String> byAddress() {
        Map<String, long[]> sums = new TreeMap<>();
        for (Observation observation : seen) {
            if (observation instanceof TrafficObservation.Flows flows) {
                for (FlowCount flow : flows.batch().flows()) {
                    long[] sum =
                            sums.computeIfAbsent(flow.key().remote().address().toString(), key -> new long[2]);
                    sum[0] += flow.packets();
                    sum[1] += flow.bytes();
                }
            }
        }
        Map<String, String> text = new TreeMap<>();
        sums.forEach((key, sum) -> text.put(key, sum[0] + "/" + sum[1]));
        return text;
    }

    @Test
    void withoutADirectionAllOfTheFileIsCounted() throws IOException {
        assertThat(read("ethernet.pcap.gz").counts()).isEqualTo(new Counts(132, 130, 0, 2, 0, 0));
        assertThat(byAddress())
                .isEqualTo(Map.of(
                        "192.0.2.1", "15/909",
                        "192.0.2.2", "58/14344",
                        "2001:db8::1", "14/1291",
                        "2001:db8::2", "33/10440",
                        "ff02::16", "6/576",
                        "ff02::1:ff00:2", "1/72",
                        "ff02::1:ffd9:c576", "1/72",
                        "ff02::2", "2/112"));
    }

    @Test
    void localAddressesTellWhatWasSent() throws IOException {
        for (String name : List.of("ethernet.pcap.gz", "two-interfaces.pcapng.gz")) {
            seen.clear();
            read(name, "192.0.2.1", "2001:db8::1");
            assertThat(byAddress())
                    .isEqualTo(Map.of("192.0.2.2", "58/14344", "2001:db8::2", "33/10440", "ff02::1:ff00:2", "1/72"));
        }
    }

    @Test
    void cookedCapturesTellItThemselves() throws IOException {
        for (String name : List.of("cooked.pcap.gz", "cooked2.pcap.gz")) {
            seen.clear();
            assertThat(read(name).counts().packets()).isEqualTo(134);
            assertThat(byAddress())
                    .isEqualTo(Map.of(
                            "192.0.2.2", "58/14344",
                            "2001:db8::2", "33/10440",
                            "ff02::16", "2/192",
                            "ff02::1:ff00:2", "1/72",
                            "ff02::2", "1/56"));
        }
    }

    /** Three datagrams of 4,000 bytes over IPv4 and two over IPv6 went to port 53, each in three fragments. */
    @Test
    void fragmentsAreCreditedToTheirPort() throws IOException {
        read("cooked2.pcap.gz");
        assertThat(Watching.counts(seen))
                .containsEntry("udp 192.0.2.2:53", "9/" + 3 * (4008 + 3 * 20) + "/0")
                .containsEntry("udp [2001:db8::2]:53", "6/" + 2 * (4008 + 3 * 48) + "/0")
                .containsEntry("udp 192.0.2.2:80", "40/1160/0");
    }
}
