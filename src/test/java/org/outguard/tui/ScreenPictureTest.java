package org.outguard.tui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.outguard.guard.Snapshot;

/** The picture in the README is what the screen draws. {@code -Dgolden.update=true} draws it anew. */
class ScreenPictureTest {

    private static final Path FILE = Path.of("src/docs/screen.svg");

    @Test
    void theReadmeShowsTheScreenAsItIs() throws IOException {
        Snapshot flood = Scenes.flood();
        Grid grid = new Screen(Scenes.SETTING).draw(new Size(120, 34), flood, Scenes.view(flood, Scenes.FLOOD));
        String drawn = SvgPicture.of(grid);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(FILE, drawn);
        }
        assertThat(drawn).isEqualTo(Files.readString(FILE));
    }
}
