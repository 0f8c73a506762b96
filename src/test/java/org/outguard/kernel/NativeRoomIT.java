package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The native methods in a network namespace of this test's own. */
class NativeRoomIT {

    private final String namespace = "og-nat-" + ProcessHandle.current().pid();

    @BeforeEach
    void add() throws Exception {
        run("ip", "netns", "add", namespace);
    }

    @AfterEach
    void delete() throws Exception {
        run("ip", "netns", "delete", namespace);
    }

    @Test
    void theLibraryIsThere() {
        assertThat(NativeLibrary.problem()).isEmpty();
    }

    @Test
    void aThreadSeesTheRoutesOfTheNamespaceThatItEntered() throws Exception {
        assertThat(inside(DefaultRoute::find)).isEmpty();

        run("ip", "-n", namespace, "link", "add", "one", "type", "veth", "peer", "name", "two");
        run("ip", "-n", namespace, "link", "set", "one", "up");
        run("ip", "-n", namespace, "route", "add", "default", "dev", "one");

        assertThat(inside(DefaultRoute::find)).contains("one");
    }

    @Test
    void whatIsNoNamespaceIsRefusedWithAReason() {
        assertThat(NetworkNamespace.enter("/run/netns/og-none"))
                .contains("there is no network namespace /run/netns/og-none");
        assertThat(NetworkNamespace.enter("/dev/null")).contains("/dev/null is no network namespace");
    }

    private Optional<String> inside(Callable<Optional<String>> work) throws Exception {
        FutureTask<Optional<String>> task = new FutureTask<>(() -> {
            assertThat(NetworkNamespace.enter("/run/netns/" + namespace)).isEmpty();
            return work.call();
        });
        new Thread(task).start();
        return task.get(10, TimeUnit.SECONDS);
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(String.join(" ", command) + ": " + said)
                .isZero();
    }
}
