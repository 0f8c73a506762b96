package org.outguard.app.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.outguard.app.Programs;
import org.outguard.flow.IpAddress;
import org.outguard.kernel.NetworkNamespace;

/** A network namespace that is asked for by name has a resolver of its own, and may lose its name. */
class NamedNamespaceIT {

    private static final String NAME = "og-named-" + ProcessHandle.current().pid();
    private static final Path FILES = Path.of("/etc/netns");
    private static final IpAddress RESOLVER = IpAddress.parse("192.0.2.53").orElseThrow();

    private final NamedNamespace namespace = new NamedNamespace(NAME);

    @BeforeEach
    void add() throws IOException {
        Programs.requireRoot();
        Programs.output("ip", "netns", "add", NAME);
        Files.createDirectories(FILES.resolve(NAME));
        Files.writeString(FILES.resolve(NAME).resolve("resolv.conf"), "nameserver " + RESOLVER + "\n");
    }

    @AfterEach
    void delete() throws IOException {
        if (Files.exists(Path.of("/run/netns", NAME))) {
            Programs.output("ip", "netns", "delete", NAME);
        }
        Files.delete(FILES.resolve(NAME).resolve("resolv.conf"));
        Files.delete(FILES.resolve(NAME));
    }

    /* On a thread that is in the namespace, as all of the program are. */
    private Optional<String> problemAfter(Runnable change) throws Exception {
        FutureTask<Optional<String>> look = new FutureTask<>(() -> {
            assertThat(NetworkNamespace.enter("/run/netns/" + NAME)).isEmpty();
            assertThat(namespace.problem()).isEmpty();
            change.run();
            return namespace.problem();
        });
        new Thread(look, "within").start();
        return look.get();
    }

    @Test
    void programsThereAskTheResolversOfItsOwnFileOrThoseOfTheMachine() {
        assertThat(namespace.resolvers()).contains(RESOLVER).containsAll(NamedNamespace.MACHINE.resolvers());
        assertThat(NamedNamespace.MACHINE.resolvers()).doesNotContain(RESOLVER);
    }

    @Test
    void itIsSaidThatItIsDeleted() throws Exception {
        assertThat(problemAfter(() -> Programs.output("ip", "netns", "delete", NAME)))
                .hasValueSatisfying(
                        reason -> assertThat(reason).contains(NAME, "deleted").doesNotContain("another one bears"));
    }

    @Test
    void itIsSaidThatAnotherOneBearsItsName() throws Exception {
        assertThat(problemAfter(() -> {
                    Programs.output("ip", "netns", "delete", NAME);
                    Programs.output("ip", "netns", "add", NAME);
                }))
                .hasValueSatisfying(reason -> assertThat(reason).contains(NAME, "another one bears its name"));
    }
}
