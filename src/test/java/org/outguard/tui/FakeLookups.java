package org.outguard.tui;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.port.EvidenceStore;
import org.outguard.guard.snapshot.Talker;
import org.outguard.mail.QueueId;
import org.outguard.tui.table.Lookups;

/** Has found all at once. */
public final class FakeLookups implements Lookups {

    /** IPv4 and UDP headers of a datagram from 192.0.2.10 to 203.0.113.80 port 80, see RFC 791 and RFC 768. */
    private static final byte[] HEAD = {
        0x45,
        0,
        0,
        57,
        0x1c,
        0x46,
        0x40,
        0,
        0x40,
        0x11,
        0,
        0,
        (byte) 192,
        0,
        2,
        10,
        (byte) 203,
        0,
        113,
        80,
        (byte) 0xd3,
        0x31,
        0,
        80,
        0,
        37,
        0,
        0
    };

    private static EvidenceStore.Packet packet(int index, String payload) {
        byte[] text = payload.getBytes(StandardCharsets.ISO_8859_1);
        byte[] data = new byte[HEAD.length + text.length];
        System.arraycopy(HEAD, 0, data, 0, HEAD.length);
        System.arraycopy(text, 0, data, HEAD.length, text.length);
        long at = Scenes.NOW.toEpochMilli() * 1_000_000L - index * 5_000_000L;
        return new EvidenceStore.Packet("eth0", 101, at, data.length, data);
    }

    @Override
    public Optional<List<EvidenceStore.Packet>> packets(Talker talker) {
        List<EvidenceStore.Packet> packets = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            packets.add(packet(i, i == 3 ? "\033[31mother\007" : "\0\1\2flood-payload-29-bytes-x"));
        }
        return Optional.of(packets);
    }

    @Override
    public Optional<List<String>> message(QueueId id) {
        return Optional.of(List.of(
                "Subject: =?utf-8?q?Konto?= \033[2J gesperrt",
                "X-PHP-Originating-Script: 33:x7.php",
                "",
                "Please \u202egnp.exe open the attachment."));
    }

    @Override
    public Optional<String> file(Talker talker) {
        return Optional.of("sha256 38cf04b1c5d8a9e2, changed 2025-12-03 02:14:09");
    }

    @Override
    public Optional<Networks> networks(Talker talker) {
        return Optional.of(new Networks(
                Map.of(Scenes.address("198.51.100.1"), "AS64500 EXAMPLE-NET, NL", Scenes.address("203.0.113.80"), "ZZ"),
                List.of("/var/lib/GeoIP/City.mmdb is not used: it is no MaxMind DB")));
    }

    @Override
    public Optional<String> exported(Talker talker) {
        return Optional.empty();
    }

    @Override
    public Optional<String> export(Talker talker) {
        return Optional.of("exported 4 packets: /var/lib/outguard/evidence/o-1f.pcapng");
    }
}
