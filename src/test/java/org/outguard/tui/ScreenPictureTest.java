package org.outguard.tui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.outguard.tui.draw.Grid;
import org.outguard.tui.draw.Size;
import org.outguard.tui.draw.SvgPicture;

/** The pictures of the documentation are what the screen draws. {@code -Dgolden.update=true} draws them anew. */
class ScreenPictureTest {

    private static final Path FOLDER = Path.of("src/docs");

    @ParameterizedTest
    @CsvSource({
        "both-eyes,screen.svg",
        "block-dialog,screen-block.svg",
        "mail,screen-mail.svg",
        "light,screen-light.svg"
    })
    void theDocumentationShowsTheScreenAsItIs(String scene, String file) throws IOException {
        Grid grid = GoldenScreensTest.draw(GoldenScreensTest.scenes().get(scene), new Size(120, 34));
        String drawn = SvgPicture.of(grid, scene.equals("light"));
        Path path = FOLDER.resolve(file);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(path, drawn);
        }
        assertThat(drawn).isEqualTo(Files.readString(path));
    }
}
