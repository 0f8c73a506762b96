package org.outguard.app.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.WithMailSystem;
import org.outguard.app.Json;
import org.outguard.app.MailLab;
import org.outguard.app.Patience;
import org.outguard.app.ProgramUnderTest;
import org.outguard.app.Programs;
import org.outguard.mail.OriginGroup;
import org.outguard.mail.QueuedMessage;
import org.outguard.mta.ParallelHeaderReader;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.SpoolReader;
import org.outguard.mta.postfix.PostfixInstance;
import org.outguard.mta.postfix.PostfixLayout;
import org.outguard.mta.postfix.PostqueueReader;
import org.outguard.procfs.PasswdFile;

/** A hacked site sends spam through a real Postfix beside somebody who means well: who is it, and what stops just that? */
@WithMailSystem
class PostfixMailIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String BYSTANDER = "shop@mail.example.org";
    private static final int SPAM = 500;

    private MailLab lab;

    @BeforeEach
    void start() {
        lab = MailLab.start("postfix");
    }

    @AfterEach
    void end() {
        lab.close();
    }

    @Test
    void theHackedSiteIsNamedAndOnlyItsMailIsTouched() {
        MailLab.Submission bystander = lab.submit(MailLab.SITE, "sendmail", 600, BYSTANDER, "friend@ok.example");
        SpoolReader reader = reader();
        MailLab.Submission spam = lab.php(SPAM);
        Patience.until(
                () -> "www-data is named, not only " + OriginGroup.of(reader.messages()) + spam.output(),
                PATIENCE,
                () -> isNamed(reader, 1));
        spam.await(PATIENCE.multipliedBy(3));
        assertThat(spam.output().strip()).isEqualTo(Integer.toString(SPAM));
        Duration toName = Patience.until("all of its mail is counted", PATIENCE, () -> isNamed(reader, SPAM));
        System.out.printf("all of its mail counted after %d ms%n", toName.toMillis());
        assertThat(origin("uid", "www-data")).containsEntry("messages", SPAM);
        assertThat(Json.object(origin("uid", "www-data"), "origin"))
                .containsEntry("script", "x7.php")
                .containsEntry("uid", MailLab.WWW_DATA)
                .containsEntry("evidence", "queue file");

        assertThat(lab.act("hold", "--uid", "33", "--yes")).contains(SPAM + " of " + SPAM + " messages");
        assertThat(held()).hasSize(SPAM);
        whatIsDeliveredGoesOn();

        lab.act("release", "--uid", "33", "--yes");
        assertThat(held()).isEmpty();
        lab.act("hold", "--script", "x7.php", "--yes");
        assertThat(held()).hasSize(SPAM);
        lab.act("undo", lastAction(), "--yes");
        assertThat(held()).isEmpty();

        deleteSavesFirst();
        whatIsDeliveredGoesOn();
        lab.openTheWorld();
        lab.act("flush", "--yes");
        Patience.until(
                "what was let go is delivered",
                PATIENCE,
                () -> lab.deliveredFrom("www-data@mail.example.org") == SPAM - 10);
        bystander.process().destroy();
        bystander.await(PATIENCE);
        Patience.until(
                "all of the bystander's mail arrived",
                PATIENCE,
                () -> lab.deliveredFrom(BYSTANDER) >= bystander.taken().size());
    }

    private void deleteSavesFirst() {
        List<String> ids =
                MailLab.files(lab.path("/var/spool/postfix/deferred")).subList(0, 10);
        List<String> words = new ArrayList<>(List.of("delete", "--yes", "--evidence", lab.work() + "/saved.mbox"));
        words.addAll(ids);
        lab.act(words.toArray(String[]::new));
        assertThat(MailLab.files(lab.path("/var/spool/postfix/hold"))).isEmpty();
        assertThat(MailLab.files(lab.path("/var/spool/postfix/deferred"))).doesNotContainAnyElementsOf(ids);
        String saved = MailLab.read(lab.work().resolve("saved.mbox"));
        ids.forEach(id -> assertThat(saved).contains("X-Outguard-Queue-Id: postfix/" + id + "\n"));
        assertThat(saved.lines().filter(line -> line.equals("buy now, only today")))
                .hasSize(10);
        assertThat(saved.lines().filter(line -> line.matches("X-PHP-Originating-Script: \\d+:x7.php")))
                .hasSize(10);
    }

    @Test
    void aBanClosesEveryWayInAndUnbanOpensThemAgain() {
        String before = MailLab.read(lab.path("/etc/postfix/main.cf"));
        List<MailLab.Submission> banned = List.of(
                lab.submit(MailLab.WWW_DATA, "sendmail", 600, "w@mail.example.org", "a@ok.example"),
                lab.submit(MailLab.WWW_DATA, "smtp", 600, "w@mail.example.org", "b@ok.example"));
        MailLab.Submission bystander = lab.submit(MailLab.SITE, "smtp", 600, BYSTANDER, "friend@ok.example");
        banned.forEach(way ->
                Patience.until("mail is taken", PATIENCE, () -> !way.taken().isEmpty()));

        lab.act("ban", "www-data", "--yes");
        stopped(banned, bystander);

        lab.act("unban", "www-data", "--yes");
        banned.forEach(way -> {
            int then = way.taken().size();
            Patience.until("mail is taken again", PATIENCE, () -> way.taken().size() > then + 2);
        });
        assertThat(MailLab.read(lab.path("/etc/postfix/main.cf"))).isEqualTo(before);
        assertThat(lab.run("nft", "list", "tables")).doesNotContain("outguard_mail");
    }

    @Test
    void aBannedLoginLosesItsOpenSession() {
        String before = MailLab.read(lab.path("/etc/postfix/main.cf"));
        MailLab.Submission banned =
                lab.submit(MailLab.SITE, "login", 600, "alice@example.org", "a@ok.example", "Alice@example.org");
        MailLab.Submission bystander =
                lab.submit(MailLab.SITE, "login", 600, BYSTANDER, "friend@ok.example", "bob@example.org");
        Patience.until("mail is taken", PATIENCE, () -> banned.taken().size() > 2);

        lab.act("ban", "alice@example.org", "--yes");
        stopped(List.of(banned), bystander);
        assertThat(banned.output()).contains("mail from this account is stopped");

        lab.act("undo", lastAction(), "--yes");
        int then = banned.taken().size();
        Patience.until("mail is taken again", PATIENCE, () -> banned.taken().size() > then + 2);
        assertThat(MailLab.read(lab.path("/etc/postfix/main.cf"))).isEqualTo(before);
        assertThat(bystander.output().lines().filter(line -> !line.endsWith(" taken")))
                .as("nobody else's session is ended")
                .isEmpty();
    }

    @Test
    void newMailIsHeldAndThenTakenAsBefore() {
        String before = MailLab.read(lab.path("/etc/postfix/main.cf"));
        lab.act("hold-all", "--yes");
        lab.submit(MailLab.SITE, "sendmail", 1, BYSTANDER, "friend@ok.example").await(PATIENCE);
        Patience.until("new mail is held", PATIENCE, () -> !held().isEmpty());
        assertThat(lab.deliveredFrom(BYSTANDER)).isZero();

        lab.act("accept-all", "--yes");
        assertThat(MailLab.read(lab.path("/etc/postfix/main.cf"))).isEqualTo(before);
        lab.submit(MailLab.SITE, "sendmail", 1, "new@mail.example.org", "friend@ok.example")
                .await(PATIENCE);
        Patience.until("new mail is delivered", PATIENCE, () -> lab.deliveredFrom("new@mail.example.org") > 0);
        assertThat(lab.deliveredFrom(BYSTANDER)).isZero();
        lab.act("release", "--status", "hold", "--yes");
        Patience.until("held mail is delivered", PATIENCE, () -> lab.deliveredFrom(BYSTANDER) > 0);
    }

    @Test
    void deliveriesToOneDomainWaitForEachOtherUntilFullSpeed() {
        String before = MailLab.read(lab.path("/etc/postfix/main.cf"));
        assertThat(lab.act("slow-down", "--every", "2", "--yes")).contains("default_destination_rate_delay");
        MailLab.Submission mail = lab.submit(MailLab.SITE, "sendmail", 600, BYSTANDER, "friend@ok.example");
        Patience.until("some arrives", PATIENCE, () -> lab.deliveredFrom(BYSTANDER) >= 4);
        List<Double> times = lab.delivered().stream()
                .map(line -> Double.parseDouble(line[0]))
                .toList();
        // A busy sink is late with one stamp and not with the next, so the pace is that of all of them.
        assertThat((times.get(times.size() - 1) - times.get(0)) / (times.size() - 1))
                .as("seconds between two of %s", times)
                .isGreaterThan(1.5);
        lab.act("full-speed", "--yes");
        assertThat(MailLab.read(lab.path("/etc/postfix/main.cf"))).isEqualTo(before);
        long then = lab.deliveredFrom(BYSTANDER);
        mail.process().destroy();
        Patience.until("what has waited is delivered", PATIENCE, () -> lab.deliveredFrom(BYSTANDER) > then + 5);
    }

    @Test
    void whatWouldHarmIsRefusedAndADryRunDoesNothing() {
        for (String user : List.of("root", "0", "postfix")) {
            ProgramUnderTest.Ended refused = lab.outguard("ban", user, "--yes");
            assertThat(refused.status()).as(refused.all()).isEqualTo(4);
            assertThat(refused.stderr()).contains("the machine's own mail", "--anyway");
        }
        lab.php(1).await(PATIENCE);
        Path deferred = lab.path("/var/spool/postfix/deferred");
        Patience.until(
                "the message is deferred",
                PATIENCE,
                () -> !MailLab.files(deferred).isEmpty());
        String id = MailLab.files(deferred).get(0);
        assertThat(bySocket())
                .as("whoever may not read queue files asks showq")
                .containsOnlyKeys(id)
                .containsEntry(id, "www-data@mail.example.org");
        assertThat(lab.act("delete", id, "--dry-run")).contains("postsuper", id, ".mbox");
        assertThat(lab.outguard("delete", id).status()).isEqualTo(4);
        assertThat(lab.outguard("delete", "0123456789A", "--yes").status()).isEqualTo(4);
        assertThat(MailLab.files(lab.path("/var/spool/postfix"))).contains(id);
        assertThat(lab.act("queue", id, "--headers"))
                .contains("X-PHP-Originating-Script")
                .doesNotContain("buy now");
        assertThat(lab.act("queue", id, "--body")).contains("buy now");
    }

    @Test
    void tenThousandAreHeldAboutAsFastAsPostsuperCan() throws IOException {
        lab.php(1).await(PATIENCE);
        Path deferred = lab.path("/var/spool/postfix/deferred");
        Patience.until(
                "the message is deferred",
                PATIENCE,
                () -> !MailLab.files(deferred).isEmpty());
        String first = MailLab.files(deferred).get(0);
        byte[] file = Files.readAllBytes(deferred.resolve(first.substring(0, 1)).resolve(first));
        StringBuilder ids = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            String id = String.format("%s%09X", first.substring(0, 1), 0x100000 + i);
            Path clone = deferred.resolve(id.substring(0, 1)).resolve(id);
            Files.write(clone, file);
            clone.toFile().setExecutable(true);
            ids.append(id).append('\n');
        }
        lab.run("chown", "-R", "postfix", "/var/spool/postfix/deferred");
        ids.append(first).append('\n');
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            long begun = System.nanoTime();
            Programs.output(ids.toString(), lab.within("postsuper", "-h", "-"));
            Duration itself = Duration.ofNanos(System.nanoTime() - begun);
            Programs.output(ids.toString(), lab.within("postsuper", "-H", "-"));

            int before = lab.journal().size();
            assertThat(lab.act("hold", "--uid", "33", "--yes")).contains("10001 of 10001 messages");
            assertThat(held()).hasSize(10_001);
            List<Map<String, Object>> journal = lab.journal();
            assertThat(journal).as("one action and its outcome").hasSize(before + 2);
            Duration ours = Duration.between(
                    Instant.parse(Json.text(journal.get(before), "at")),
                    Instant.parse(Json.text(journal.get(before + 1), "at")));
            System.out.println(
                    "hold of 10,001: postsuper " + itself.toMillis() + " ms, ours " + ours.toMillis() + " ms");
            ratios.add(ours.toNanos() / (double) itself.toNanos());
            Programs.output(ids.toString(), lab.within("postsuper", "-H", "-"));
        }
        // The best of them: each time a program that has just started, on a machine that may be busy with other things.
        assertThat(ratios).anyMatch(ratio -> ratio <= 1.5);
    }

    private SpoolReader reader() {
        PostfixLayout layout = new PostfixLayout(
                PostfixInstance.plain(lab.path("/var/spool/postfix"), 2912),
                new LocalUsers(new PasswdFile(Path.of("/etc/passwd"))));
        ParallelHeaderReader heads =
                new ParallelHeaderReader(new ParallelHeaderReader.Helpers(Runnable::run, 1), System::nanoTime);
        return new SpoolReader("postfix", "files", layout, heads, Clock.systemUTC(), System::nanoTime);
    }

    /* As seen from in there: below the overlay the socket is another file, at which nobody listens. */
    private Map<String, String> bySocket() {
        PostqueueReader reader = new PostqueueReader(
                PostfixInstance.plain(Path.of("/proc/" + lab.inner() + "/root/var/spool/postfix"), 2912),
                new ProgramCalls(Programs.RUNNER),
                System::nanoTime);
        assertThat(reader.method()).startsWith("showq's socket");
        return reader.look(Duration.ofMillis(200)).seen().stream()
                .collect(Collectors.toMap(message -> message.id().id(), QueuedMessage::sender));
    }

    private static boolean isNamed(SpoolReader reader, int count) {
        reader.look(Duration.ofMillis(200));
        return OriginGroup.of(reader.messages()).stream()
                .anyMatch(group -> group.provenance().origin().who().equals("www-data")
                        && group.provenance().origin().script().equals("x7.php")
                        && group.count() >= count);
    }

    private Map<String, Object> origin(String kind, String who) {
        return lab.outguard("queue", "--json").json().stream()
                .filter(one -> Json.isType(one, "origin"))
                .filter(one -> Json.object(one, "origin").get("kind").equals(kind)
                        && Json.object(one, "origin").get("who").equals(who))
                .findFirst()
                .orElseThrow();
    }

    private List<String> held() {
        return MailLab.files(lab.path("/var/spool/postfix/hold"));
    }

    private void whatIsDeliveredGoesOn() {
        long then = lab.deliveredFrom(BYSTANDER);
        Patience.until("the bystander's mail goes on", PATIENCE, () -> lab.deliveredFrom(BYSTANDER) > then + 2);
    }

    /* To be called when the command has come back. */
    private void stopped(List<MailLab.Submission> banned, MailLab.Submission bystander) {
        List<Integer> taken = banned.stream().map(way -> way.taken().size()).toList();
        int others = bystander.taken().size();
        Patience.until(
                "the bystander goes on", PATIENCE, () -> bystander.taken().size() > others + 10);
        for (int i = 0; i < taken.size(); i++) {
            banned.get(i).assertStoppedAt(taken.get(i));
        }
    }

    private String lastAction() {
        Matcher id = Pattern.compile("a-[0-9a-z-]+").matcher(lab.act("journal"));
        String last = "";
        while (id.find()) {
            last = id.group();
        }
        return last;
    }
}
