package org.outguard.app.screen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hidden columns are kept from one start to the next; a file that is none hides nothing. */
class ColumnsFileTest {

    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsRead() {
        ColumnsFile file = new ColumnsFile(folder.resolve("columns"));
        file.write(Map.of("Offenders", Set.of("score", "last 60 s"), "Mail", Set.of()));
        assertThat(new ColumnsFile(folder.resolve("columns")).read())
                .isEqualTo(Map.of("Offenders", Set.of("score", "last 60 s")));
    }

    @Test
    void withoutAFileNothingIsHidden() {
        assertThat(new ColumnsFile(folder.resolve("none")).read()).isEmpty();
        new ColumnsFile(folder.resolve("no/folder/columns")).write(Map.of("Mail", Set.of("held")));
        assertThat(folder.resolve("no")).doesNotExist();
    }

    @Test
    void whatIsNoLineOfColumnsHidesNothing() throws IOException {
        Path path = folder.resolve("columns");
        Files.writeString(path, "\n:x\nMail\nFlows: ,  ,\n");
        assertThat(new ColumnsFile(path).read()).isEqualTo(Map.of("Flows", Set.of()));
        Files.write(path, new byte[] {(byte) 0xff, (byte) 0xfe, ':'});
        assertThat(new ColumnsFile(path).read()).isEmpty();
        Files.writeString(path, "Mail: held\n".repeat(1_000));
        assertThat(new ColumnsFile(path).read())
                .as("more than was ever written")
                .isEmpty();
    }
}
