package org.outguard.mta.opensmtpd;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.outguard.exec.CommandResult;
import org.outguard.fuzz.FuzzTarget;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ThisMachine;

/** Envelope files of OpenSMTPD, and what smtpctl lists. */
public final class EnvelopeFuzz implements FuzzTarget {

    private static final String ENVELOPE = """
            version: 3
            tag:
            type: mta
            smtpname: mail.example.org
            helo: client.example.net
            hostname: localhost
            errorline:
            sockaddr: [192.0.2.7]
            sender: www-data@mail.example.org
            rcpt: b@example.net
            dest: b@example.net
            ctime: 1795543087
            last-try: 0
            last-bounce: 0
            expire: 345600
            retry: 3
            flags: authenticated
            username: site1
            """;
    private static final String LISTED =
            "aaaaaaaa11111111|inet4|mta||a@example.org|b@example.net|b@example.net|1795543087|1795888687|0|0|pending|30|x\n";

    @Override
    public String name() {
        return "opensmtpd-queue";
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                ENVELOPE.getBytes(StandardCharsets.UTF_8),
                LISTED.repeat(3).replaceFirst("a{8}1", "bbbbbbbb1").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public List<String> words() {
        return List.of(
                "sockaddr: ", "[IPv6:2001:db8::1]", "ctime: 999999999999", "suspend", "inflight", "|", "\nsender: \n");
    }

    @Override
    public void feed(byte[] input) {
        Envelope envelope = Envelope.parse(input);
        envelope.arrival();
        envelope.sender();
        envelope.origin();
        String listed = new String(input, StandardCharsets.UTF_8);
        new SmtpctlReader(
                        "opensmtpd",
                        "smtpctl",
                        new QueueFolder(Path.of("/nonexistent"), ThisMachine.HERE),
                        new ProgramCalls((argv, stdin, limit) -> new CommandResult.Finished(0, listed, "")),
                        () -> 0)
                .look(Duration.ofSeconds(1));
    }
}
