package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.WithMailSystem;

/**
 * Three submitters send through one mail system at the same time. Each connection that leaves is held against the message
 * that the far end received by it: whose was it?
 */
@WithMailSystem
class SocketToSubmitterIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SPAMMER = "www-data@mail.example.org";
    private static final String SHOP = "shop@mail.example.org";
    private static final String OWN = "192.0.2.1";
    private static final int EACH = 60;
    private static final String ALICE = "alice@example.org";
    private static final Map<String, String> SUBMITTERS =
            Map.of(SPAMMER, "www-data", SHOP, "site", ALICE, "alice@example.org");

    /** What the far end received: over which connection, which message, from whom. */
    private record Received(String port, String queueId, String sender, double begun) {}

    @ParameterizedTest
    @ValueSource(strings = {"postfix kernel", "postfix wire", "exim kernel", "exim wire"})
    void everyConnectionIsChargedToWhoseMailItCarries(String how) {
        String system = how.split(" ")[0];
        try (MailLab lab = MailLab.startFar(system)) {
            ProgramUnderTest.Running watch = lab.watch("out", how.split(" ")[1]);
            MailLab.Submission shop = lab.submit(MailLab.SITE, "sendmail", 20, SHOP, "friend@ok.example");
            Patience.until(watch::all, PATIENCE, () -> watch.stdout().contains("\"delivery\""));
            // The first looks of a program that has just started are slow.
            Patience.quiet(Duration.ofSeconds(2));
            double begun = System.currentTimeMillis() / 1000.0;
            MailLab.Submission login = lab.submit(MailLab.SITE, "login", 12, ALICE, "c@ok.example", ALICE);
            MailLab.Submission spam = lab.php(250);
            List.of(shop, login, spam).forEach(one -> one.await(PATIENCE.multipliedBy(2)));
            Patience.until("the far end has much of it", PATIENCE, () -> spam(lab, begun) > 100);
            double ended = System.currentTimeMillis() / 1000.0;
            Patience.quiet(Duration.ofSeconds(3));
            watch.terminate();
            List<Map<String, Object>> lines =
                    watch.await(PATIENCE).withoutStackTrace().json();
            judge(how, received(lab), new double[] {begun, ended}, lines);
            // The laboratory numbers its processes itself: the kernel's numbers are others than those of /proc, which
            // both eyes show.
            burst(lines);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"postfix", "exim"})
    void mailHandedInAtAnotherAddressOfThisMachineIsItsUsers(String system) {
        try (MailLab lab = MailLab.startFar(system)) {
            ProgramUnderTest.Running watch = lab.watch("out", "kernel");
            lab.hand(MailLab.SITE, "hand.py", OWN, 1, SHOP, "friend@ok.example").await(PATIENCE);
            Patience.until(watch::all, PATIENCE, () -> watch.stdout().contains("\"delivery\""));
            Patience.quiet(Duration.ofSeconds(2));
            double begun = System.currentTimeMillis() / 1000.0;
            List<MailLab.Submission> both = List.of(
                    lab.hand(MailLab.WWW_DATA, "hand.py", OWN, EACH, SPAMMER, "c@ok.example"),
                    lab.hand(MailLab.SITE, "hand.py", OWN, EACH, SHOP, "friend@ok.example"));
            both.forEach(one -> one.await(PATIENCE));
            Patience.until("all of it arrived", PATIENCE, () -> received(lab).size() > 2 * EACH);
            double ended = System.currentTimeMillis() / 1000.0;
            Patience.quiet(Duration.ofSeconds(3));
            watch.terminate();
            List<Map<String, Object>> lines =
                    watch.await(PATIENCE).withoutStackTrace().json();
            judge(system + " by " + OWN, received(lab), new double[] {begun, ended}, lines);
            assertThat(lines)
                    .as("nobody is the machine itself")
                    .filteredOn(line -> submitter(line).equals(OWN))
                    .isEmpty();
        }
    }

    private static long spam(MailLab lab, double begun) {
        return received(lab).stream()
                .filter(one -> one.begun() > begun && one.sender().equals(SPAMMER))
                .count();
    }

    private static List<Received> received(MailLab lab) {
        return MailLab.read(lab.work().resolve("far"))
                .lines()
                .map(line -> line.split("\t", -1))
                .filter(fields -> fields.length == 5)
                .map(fields -> new Received(fields[0], fields[1], fields[2], Double.parseDouble(fields[3])))
                .toList();
    }

    /* Of what was under way before Outguard was there, or is when it ends, nothing is asked but that no word is wrong. */
    private static void judge(String how, List<Received> all, double[] between, List<Map<String, Object>> lines) {
        Map<String, Set<String>> byPort = new HashMap<>();
        Map<String, String> submitters = new HashMap<>();
        List<Received> received = all.stream()
                .filter(one -> one.begun() > between[0] && one.begun() < between[1])
                .toList();
        all.forEach(one -> {
            byPort.computeIfAbsent(one.port(), port -> new HashSet<>()).add(one.queueId());
            submitters.put(one.queueId(), SUBMITTERS.get(one.sender()));
        });
        Set<List<String>> pairs = new HashSet<>();
        List<String> wrong = new ArrayList<>();
        for (Map<String, Object> line : lines) {
            if (Json.isType(line, "delivery")) {
                String local = Json.text(line, "local");
                String port = local.substring(local.lastIndexOf(':') + 1);
                String id = Json.text(line, "queueId");
                // The last ones are still on their way when the far end is asked.
                boolean ended = submitters.containsKey(id);
                boolean right = byPort.getOrDefault(port, Set.of()).contains(id)
                        && Json.text(Json.object(line, "root"), "who").equals(submitters.get(id));
                if (ended && !right) {
                    wrong.add(line.toString());
                }
                pairs.add(List.of(port, id));
            }
        }
        List<Received> missed = received.stream()
                .filter(one -> !pairs.contains(List.of(one.port(), one.queueId())))
                .toList();
        System.out.printf(
                "socket to submitter, %s: %d deliveries, %d joined, %d wrong, %d connections%n",
                how, received.size(), received.size() - missed.size(), wrong.size(), byPort.size());
        assertThat(wrong).isEmpty();
        assertThat(missed.size() * 50).as(missed.toString()).isLessThanOrEqualTo(received.size());
    }

    /* The last line of each row of mail. */
    private static void burst(List<Map<String, Object>> lines) {
        Map<String, Map<String, Object>> last = lines.stream()
                .filter(line -> "SMTP_BURST".equals(line.get("kind")))
                .collect(Collectors.toMap(line -> Json.text(line, "id"), line -> line, (before, after) -> after));
        assertThat(last.values())
                .filteredOn(row -> submitter(row).equals("www-data"))
                .singleElement()
                .satisfies(row -> {
                    Map<String, Object> mail = Json.object(row, "mail");
                    assertThat(row).containsEntry("type", "offender");
                    assertThat(Json.object(mail, "origin"))
                            .containsEntry("uid", MailLab.WWW_DATA)
                            .containsEntry("script", "x7.php");
                    assertThat(Json.text(mail, "queueIds")).hasSizeGreaterThan(8);
                    assertThat(Json.text(row, "reason")).contains("user www-data, script x7.php");
                });
        assertThat(last.values())
                .as("nobody is blamed for what somebody else handed in")
                .filteredOn(row -> submitter(row).isEmpty() && "offender".equals(row.get("type")))
                .isEmpty();
    }

    private static String submitter(Map<String, Object> row) {
        return row.get("mail") == null ? "" : Json.text(Json.object(Json.object(row, "mail"), "origin"), "who");
    }
}
