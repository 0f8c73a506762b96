package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.app.demo.Lab;

/** A policy that blocks by itself, a rehearsal of it, and a second instance that only watches. */
class EnforceIT {

    private static final String FLOOD = "203.0.113.80";
    private static final String RESOLVER = "203.0.113.53";
    private static final Duration LENGTH = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private Lab lab;
    private FarSide far;
    private Path policy;

    @BeforeEach
    void flood() throws IOException {
        Programs.requireRoot();
        policy = folder.resolve("policy.toml");
        Files.writeString(policy, """
                [[rule]]
                name = "floods"
                kind = "UDP_FLOOD"
                above_pps = 50000
                do = "block"
                for = "1m"
                """);
        lab = BuiltLab.build();
        far = new FarSide(lab.worldNamespace(), List.of(FLOOD, RESOLVER));
        assertThat(lab.startBystander(LENGTH)).isEmpty();
    }

    @AfterEach
    void tidyUp() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void theRuleBlocksAndASecondInstanceOnlyWatches() {
        ProgramUnderTest.Running first = watch("40s", "--enforce");
        Patience.until(first::all, PATIENCE, () -> first.all().contains("RUNNING") || !lockFree());
        ProgramUnderTest.Running second = watch("12s", "--enforce");
        Patience.until(second::all, PATIENCE, () -> second.all().contains("read-only: another outguard acts"));
        assertThat(lab.startFloods(LENGTH)).isEmpty();
        Patience.until(first::all, PATIENCE, () -> first.all().contains("rule floods: block"));
        assertThat(far.awaitSilence(FLOOD, 5)).isLessThan(Duration.ofSeconds(5));
        long innocent = far.packets(RESOLVER);
        Patience.until("the bystander goes on", PATIENCE, () -> far.packets(RESOLVER) > innocent + 10);
        first.terminate();
        first.await(PATIENCE);
        second.await(PATIENCE);
    }

    private boolean lockFree() {
        Path lock = ProgramUnderTest.journal(namespace())
                .resolveSibling("journal-netns-" + namespace() + ".ndjson.instance");
        return !Files.exists(lock);
    }

    @Test
    void aRehearsalChangesNothing() {
        assertThat(lab.startFloods(LENGTH)).isEmpty();
        ProgramUnderTest.Running running = watch("40s", "--enforce", "--dry-run");
        Patience.until(running::all, PATIENCE, () -> running.all().contains("rule floods: would block"));
        long before = far.packets(FLOOD);
        Patience.until("it goes on", PATIENCE, () -> far.packets(FLOOD) > before + 1_000);
        running.terminate();
        running.await(PATIENCE);
    }

    private String namespace() {
        return String.valueOf(lab.serverNamespace().getFileName());
    }

    private ProgramUnderTest.Running watch(String time, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "watch", "--netns", namespace(), "-i", lab.uplink(), "--config", policy.toString(), "--for", time));
        arguments.addAll(List.of(options));
        return ProgramUnderTest.start(folder, ProgramUnderTest.command(arguments.toArray(String[]::new)));
    }
}
