package org.outguard.mta.postfix;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;
import org.outguard.mail.QueuedMessage;
import org.outguard.mta.MailCorpus;
import org.outguard.mta.MailSystem;
import org.outguard.mta.MailSystemContext;
import org.outguard.mta.ParallelHeaderReader;
import org.outguard.mta.QueueChange;

/** Every instance that postmulti(1) lists is a mail system of its own, with its own name and queue. */
class PostfixInstancesTest {

    @TempDir
    Path folder;

    private final Map<String, String> answers = new HashMap<>();

    private final CommandRunner machine = (argv, stdin, limit) -> {
        String said = answers.get(String.join(" ", argv));
        return said == null
                ? new CommandResult.NotFound("there is no program " + argv.get(0))
                : new CommandResult.Finished(0, said, "");
    };

    private List<MailSystem> found() {
        return PostfixSystem.all(new MailSystemContext(
                machine,
                MailCorpus.users(),
                new ParallelHeaderReader.Helpers(Runnable::run, 1),
                Clock.systemUTC(),
                System::nanoTime));
    }

    private Path instance(String configuration, String name) throws IOException {
        Path queue = Files.createDirectories(folder.resolve(name));
        MailCorpus.unpack("postfix-spool", queue);
        answers.put(
                "postconf -c " + configuration + " -x " + String.join(" ", PostfixInstance.PARAMETERS),
                "syslog_name = " + name + "\nqueue_directory = " + queue
                        + "\nmail_owner = postfix\nhash_queue_names = deferred, defer\nhash_queue_depth = 1\n");
        return queue;
    }

    @Test
    void eachHasItsOwnNameAndQueue() throws IOException {
        answers.put("postconf -h config_directory", "/etc/postfix\n");
        answers.put("postmulti -l", """
                -               -               y         /etc/postfix
                postfix-out     mta             y         /etc/postfix-out
                """);
        Path in = instance("/etc/postfix", "postfix");
        Path out = instance("/etc/postfix-out", "postfix-out");

        List<MailSystem> systems = found();

        assertThat(systems).extracting(MailSystem::instance).containsExactlyInAnyOrder("postfix", "postfix-out");
        for (MailSystem system : systems) {
            Path queue = system.instance().equals("postfix") ? in : out;
            assertThat(system.reader().method()).isEqualTo("queue files in " + queue);
            QueueChange change = system.reader().look(Duration.ofMinutes(1));
            assertThat(change.seen()).isNotEmpty();
            assertThat(change.seen())
                    .extracting(QueuedMessage::id)
                    .allMatch(id -> id.instance().equals(system.instance()));
        }
    }

    @Test
    void oneWithoutPostmultiIsFoundAlone() throws IOException {
        answers.put("postconf -h config_directory", "/etc/postfix\n");
        instance("/etc/postfix", "postfix");
        assertThat(found()).extracting(MailSystem::instance).containsExactly("postfix");
    }

    @Test
    void whereThereIsNoPostfixThereIsNoInstance() {
        assertThat(found()).isEmpty();
    }
}
