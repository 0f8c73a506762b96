package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The manual page is what commands and keys are. {@code -Dgolden.update=true} writes it anew. */
class ManualPageTest {

    static final Path FILE = Path.of("packaging/man/outguard.1");

    @Test
    void itIsUpToDate() throws IOException {
        String page = ManualPage.roff(Main.commands());
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(FILE.getParent());
            Files.writeString(FILE, page);
        }
        assertThat(page).isEqualTo(Files.readString(FILE));
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
