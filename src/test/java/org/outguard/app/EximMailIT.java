package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.WithMailSystem;

/** The same incident on a real Exim: who is it, and what stops just that? */
@WithMailSystem
class EximMailIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String BYSTANDER = "shop@mail.example.org";
    private static final String CONFIGURATION = "/etc/exim4/exim4.conf";
    private static final int SPAM = 500;

    private MailLab lab;

    @BeforeEach
    void start() {
        lab = MailLab.start("exim");
    }

    @AfterEach
    void end() {
        lab.close();
    }

    @Test
    void theHackedSiteIsNamedAndOnlyItsMailIsTouched() {
        lab.submit(MailLab.SITE, "sendmail", 600, BYSTANDER, "friend@ok.example");
        MailLab.Submission spam = lab.php(SPAM);
        spam.await(PATIENCE.multipliedBy(4));
        assertThat(spam.output().strip()).isEqualTo(Integer.toString(SPAM));
        Path input = lab.path("/var/spool/exim4/input");
        Patience.until(
                "all of it is in the spool", PATIENCE, () -> headers(input).size() >= SPAM);
        Map<String, Object> origin = lab.outguard("queue", "--json").json().stream()
                .filter(one -> Json.isType(one, "origin"))
                .filter(one -> Json.object(one, "origin").get("who").equals("www-data"))
                .findFirst()
                .orElseThrow();
        assertThat(origin).containsEntry("messages", SPAM);
        assertThat(Json.object(origin, "origin"))
                .containsEntry("script", "x7.php")
                .containsEntry("uid", MailLab.WWW_DATA);

        lab.act("hold", "--uid", "33", "--yes");
        assertThat(frozen()).hasSize(SPAM);
        whatIsDeliveredGoesOn();
        lab.act("release", "--uid", "33", "--yes");
        assertThat(frozen()).isEmpty();
        lab.act("hold", "--script", "x7.php", "--yes");
        lab.act("undo", "--all", "--yes");
        assertThat(frozen()).isEmpty();

        deleteSavesFirst(input);
        whatIsDeliveredGoesOn();
        lab.openTheWorld();
        lab.act("flush", "--yes");
        Patience.until(
                "what was let go is delivered",
                PATIENCE,
                () -> lab.deliveredFrom("www-data@mail.example.org") == SPAM - 5);
    }

    private void deleteSavesFirst(Path input) {
        List<String> ids = lab.outguard("queue", "--json", "--uid", "33").json().stream()
                .filter(one -> Json.isType(one, "message"))
                .map(one -> Json.text(one, "queueId"))
                .limit(5)
                .toList();
        List<String> words = new ArrayList<>(List.of("delete", "--yes", "--evidence", lab.work() + "/saved.mbox"));
        words.addAll(ids);
        lab.act(words.toArray(String[]::new));
        assertThat(headers(input)).doesNotContainAnyElementsOf(ids);
        String saved = MailLab.read(lab.work().resolve("saved.mbox"));
        ids.forEach(id -> assertThat(saved).contains("X-Outguard-Queue-Id: exim/" + id + "\n"));
        assertThat(saved.lines().filter(line -> line.equals("buy now, only today")))
                .hasSize(5);
    }

    @Test
    void aBanClosesEveryWayInAndUnbanOpensThemAgain() {
        String before = MailLab.read(lab.path(CONFIGURATION));
        MailLab.Submission local = lab.submit(MailLab.WWW_DATA, "sendmail", 600, "w@mail.example.org", "a@ok.example");
        MailLab.Submission loopback = lab.submit(MailLab.WWW_DATA, "smtp", 600, "v@mail.example.org", "b@ok.example");
        MailLab.Submission login =
                lab.submit(MailLab.SITE, "login", 600, "alice@example.org", "c@ok.example", "alice@example.org");
        MailLab.Submission bystander =
                lab.submit(MailLab.SITE, "login", 600, BYSTANDER, "friend@ok.example", "bob@example.org");
        List<MailLab.Submission> smtp = List.of(loopback, login);
        smtp.forEach(way ->
                Patience.until("mail is taken", PATIENCE, () -> way.taken().size() > 1));
        Patience.until("mail is delivered", PATIENCE, () -> lab.deliveredFrom("w@mail.example.org") > 0);

        lab.act("ban", "www-data", "--yes");
        int takenOfLoopback = loopback.taken().size();
        int takenOfLocal = local.taken().size();
        lab.act("ban", "alice@example.org", "--yes");
        int takenOfLogin = login.taken().size();
        loopback.assertStoppedAt(takenOfLoopback);
        login.assertStoppedAt(takenOfLogin);
        whatIsDeliveredGoesOn();
        // What is taken from a local user after the ban is frozen, but for the one that was under way.
        Patience.until("local mail is frozen", PATIENCE, () -> frozen().size() > 2);
        Patience.until("more of it is taken", PATIENCE, () -> local.taken().size() > takenOfLocal + 5);
        assertThat(lastDelivered("w@mail.example.org")).isLessThanOrEqualTo(takenOfLocal + 1);
        assertThat(bystander.output().lines().filter(line -> !line.endsWith(" taken")))
                .as("nobody else's session is ended")
                .isEmpty();

        lab.act("unban", "www-data", "--yes");
        lab.act("unban", "alice@example.org", "--yes");
        smtp.forEach(way -> {
            int taken = way.taken().size();
            Patience.until("mail is taken again", PATIENCE, () -> way.taken().size() > taken + 1);
        });
        long delivered = lab.deliveredFrom("w@mail.example.org");
        Patience.until("local mail is delivered", PATIENCE, () -> lab.deliveredFrom("w@mail.example.org") > delivered);
        assertThat(local.output()).isNotEmpty();
        assertThat(MailLab.read(lab.path(CONFIGURATION))).isEqualTo(before);
        assertThat(MailLab.files(lab.path("/etc/exim4"))).noneMatch(name -> name.startsWith("outguard"));
    }

    @Test
    void newMailIsHeldAndThenTakenAsBefore() {
        String before = MailLab.read(lab.path(CONFIGURATION));
        lab.act("hold-all", "--yes");
        lab.submit(MailLab.SITE, "sendmail", 1, BYSTANDER, "friend@ok.example").await(PATIENCE);
        lab.submit(MailLab.SITE, "smtp", 1, BYSTANDER, "friend@ok.example").await(PATIENCE);
        Patience.until("new mail is held", PATIENCE, () -> frozen().size() > 1);
        assertThat(lab.deliveredFrom(BYSTANDER)).isZero();
        lab.act("accept-all", "--yes");
        assertThat(MailLab.read(lab.path(CONFIGURATION))).isEqualTo(before);
        lab.act("release", "--status", "hold", "--yes");
        Patience.until("held mail is delivered", PATIENCE, () -> lab.deliveredFrom(BYSTANDER) > 1);
    }

    /* The number of the last message that was delivered. */
    private int lastDelivered(String sender) {
        return lab.delivered().stream()
                .filter(line -> line[1].equals(sender))
                .mapToInt(line -> Integer.parseInt(line[3].replace("sendmail ", "")))
                .max()
                .orElseThrow();
    }

    private static List<String> headers(Path input) {
        return MailLab.files(input).stream()
                .filter(name -> name.endsWith("-H"))
                .map(name -> name.substring(0, name.length() - 2))
                .toList();
    }

    private List<String> frozen() {
        return lab.run("/usr/sbin/exim4", "-bp")
                .lines()
                .filter(line -> line.contains("*** frozen ***"))
                .toList();
    }

    private void whatIsDeliveredGoesOn() {
        long then = lab.deliveredFrom(BYSTANDER);
        Patience.until("the bystander's mail goes on", PATIENCE, () -> lab.deliveredFrom(BYSTANDER) > then + 2);
    }
}
