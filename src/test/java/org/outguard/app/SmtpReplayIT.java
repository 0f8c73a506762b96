package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a capture file has of SMTP is in the row of whoever said it. */
class SmtpReplayIT {

    private static final byte[] HERE = {(byte) 198, 51, 100, 10};
    private static final byte[] FAR = {(byte) 203, 0, 113, 25};
    private static final int PORT = 40_000;

    @TempDir
    private Path folder;

    private int clientNext = 1_001;
    private int serverNext = 5_001;
    private long micros = 1_764_950_445_000_000L;

    @Test
    void bothSidesOfAConnectionAreRead() throws IOException {
        Path file = folder.resolve("smtp.pcap");
        try (Capture capture = new Capture(file, Capture.ETHERNET)) {
            answers(capture, "220 mx.example\r\n");
            says(capture, "EHLO mail.example\r\n");
            answers(capture, "250 mx.example\r\n");
            says(capture, "MAIL FROM:<a@b.example>\r\n");
            answers(capture, "250 ok\r\n");
            for (int i = 0; i < 12; i++) {
                says(capture, "RCPT TO:<" + i + "@y.example>\r\n");
                answers(capture, i % 4 == 0 ? "250 ok\r\n" : "550 no\r\n");
            }
            says(capture, "DATA\r\n");
            answers(capture, "354 go on\r\n");
            says(capture, "RCPT TO:<evil@y.example>\r\n.\r\n");
            answers(capture, "250 queued\r\n");
            incoming(capture, "EHLO somebody.example\r\nMAIL FROM:<c@d.example>\r\n");
        }
        List<Map<String, Object>> lines = ProgramUnderTest.run(
                        folder,
                        Duration.ofSeconds(60),
                        "replay",
                        file.toString(),
                        "--local",
                        "198.51.100.10",
                        "--json",
                        "-",
                        "--all")
                .withoutStackTrace()
                .json();
        assertThat(lines)
                .filteredOn(line -> Json.isType(line, "talker") && line.get("mail") != null)
                .singleElement()
                .satisfies(row -> {
                    Map<String, Object> smtp = Json.object(Json.object(row, "mail"), "smtp");
                    assertThat(Json.list(smtp, "ehlo"))
                            .singleElement()
                            .satisfies(name -> assertThat(name).containsEntry("text", "mail.example"));
                    assertThat(smtp)
                            .containsEntry("lastSender", "a@b.example")
                            .containsEntry("messages", 1)
                            .containsEntry("recipients", 12)
                            .containsEntry("refusedRecipients", 9)
                            .containsEntry("refusedByCode", Map.of("550", 9))
                            .containsEntry("replies", Map.of("220", 1, "250", 6, "354", 1, "550", 9));
                });
    }

    private void says(Capture capture, String text) throws IOException {
        tcp(capture, HERE, PORT, FAR, 25, clientNext, serverNext, text);
        clientNext += text.length();
    }

    private void answers(Capture capture, String text) throws IOException {
        tcp(capture, FAR, 25, HERE, PORT, serverNext, clientNext, text);
        serverNext += text.length();
    }

    /* Mail that comes to a mail server of this machine is no concern of it. */
    private void incoming(Capture capture, String text) throws IOException {
        tcp(capture, HERE, 25, FAR, PORT, 1, 1, "220 here.example\r\n");
        tcp(capture, FAR, PORT, HERE, 25, 1, 19, text);
    }

    private void tcp(Capture capture, byte[] from, int fromPort, byte[] to, int toPort, int seq, int ack, String text)
            throws IOException {
        ByteBuffer frame = capture.frame();
        frame.put(new byte[] {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2}).putShort((short) 0x0800);
        frame.put((byte) 0x45)
                .put((byte) 0)
                .putShort((short) (40 + text.length()))
                .putInt(0x4000);
        frame.put((byte) 64).put((byte) 6).putShort((short) 0).put(from).put(to);
        frame.putShort((short) fromPort).putShort((short) toPort).putInt(seq).putInt(ack);
        frame.put((byte) 0x50).put((byte) 0x18).putShort((short) 0xffff).putInt(0);
        byte[] payload = text.getBytes(StandardCharsets.ISO_8859_1);
        frame.put(payload, 0, Math.min(payload.length, frame.remaining()));
        micros += 50_000;
        capture.end(frame, 54 + payload.length, micros);
    }
}
