package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.WithMailSystem;
import org.outguard.exec.CommandRunner;

/**
 * The demonstration on a machine that has a mail system at work: it starts one of its own, names who floods that, and lets
 * the machine's alone.
 */
@WithMailSystem
class DemoMailIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SCRIPT = "x7.php";
    private static final Pattern DEFERRED = Pattern.compile("deferred +\\S+ to v");
    private static final Pattern HELD = Pattern.compile("queue \\d+: [1-9]\\d* held");

    @ParameterizedTest
    @ValueSource(strings = {"postfix", "exim"})
    void theScriptThatFloodsIsNamedAndNobodyElse(String system) {
        try (MailLab machine = MailLab.start(system)) {
            String before = untouched(machine, system);
            ProgramUnderTest.Ended ended = machine.outguard("demo", "--headless", "--for", "20s", "--json", "-");
            assertThat(ended.status()).as(ended.all()).isZero();
            // On a busy machine it opens longer.
            assertThat(ended.stderr().replace("outguard: eBPF is opening; libpcap counts meanwhile\n", ""))
                    .isEmpty();

            Map<String, Map<String, Object>> messages = ended.json().stream()
                    .filter(line -> Json.isType(line, "message"))
                    .collect(Collectors.toMap(line -> Json.text(line, "queueId"), line -> line, (one, last) -> last));
            List<Map<String, Object>> spam = messages.values().stream()
                    .filter(line -> Json.object(line, "root").get("who").equals("www-data"))
                    .toList();
            // What is gone before the queue is looked at, only the log has, which knows of no script.
            List<Map<String, Object>> ofTheScript = spam.stream()
                    .filter(line -> Json.object(line, "root").get("script").equals(SCRIPT))
                    .toList();
            System.out.printf(
                    "demo, %s: %d messages, %d of www-data, of them %d of the script%n",
                    system, messages.size(), spam.size(), ofTheScript.size());
            assertThat(spam)
                    .hasSizeGreaterThan(30)
                    .allSatisfy(line -> assertThat(Json.object(line, "root"))
                            .containsEntry("kind", "uid")
                            .containsEntry("uid", MailLab.WWW_DATA));
            assertThat(ofTheScript).hasSizeGreaterThan(10);

            List<Map<String, Object>> offenders = ended.json().stream()
                    .filter(line -> Json.isType(line, "offender"))
                    .toList();
            assertThat(offenders).anySatisfy(line -> {
                assertThat(line).containsEntry("kind", "SUBMISSION_BURST").containsEntry("verdict", "OFFENDING");
                assertThat(Json.object(Json.object(line, "mail"), "origin"))
                        .containsEntry("uid", MailLab.WWW_DATA)
                        .containsEntry("script", SCRIPT);
                assertThat(List.of("sent", "bounced", "deferred"))
                        .allSatisfy(word -> assertThat(Json.number(Json.object(line, "mail"), word))
                                .as(word)
                                .isPositive());
            });
            assertThat(offenders).noneMatch(line -> line.toString().contains("backup"));

            assertThat(untouched(machine, system)).isEqualTo(before);
            assertNothingRuns(machine);
            assertThat(left(machine)).isEmpty();
        }
    }

    @Test
    void keysActOnTheDemonstrationsOwnMailAlone() {
        try (MailLab machine = MailLab.start("postfix");
                Tmux terminal = new Tmux(120, 34, Map.of())) {
            String before = untouched(machine, "postfix");
            MailLab.write(
                    machine.work().resolve("screen"), "exec " + CommandRunner.describe(machine.program("demo")) + "\n");
            terminal.typeLine("sh " + machine.work().resolve("screen"));
            terminal.awaitScreen("the screen", PATIENCE, screen -> screen.contains("OUTGUARD"));
            terminal.press("2");
            // One that stays in the queue, so that there is something to hold when it is asked for.
            terminal.awaitScreen(
                    "the script",
                    PATIENCE,
                    screen ->
                            screen.contains(SCRIPT) && DEFERRED.matcher(screen).find());

            ScreenKeys keys = new ScreenKeys(terminal, PATIENCE);
            keys.choose("user www-data ");
            keys.confirm("h", "www-data", "postsuper", "/run/outguard/demo-");
            Patience.until(
                    "its mail is held",
                    PATIENCE,
                    () -> !inside(machine, "ls", "spool/hold").isEmpty());
            terminal.awaitScreen(
                    "the queue says so",
                    PATIENCE,
                    screen -> HELD.matcher(screen).find());
            keys.confirm("B", "Ban user www-data?");
            Patience.until(
                    "it is banned",
                    PATIENCE,
                    () -> inside(machine, "cat", "etc/main.cf").contains("\nauthorized_submit_users = !www-data"));

            assertThat(untouched(machine, "postfix")).isEqualTo(before);
            terminal.press("q");
            // The screen is given back first.
            Patience.until("the lab is gone", PATIENCE, () -> left(machine).isEmpty());
            Patience.until(
                    "nothing of it runs", PATIENCE, () -> strangers(machine).isEmpty());
            assertNothingRuns(machine);
            assertThat(left(machine)).isEmpty();
        }
    }

    @Test
    void itsMailSystemEndsWithADemonstrationThatIsKilled() {
        try (MailLab machine = MailLab.start("postfix")) {
            ProgramUnderTest.Running demo = ProgramUnderTest.start(
                    machine.work(), machine.program("demo", "--headless", "--for", "60s", "--json", "-"));
            Patience.until(demo::all, PATIENCE, () -> demo.stdout().contains("\"" + SCRIPT + "\""));
            assertThat(machine.run("ps", "-e", "-o", "comm=").lines().filter("master"::equals))
                    .hasSize(2);

            // Its own number is another in there, and it is the only Java in there.
            machine.run("pkill", "-KILL", "-x", "java");

            Patience.until(
                    "its mail system is gone",
                    Duration.ofSeconds(5),
                    () -> strangers(machine).isEmpty());
            assertThat(machine.run("ps", "-e", "-o", "comm=").lines().filter("master"::equals))
                    .hasSize(1);
            assertThat(left(machine)).noneMatch(file -> file.contains("/mail"));
        }
    }

    /** What the machine's own mail system has: its settings, its queue, and what its log says of mail. */
    private static String untouched(MailLab machine, String system) {
        Path settings = Path.of(system.equals("postfix") ? "/etc/postfix/main.cf" : "/etc/exim4/exim4.conf");
        Path queue = Path.of(system.equals("postfix") ? "/var/spool/postfix" : "/var/spool/exim4/input");
        Path log = Path.of(system.equals("postfix") ? "/var/log/mail.log" : "/var/log/exim4/mainlog");
        return MailLab.read(machine.path(settings.toString()))
                + MailLab.files(machine.path(queue.toString()))
                + MailLab.read(machine.path(log.toString()))
                        .lines()
                        .filter(line -> line.contains("@") || line.contains("uid="))
                        .toList();
    }

    /* The demonstration's mail system, and who hands mail in there, are in a mount namespace of their own. */
    private static String strangers(MailLab machine) {
        return machine.run(
                "sh", "-c", "find -L /proc/[0-9]*/ns/mnt -maxdepth 0 ! -samefile /proc/1/ns/mnt 2>/dev/null || true");
    }

    private static void assertNothingRuns(MailLab machine) {
        Patience.until(
                "its processes are gone", PATIENCE, () -> strangers(machine).isEmpty());
        assertThat(machine.run("ps", "-e", "-o", "comm=")).doesNotContain("java", "outguard", "x7");
    }

    /* What the kernel takes is remembered until the next boot, whoever asked it. Folders that go meanwhile make find(1) fail. */
    private static List<String> left(MailLab machine) {
        return machine.run("sh", "-c", "find /run/outguard /run/netns -mindepth 1 2>/dev/null || true")
                .lines()
                .filter(path -> !path.equals("/run/outguard/kernel-eye"))
                .toList();
    }

    private static String inside(MailLab machine, String program, String of) {
        return machine.run("sh", "-c", program + " /run/outguard/demo-*/mail/" + of);
    }
}
