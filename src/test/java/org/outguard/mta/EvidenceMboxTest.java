package org.outguard.mta;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.action.MessageStep.MessageRef;
import org.outguard.mail.QueueId;

/** What is said to be saved is in the file, whatever becomes of the messages after it: it is deleted then. */
class EvidenceMboxTest {

    @TempDir
    private Path folder;

    private Path mbox;
    private final List<String> kept = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    @BeforeEach
    void name() {
        mbox = folder.resolve("deleted.mbox");
    }

    private static MessageRef message(String id) {
        return new MessageRef(new QueueId("", "postfix", id), Instant.EPOCH, "a@example.org");
    }

    private List<String> save(EvidenceMbox.Copy copy, String... ids) {
        List<MessageRef> messages =
                List.of(ids).stream().map(EvidenceMboxTest::message).toList();
        return EvidenceMbox.save(messages, mbox, copy, kept::add, failed::add).stream()
                .map(ref -> ref.id().id())
                .toList();
    }

    private static void write(MessageRef message, EvidenceMbox to) throws IOException {
        to.begin(message);
        to.line(("text of " + message.id().id()).getBytes(StandardCharsets.US_ASCII), true);
    }

    @Test
    void aMessageThatCannotBeOpenedTakesNothingFromThoseBefore() throws IOException {
        EvidenceMbox.Copy copy = (message, to) -> {
            if (message.id().id().equals("GONE")) {
                throw new IOException("it is gone");
            }
            write(message, to);
        };
        assertThat(save(copy, "FIRST")).containsExactly("FIRST");
        assertThat(save(copy, "GONE", "SECOND", "GONE", "GONE", "THIRD", "GONE"))
                .containsExactly("SECOND", "THIRD");

        assertThat(Files.readString(mbox)).containsSubsequence("text of FIRST", "text of SECOND", "text of THIRD");
        assertThat(kept).hasSize(4).allMatch(one -> one.endsWith("is kept, since it could not be saved: it is gone"));
        assertThat(failed).isEmpty();
    }

    @Test
    void whatBreaksOffIsTakenOutWhole() throws IOException {
        EvidenceMbox.Copy copy = (message, to) -> {
            write(message, to);
            if (message.id().id().equals("BROKEN")) {
                to.line(new byte[256 * 1024], true);
                throw new IOException("it breaks off");
            }
        };
        assertThat(save(copy, "FIRST", "BROKEN", "SECOND")).containsExactly("FIRST", "SECOND");

        assertThat(Files.readString(mbox))
                .containsSubsequence("text of FIRST", "text of SECOND")
                .doesNotContain("BROKEN", "\0");
    }

    @Test
    void nothingIsSavedWhereTheFileCannotBeWritten() throws IOException {
        Files.createSymbolicLink(mbox, folder.resolve("elsewhere"));

        assertThat(save(EvidenceMboxTest::write, "FIRST")).isEmpty();
        assertThat(failed).singleElement().asString().startsWith("nothing is deleted, since " + mbox);
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }
}
