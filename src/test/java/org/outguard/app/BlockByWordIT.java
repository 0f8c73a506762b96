package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.demo.Lab;

/** Commands block one flood of a user and take the block back; the user's other flood and the innocent go on. */
class BlockByWordIT {

    private static final String FLOOD = "203.0.113.80";
    private static final String OTHER_FLOOD = "203.0.113.81";
    private static final String RESOLVER = "203.0.113.53";
    private static final long IN_FLIGHT = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LENGTH = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private Lab lab;
    private FarSide far;

    @BeforeEach
    void flood() {
        Programs.requireRoot();
        lab = BuiltLab.build();
        far = new FarSide(lab.worldNamespace(), List.of(FLOOD, OTHER_FLOOD, RESOLVER));
        assertThat(lab.startBystander(LENGTH)).isEmpty();
        assertThat(lab.startFloods(LENGTH)).isEmpty();
        awaitMore(FLOOD, 1000);
    }

    @AfterEach
    void tidyUp() {
        lab.close();
    }

    @Test
    void oneFloodIsBlockedAndLetGoAgain() {
        assertThat(run("block", "--remote", FLOOD + ":80", "--uid", "33", "--proto", "udp", "--yes"))
                .contains("nft", "undo");
        assertThat(far.awaitSilence(FLOOD, IN_FLIGHT)).isLessThan(Duration.ofSeconds(1));

        long blocked = far.packets(FLOOD);
        awaitMore(RESOLVER, 20);
        awaitMore(OTHER_FLOOD, 1000);
        assertThat(far.packets(FLOOD) - blocked).isLessThanOrEqualTo(IN_FLIGHT);

        run("undo", "--all", "--yes");
        awaitMore(FLOOD, 10_000);
        assertThat(run("unblock", "--remote", FLOOD + ":80", "--uid", "33", "--proto", "udp", "--yes"))
                .contains("not blocked any more: uid 33 to " + FLOOD)
                .doesNotContain("runs:");
    }

    @Test
    void whatWasNeverBlockedCannotBeUnblocked() {
        ProgramUnderTest.Ended ended = ProgramUnderTest.run(
                        folder, PATIENCE, "unblock", "--netns", namespace(), "--remote", "203.0.113.99", "--yes")
                .withoutStackTrace();
        assertThat(ended.status()).isEqualTo(4);
        assertThat(ended.stderr())
                .contains("refused: nothing is blocked or limited that is")
                .contains("203.0.113.99");
        assertThat(ended.stdout()).isEmpty();
    }

    @Test
    void whatIsBlockedForOneProtocolIsUnblockedByItsPort() {
        run("block", "--remote", FLOOD + ":80", "--proto", "udp", "--yes");
        assertThat(far.awaitSilence(FLOOD, IN_FLIGHT)).isLessThan(Duration.ofSeconds(1));

        ProgramUnderTest.Ended ended = ProgramUnderTest.run(
                        folder, PATIENCE, "unblock", "--netns", namespace(), "--remote", FLOOD + ":80", "--yes")
                .withoutStackTrace();

        assertThat(ended.status()).as(ended.all()).isZero();
        assertThat(ended.stderr()).doesNotContain("refused");
        awaitMore(FLOOD, 10_000);
    }

    @Test
    void whatIsOnlyShownChangesNothing() {
        run("block", "--remote", FLOOD, "--dry-run");
        awaitMore(FLOOD, 10_000);

        assertThat(ProgramUnderTest.run(folder, PATIENCE, "block", "--netns", namespace(), "--remote", FLOOD)
                        .withoutStackTrace()
                        .status())
                .as("refused, since it cannot ask without a terminal")
                .isEqualTo(4);
        awaitMore(FLOOD, 10_000);
    }

