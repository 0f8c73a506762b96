package org.outguard.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Feeds as they are published, and files that are none. */
class FeedFileTest {

    @TempDir
    Path folder;

    private FeedFile.Read read(String name, String text) throws IOException {
        return FeedFile.read(Files.writeString(folder.resolve(name), text), 100);
    }

    private static List<String> words(FeedFile.Read read) {
        return read.entries().stream()
                .map(entry -> entry.network() + " " + entry.note())
                .toList();
    }

    @Test
    void dropAsText() throws IOException {
        FeedFile.Read read = read("drop.txt", """
                ; Spamhaus DROP List 2026/11/24 - (c) 2026 The Spamhaus Project SLU
                ; Last-Modified: Tue, 24 Nov 2026 01:02:03 GMT
                192.0.2.0/24 ; SBL256894
                2001:db8::/32 ; SBL1
                """);
        assertThat(words(read)).containsExactly("192.0.2.0/24 SBL256894", "2001:db8::/32 SBL1");
        assertThat(read.faults()).isEmpty();
        assertThat(read.entries().get(0).feed()).isEqualTo("drop.txt");
    }

    @Test
    void dropAsJsonWithOneObjectALine() throws IOException {
        FeedFile.Read read = read("drop_v4.json", """
                {"cidr":"192.0.2.0/24","sblid":"SBL256894","rir":"apnic"}
                {"cidr":"198.51.100.0/22","sblid":"SBL434604","rir":"ripencc"}
                {"type":"metadata","timestamp":1732400000,"size":2,"records":2,"copyright":"(c) 2026"}
                """);
        assertThat(words(read)).containsExactly("192.0.2.0/24 SBL256894", "198.51.100.0/22 SBL434604");
    }

    @Test
    void abuseChAsCsvAndJson() throws IOException {
        assertThat(words(read("ipblocklist.csv", """
                        ################################################################
                        # abuse.ch Feodo Tracker Botnet C2 IP Blocklist (CSV)          #
                        ################################################################
                        #
                        # first_seen_utc,dst_ip,dst_port,c2_status,last_online,malware
                        "2021-01-17 07:44:46","192.0.2.10","4643","online","2026-11-24","Dridex"
                        # END 1 entries
                        """))).containsExactly("192.0.2.10 Dridex");
        assertThat(words(read("ipblocklist.json", """
                        [
                          {"ip_address": "192.0.2.11", "port": 443, "status": "online", "hostname": null, "as_name": "EXAMPLE",
                           "malware": "Pikabot"}
                        ]
                        """))).containsExactly("192.0.2.11 Pikabot");
        assertThat(words(read("threatfox.csv", """
                        # "first_seen_utc","ioc_id","ioc_value","ioc_type","threat_type"
                        "2026-11-24 01:00:00", "1", "192.0.2.12:8080", "ip:port", "botnet_cc"
                        """))).containsExactly("192.0.2.12 botnet_cc");
    }

    @Test
    void crowdSecAsCsvAndJson() throws IOException {
        assertThat(words(read("decisions.csv", """
                        id,source,ip,reason,action,country,as,events_count,expiration,simulated,alert_id
                        1,crowdsec,Ip:192.0.2.20,crowdsecurity/ssh-bf,ban,DE,64496 EXAMPLE,6,3h59m,false,7
                        """))).containsExactly("192.0.2.20 crowdsecurity/ssh-bf");
        assertThat(words(read("decisions.json", """
                        [{"id":7,"source":{"ip":"192.0.2.21","scope":"Ip"},
                          "decisions":[{"id":1,"scenario":"crowdsecurity/ssh-bf","scope":"Range","value":"192.0.2.32/27"}]}]
                        """))).contains("192.0.2.32/27 crowdsecurity/ssh-bf");
    }

    @Test
    void plainListsWithNotesAndWithout() throws IOException {
        assertThat(words(read("plain", "192.0.2.1\n\n192.0.2.2 # a note\n# all of it\n2001:db8::1\r\n")))
                .containsExactly("192.0.2.1 ", "192.0.2.2 a note", "2001:db8::1 ");
    }

    @Test
    void aNoteMayHaveCommas() throws IOException {
        FeedFile.Read read =
                read("notes", "192.0.2.0/24 ; SBL1, Example, Inc.\n192.0.2.2 # seen with, 192.0.2.3, and others\n");
        assertThat(words(read))
                .containsExactly("192.0.2.0/24 SBL1, Example, Inc.", "192.0.2.2 seen with, 192.0.2.3, and others");
        assertThat(read.faults()).isEmpty();
    }

    @Test
    void whatIsNoAddressIsNamedByItsLineAndTheRestCounts() throws IOException {
        FeedFile.Read read = read("bad", "192.0.2.1\nexample.org\n0.0.0.0/0\n192.0.2.999\nx\ny\n192.0.2.2\n");
        assertThat(words(read)).containsExactly("192.0.2.1 ", "192.0.2.2 ");
        assertThat(read.faults())
                .containsExactly(
                        "bad:2: no address or network (of /8 or narrower, IPv6 /16): example.org",
                        "bad:3: no address or network (of /8 or narrower, IPv6 /16): 0.0.0.0/0",
                        "bad:4: no address or network (of /8 or narrower, IPv6 /16): 192.0.2.999",
                        "bad: 2 more lines that are not understood");
    }

    @Test
    void jsonThatBreaksOffIsNamedAndWhatWasReadCounts() throws IOException {
        FeedFile.Read read = read("cut.json", "{\"cidr\":\"192.0.2.0/24\"}\n{\"cidr\":\"192.");
        assertThat(words(read)).containsExactly("192.0.2.0/24 ");
        assertThat(read.faults()).singleElement().asString().startsWith("cut.json:2: no JSON from here on");
    }

    @Test
    void whatIsThereNotOrListsNothingIsSaid() throws IOException {
        assertThat(FeedFile.read(folder.resolve("none"), 100).faults())
                .singleElement()
                .asString()
                .contains("no such file");
        assertThat(FeedFile.read(folder, 100).faults())
                .singleElement()
                .asString()
                .contains("no regular one");
        assertThat(read("empty", "; nothing\n").faults())
                .singleElement()
                .asString()
                .endsWith("lists nothing");
    }

    @Test
    void itHasRoomForSoMany() throws IOException {
        FeedFile.Read read = FeedFile.read(Files.writeString(folder.resolve("many"), "192.0.2.1\n".repeat(120)), 100);
        assertThat(read.entries()).hasSize(100);
        assertThat(read.faults()).singleElement().asString().startsWith("many: 20 entries left out");
    }
}
