package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The manual pages are what commands, keys and policy are. {@code -Dgolden.update=true} writes it anew. */
class ManualPageTest {

    static final Path FILE = Path.of("packaging/man/outguard.8");
    static final Path POLICY_FILE = Path.of("packaging/man/outguard.toml.5");

    private static final Path POLICY = Path.of("packaging/outguard.toml");

    @Test
    void itIsUpToDate() throws IOException {
        upToDate(FILE, ManualPage.roff(Main.commands()));
    }

    @Test
    void soIsThatOfThePolicy() throws IOException {
        upToDate(POLICY_FILE, PolicyPage.roff(Files.readString(POLICY)));
    }

    @Test
    void thatOfThePolicyHasEveryKeyWithItsDefaultAndWhy() {
        String page = PolicyPage.roff("""
                # Policy of a test.

                [limits]
                # Packets a second,
                # of one sender.
                first_pps = 10
                second-key = [".x"]

                # Not the default.
                # third = 3

                # [[rule]]
                # name = "floods" # first
                """);
        assertThat(page)
                .contains(
                        ".SH LIMITS\n.TP\n.B first_pps = 10\n.TQ\n.B second\\-key = [\".x\"]\nPackets a second, of one sender.\n")
                .contains(".TP\n.B third = 3\nNot the default.\n")
                .contains(".nf\n[[rule]]\nname = \"floods\" # first\n.fi");
    }

    private static void upToDate(Path file, String page) throws IOException {
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, page);
        }
        assertThat(page).isEqualTo(Files.readString(file));
    }

    @Test
    void itHasEveryCommand() {
        String page = ManualPage.roff(Main.commands());
        Main.commands()
                .getSubcommands()
                .keySet()
                .forEach(name -> assertThat(page).contains(".SS " + name.replace("-", "\\-")));
    }
}