    @Test
    void aProtocolIsMeantByItsNameOrItsNumber() {
        for (List<String> words : List.of(List.of("gre", "47"), List.of("4", "ipip"), List.of("sctp", "132"))) {
            run("block", "--remote", "203.0.113.99", "--proto", words.get(0), "--yes");
            assertThat(run("unblock", "--remote", "203.0.113.99", "--proto", words.get(1), "--yes"))
                    .as("%s", words)
                    .contains("runs:");
            run("block", "--uid", "34", "--proto", words.get(0), "--for", "1m", "--yes");
        }
        assertThat(run("undo", "--all", "--yes")).contains("uid 34 gre", "uid 34 ipip", "uid 34 sctp");
        ProgramUnderTest.Ended ended = ProgramUnderTest.run(
                        folder, PATIENCE, "block", "--netns", namespace(), "--uid", "34", "--proto", "200", "--yes")
                .withoutStackTrace();
        assertThat(ended.status()).isEqualTo(2);
        assertThat(ended.stderr()).contains("'200' is none of icmp, igmp, ipip");
    }

    @Test
    void whatThePolicyNeverBlocksIsBlockedWithASecondWordOnly() throws IOException {
        Path policy = folder.resolve("never.toml");
        Files.writeString(policy, "[safety]\nnever_block = [\"gateway\", \"" + OTHER_FLOOD + "\"]\n");
        String gateway = "198.51.100.254";
        Programs.output(
                "ip",
                "-n",
                namespace(),
                "route",
                "add",
                "default",
                "via",
                gateway,
                "dev",
                lab.uplink(),
                "metric",
                "5000",
                "onlink");
        for (String[] one : List.of(new String[] {gateway, "the gateway"}, new String[] {OTHER_FLOOD, "named there"})) {
            ProgramUnderTest.Ended ended = ProgramUnderTest.run(
                            folder,
                            PATIENCE,
                            "block",
                            "--netns",
                            namespace(),
                            "--config",
                            policy.toString(),
                            "--remote",
                            one[0],
                            "--yes")
                    .withoutStackTrace();
            assertThat(ended.status()).as(ended.all()).isEqualTo(4);
            assertThat(ended.stderr())
                    .contains("refused: " + one[0] + " is in never_block of the policy: " + one[1])
                    .contains("with --anyway it is done all the same");
        }
        assertThat(run("block", "--config", policy.toString(), "--remote", OTHER_FLOOD, "--anyway", "--yes"))
                .contains("breaks: " + OTHER_FLOOD + " is in never_block");
        assertThat(far.awaitSilence(OTHER_FLOOD, IN_FLIGHT)).isLessThan(Duration.ofSeconds(1));
    }

    @Test
    void whatPassesABlockAndWhatAProcessComesToIsSaidBefore() {
        assertThat(run("block", "--uid", "33", "--port", "80", "--dry-run"))
                .contains(
                        "passes: sockets that another user opened", "passes: AF_PACKET", "UDP-Lite (--proto udplite)");
        long pid = ProcessHandle.current().pid();
        assertThat(run("block", "--pid", "" + pid, "--remote", FLOOD, "--dry-run"))
                .startsWith("--pid " + pid + " is blocked by its ")
                .containsAnyOf("its control group ", "everything that user sends is blocked too")
                .contains("key b");
    }

    private String namespace() {
        return String.valueOf(lab.serverNamespace().getFileName());
    }

    private String run(String command, String... options) {
        String[] arguments = new String[options.length + 3];
        arguments[0] = command;
        arguments[1] = "--netns";
        arguments[2] = namespace();
        System.arraycopy(options, 0, arguments, 3, options.length);
        ProgramUnderTest.Ended ended =
                ProgramUnderTest.run(folder, PATIENCE, arguments).withoutStackTrace();
        assertThat(ended.status()).as(ended.all()).isZero();
        return ended.stdout();
    }

    private void awaitMore(String address, long packets) {
        long before = far.packets(address);
        Patience.until(
                packets + " more packets to " + address,
                Duration.ofSeconds(10),
                () -> far.packets(address) >= before + packets);
    }
}
