package org.outguard.tui.draw;

import static org.assertj.core.api.Assertions.assertThat;

import com.googlecode.lanterna.TextColor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.config.ScreenFile;
import org.outguard.tui.FakeDesk;
import org.outguard.tui.Scenes;
import org.outguard.tui.Stage;
import org.outguard.tui.keys.Keys;
import org.outguard.tui.state.Setting;
import org.outguard.tui.terminal.FrameEncoder;

/** The screen as one person wants it: keys and colours of the policy file, and the lines of the first run. */
class PersonalScreenTest {

    private static final Size SIZE = new Size(120, 34);

    @TempDir
    private Path folder;

    private ScreenFile file(String toml) throws IOException {
        Path path = folder.resolve("outguard.toml");
        Files.writeString(path, toml);
        return ScreenFile.read(path);
    }

    private static Stage stage(Look look, Keys keys, boolean firstRun) {
        Setting plain = Scenes.setting(look);
        Setting setting =
                new Setting(plain.host(), plain.by(), look, plain.times(), false, firstRun, keys, plain.evidence());
        return new Stage(new FakeDesk(Scenes.flood()), SIZE, setting);
    }

    @Test
    void keysOfTheFileAreInFooterAndHelpAndWork() throws IOException {
        Keys.Custom keys = Keys.custom(file("[keys]\nblock = [\"x\", \"F5\"]\n").keys());
        assertThat(keys.faults()).isEmpty();
        Stage stage = stage(Look.of(Palette.MANY), keys.keys(), false);
        assertThat(stage.text()).contains(" x  block ").doesNotContain(" b  block ");
        assertThat(stage.press("b").text()).doesNotContain("Block php8.2");
        assertThat(stage.press("x").text()).contains("Block php8.2");
        assertThat(stage.press("Esc ?").text()).contains("x F5");
    }

    @Test
    void aKeyForTwoThingsAndAnUnknownNameAreSaid() throws IOException {
        assertThat(Keys.custom(file("[keys]\nblock = \"K\"\n").keys()).faults())
                .containsExactly("keys: 'K' is both block and kill");
        assertThat(Keys.custom(file("[keys]\nblok = \"K\"\n").keys()).faults())
                .singleElement()
                .asString()
                .startsWith("keys.blok: unknown; there are: block limit");
    }

    @Test
    void coloursOfTheFileAreDrawn() throws IOException {
        Look look = Look.of(Palette.TRUE)
                .withColours(file("[colours]\nbad = \"#fe01fd\"\n").colours());
        assertThat(look.faults()).isEmpty();
        FrameEncoder encoder = new FrameEncoder();
        encoder.encode(stage(look, Keys.usual(), false).draw());
        assertThat(new String(encoder.bytes(), 0, encoder.length(), StandardCharsets.UTF_8))
                .contains("38;2;254;1;253");
        assertThat(Look.of(Palette.TRUE)
                        .withColours(file("[colours]\nbad = \"purple\"\n").colours())
                        .faults())
                .singleElement()
                .asString()
                .startsWith("colours.bad: 'purple' is no colour");
    }

    @Test
    void aThemeOfTheFileHasABaseAndColours() throws IOException {
        ScreenFile read = file("[screen]\ntheme = \"Night\"\n[themes.night]\nbase = \"light\"\nbad = \"9\"\n");
        assertThat(read.faults()).isEmpty();
        assertThat(read.theme()).contains("night");
        assertThat(read.themes()).containsEntry("night", Map.of("base", "light", "bad", "9"));
        assertThat(file("[screen]\ntheme = 3\n").faults())
                .singleElement()
                .asString()
                .contains("screen.theme");
    }

    @Test
    void noThemeWritesWhiteOnTheTerminalsOwnBackground() {
        for (String theme : Look.THEMES) {
            for (Palette palette : Palette.values()) {
                Look look = Look.of(palette).withTheme(theme);
                Colours colours = new Colours(look);
                if (!theme.equals("solarized")) {
                    assertThat(colours.ink(TextRole.TEXT, BackgroundRole.NONE)).isEqualTo(TextColor.ANSI.DEFAULT);
                    assertThat(colours.ink(TextRole.STRONG, BackgroundRole.NONE))
                            .isEqualTo(TextColor.ANSI.DEFAULT);
                }
                assertThat(colours.ink(TextRole.DIM, BackgroundRole.NONE)).isNotEqualTo(TextColor.ANSI.WHITE_BRIGHT);
            }
        }
    }

    @Test
    void theFirstRunHasThreeLinesThatGoAwayWithAKey() {
        List<String> lines = List.of("Each row is somebody who sends", "b blocks it, u undoes that", "? has all keys");
        Stage first = stage(Look.of(Palette.MANY), Keys.usual(), true);
        assertThat(first.text()).contains(lines);
        assertThat(first.press("j").text()).doesNotContain(lines.toArray(String[]::new));
        assertThat(stage(Look.of(Palette.MANY), Keys.usual(), false).text()).doesNotContain(lines.get(0));
    }

    @Test
    void everySizeFromTheLeastUpIsFilledAndNoMore() {
        for (int columns = 40; columns <= 210; columns += 7) {
            for (int rows = 10; rows <= 60; rows += 5) {
                Size size = new Size(columns, rows);
                String text = new Stage(new FakeDesk(Scenes.blocked()), size, Scenes.SETTING).text();
                assertThat(text.lines()).as("%s", size).hasSize(rows);
                assertThat(text).as("%s", size).contains("OUTGUARD", "9:58", "block");
            }
        }
    }
}
