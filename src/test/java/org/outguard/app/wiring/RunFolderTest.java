package org.outguard.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The single file leaves nothing behind but the journal of what was done. */
class RunFolderTest {

    @TempDir
    Path state;

    @TempDir
    Path run;

    private final Map<String, String> before = new HashMap<>();

    @BeforeEach
    void moved() {
        set("outguard.journal", state.resolve("journal.ndjson").toString());
        set("outguard.run-folder", run.toString());
    }

    private void set(String property, String value) {
        before.put(property, System.setProperty(property, value));
    }

    @AfterEach
    void back() {
        before.forEach((property, value) -> {
            if (value == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, value);
            }
        });
    }

    @Test
    void whatIsForComfortGoesWithTheRun() {
        assertThat(Wiring.seenFile()).hasParentRaw(run);
        assertThat(Wiring.columnsFile()).hasParentRaw(run);
        assertThat(Wiring.historyFile()).hasParentRaw(run);
        assertThat(Wiring.keepsHistory(null)).isFalse();
        assertThat(Wiring.journal(null).folder()).isEqualTo(state);
    }

    @Test
    void whatIsThereIsGoneOnWith() throws IOException {
        Files.createFile(state.resolve("screen-columns"));
        Files.createFile(state.resolve("history.db"));
        assertThat(Wiring.columnsFile()).hasParentRaw(state);
        assertThat(Wiring.historyStore(null)).hasParentRaw(state);
        assertThat(Wiring.keepsHistory(null)).isTrue();
        assertThat(Wiring.keepsHistory("shop")).isFalse();
    }

    @Test
    void anInstalledProgramKeepsAll() {
        System.clearProperty("outguard.run-folder");
        assertThat(Wiring.seenFile()).hasParentRaw(state);
        assertThat(Wiring.keepsHistory(null)).isTrue();
    }
}
