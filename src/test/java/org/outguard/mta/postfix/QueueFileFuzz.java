package org.outguard.mta.postfix;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.outguard.fuzz.FuzzFile;
import org.outguard.fuzz.FuzzTarget;
import org.outguard.mta.MailCorpus;

/** Queue files of Postfix. */
public final class QueueFileFuzz implements FuzzTarget {

    private final FuzzFile file = new FuzzFile("queue-file");

    @Override
    public String name() {
        return "postfix-queue";
    }

    @Override
    public List<byte[]> seeds() throws Exception {
        return MailCorpus.files("postfix-spool", path -> path.toString().matches(".*/(deferred|hold|active)/.*"));
    }

    @Override
    public List<String> words() {
        return List.of(
                "rewrite_context=local", "sasl_username=", "client_address=", "create_time=", "p\u000f        1024");
    }

    @Override
    public void feed(byte[] input) throws Exception {
        Path path = file.holding(input);
        try (var channel = Files.newByteChannel(path)) {
            QueueFile read = QueueFile.read(channel);
            if (read.recipients().size() > QueueFile.MOST_RECIPIENTS) {
                throw new IllegalStateException("recipients without a bound");
            }
            new OriginRules("postfix", 100, MailCorpus.users()).of(read);
        }
        try (var channel = Files.newByteChannel(path)) {
            QueueFile.readEnvelope(channel);
        }
    }
}
