package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.WithMailSystem;

/** A Postfix in namespaces of its own, as in a container: Outguard beside it names the submitter, holds, bans and undoes. */
@WithMailSystem
class ContainerMailIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String BYSTANDER = "shop@mail.example.org";
    private static final int SPAM = 20;

    private MailLab lab;

    @BeforeEach
    void start() {
        lab = MailLab.startContained("postfix");
    }

    @AfterEach
    void end() {
        lab.close();
    }

    @Test
    void theSubmitterInTheContainerIsNamedAndStoppedThere() {
        lab.submit(MailLab.SITE, "sendmail", 1, BYSTANDER, "friend@slow.example")
                .await(PATIENCE);
        lab.php(SPAM).await(PATIENCE);
        Path queue = lab.path("/var/spool/postfix");
        Patience.until("the spam is deferred", PATIENCE, () -> spam().size() >= SPAM / 4);

        Map<String, Object> message = spam().get(0);
        assertThat(Json.text(message, "instance")).matches("postfix@pid-\\d+");
        Map<String, Object> origin = Json.object(message, "origin");
        assertThat(origin)
                .containsEntry("who", "www-data")
                .containsEntry("script", "x7.php")
                .containsEntry("uid", MailLab.WWW_DATA);
        assertThat(lab.outside("queue").stdout())
                .contains("uid www-data, script x7.php in container ", "uid site in container pid-");

        String held = lab.outside("hold", "--uid", "33", "--yes").stdout();
        assertThat(held).contains("in container pid-").contains("nsenter --target");
        assertThat(MailLab.files(queue.resolve("hold"))).isNotEmpty();
        assertThat(senders("hold")).allMatch("www-data@mail.example.org"::equals);
        lab.outside("undo", "--all", "--yes");
        assertThat(MailLab.files(queue.resolve("hold"))).isEmpty();
    }

    @Test
    void aBanIsSetInTheContainerAndTakenOutToTheByte() {
        String before = MailLab.read(lab.path("/etc/postfix/main.cf"));
        lab.outside("ban", "www-data", "--yes");
        MailLab.Submission refused = lab.php(1);
        refused.await(PATIENCE);
        assertThat(refused.output()).contains("is not allowed to submit mail");
        assertThat(MailLab.read(lab.path("/etc/postfix/main.cf"))).isNotEqualTo(before);
        lab.outside("unban", "www-data", "--yes");
        Patience.until("mail is taken again", PATIENCE, () -> {
            MailLab.Submission again = lab.php(1);
            again.await(PATIENCE);
            return again.output().strip().equals("1");
        });
        assertThat(MailLab.read(lab.path("/etc/postfix/main.cf"))).isEqualTo(before);
        assertThat(MailLab.files(lab.path("/etc/postfix"))).noneMatch(name -> name.startsWith("outguard"));
    }

    @Test
    void theLogInTheContainerIsFollowed() {
        lab.php(3).await(PATIENCE);
        List<Map<String, Object>> lines =
                lab.outside("watch", "-i", "lo", "--for", "5s", "--json", "-").json();
        assertThat(lines).filteredOn(line -> Json.isType(line, "message")).anySatisfy(line -> {
            assertThat(Json.text(line, "instance")).startsWith("postfix@pid-");
            assertThat(Json.object(line, "origin")).containsEntry("who", "www-data");
        });
    }

    private List<Map<String, Object>> spam() {
        return lab.outside("queue", "--json", "--uid", "33").json().stream()
                .filter(one -> Json.isType(one, "message"))
                .toList();
    }

    private List<String> senders(String status) {
        return lab.outside("queue", "--json", "--status", status).json().stream()
                .filter(one -> Json.isType(one, "message"))
                .map(one -> Json.text(one, "sender"))
                .toList();
    }
}
