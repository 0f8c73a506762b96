package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A large capture is counted to the packet and to the byte, as tshark counts it. */
class ReplayIT {

    private static final long SEED = 0x07_47;
    private static final int PACKETS = 1_000_000;
    private static final long MICROS_APART = 4;
    private static final long BEGIN_MICROS = 1_764_950_445_000_000L;

    @TempDir
    private static Path folder;

    /**
     * What was sent to one address.
     *
     * @param packets how many
     * @param bytes sum of the lengths of the IP datagrams
     */
    private record Sum(long packets, long bytes) {

        Sum plus(Sum other) {
            return new Sum(packets + other.packets, bytes + other.bytes);
        }
    }

    @Test
    void everyPacketAndByteOfAMillionIsCounted() throws Exception {
        Path file = folder.resolve("million.pcap");
        Map<String, Sum> written = write(file);

        ProgramUnderTest.Ended ended = ProgramUnderTest.run(
                        folder, Duration.ofSeconds(60), "replay", file.toString(), "--json", "-")
                .withoutStackTrace();

        assertThat(ended.status())
                .as("offenders are present; " + ended.stderr())
                .isEqualTo(3);
        Map<String, Sum> counted = counted(ended.json());
        assertThat(counted).isEqualTo(countedByTshark(file));
        assertThat(counted).isEqualTo(written);
        assertThat(ended.json())
                .filteredOn(line -> Json.isType(line, "summary"))
                .last()
                .satisfies(
                        summary -> assertThat(Json.number(summary, "packets")).isEqualTo(PACKETS));
    }

    /** Ten remotes with a socket each, and ten that share one socket; every fifth is version 6, some in a VLAN. */
    private static Map<String, Sum> write(Path file) throws Exception {
        Random random = new Random(SEED);
        byte[] from4 = InetAddress.getByName("198.51.100.10").getAddress();
        byte[] from6 = InetAddress.getByName("2001:db8::10").getAddress();
        List<InetAddress> remotes = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            remotes.add(InetAddress.getByName(i % 5 == 0 ? "2001:db8:1::" + (10 + i) : "203.0.113." + (10 + i)));
        }
        Map<String, Sum> sums = new HashMap<>();
        try (Capture capture = new Capture(file, Capture.ETHERNET)) {
            for (int i = 0; i < PACKETS; i++) {
                int which = random.nextInt(remotes.size());
                byte[] to = remotes.get(which).getAddress();
                int payload = 1 + random.nextInt(1400);
                capture.udp(
                        to.length == 4 ? from4 : from6,
                        which < 10 ? 40_000 + which : 50_000,
                        to,
                        9987,
                        payload,
                        which % 3 == 0 ? 7 : 0,
                        BEGIN_MICROS + i * MICROS_APART);
                Sum one = new Sum(1, (to.length == 4 ? 28 : 48) + payload);
                sums.merge(address(remotes.get(which).getHostAddress()), one, Sum::plus);
            }
        }
        return sums;
    }

    private static Map<String, Sum> counted(List<Map<String, Object>> lines) {
        Map<String, Map<String, Object>> lastById = new HashMap<>();
        lines.stream()
                .filter(line -> Json.isType(line, "offender"))
                .forEach(line -> lastById.put(Json.text(line, "id"), line));
        Map<String, Sum> sums = new HashMap<>();
        lastById.values()
                .forEach(offender -> Json.list(offender, "remotes")
                        .forEach(remote -> sums.merge(
                                Json.text(remote, "address"),
                                new Sum(Json.number(remote, "packets"), Json.number(remote, "bytes")),
                                Sum::plus)));
        return sums;
    }

    private static Map<String, Sum> countedByTshark(Path file) {
        String fields = Programs.output(
                "tshark",
                "--disable-protocol",
                "udp",
                "-n",
                "-r",
                file.toString(),
                "-T",
                "fields",
                "-E",
                "separator=,",
                "-e",
                "ip.dst",
                "-e",
                "ip.len",
                "-e",
                "ipv6.dst",
                "-e",
                "ipv6.plen");
        Map<String, Sum> sums = new HashMap<>();
        fields.lines().forEach(line -> {
            String[] field = line.split(",", -1);
            boolean v4 = !field[0].isEmpty();
            Sum one = new Sum(1, v4 ? Long.parseLong(field[1]) : 40 + Long.parseLong(field[3]));
            sums.merge(v4 ? field[0] : field[2], one, Sum::plus);
        });
        return sums;
    }

    /** The canonical text of RFC 5952, which the JDK does not write. */
    private static String address(String jdks) {
        return jdks.replaceFirst("(:0)+:", "::");
    }
}
