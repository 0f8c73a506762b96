package org.outguard.tui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.outguard.guard.Snapshot;

/**
 * Whole screens against files that a person has looked at. {@code -Dgolden.update=true} writes the files anew; look at the
 * difference before you keep it.
 */
class GoldenScreensTest {

    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final List<Size> SIZES =
            List.of(new Size(40, 10), new Size(80, 24), new Size(120, 34), new Size(200, 50));

    record Scene(Snapshot snapshot, ViewState view, Palette palette) {}

    static Map<String, Scene> scenes() {
        Snapshot flood = Scenes.flood();
        Snapshot blocked = Scenes.blocked();
        ViewState view = Scenes.view(flood, Scenes.FLOOD);
        ViewState blockedView = Scenes.view(blocked, Scenes.FLOOD);
        Map<String, Scene> scenes = new LinkedHashMap<>();
        scenes.put("flood", new Scene(flood, view, Palette.MANY));
        scenes.put("suspect", new Scene(flood, Scenes.view(flood, Scenes.SLOW), Palette.MANY));
        scenes.put("blocked", new Scene(blocked, blockedView, Palette.MANY));
        scenes.put(
                "block-dialog",
                new Scene(flood, view.withDialog(Scenes.blockDialog(Scenes.flooder(List.of()))), Palette.MANY));
        scenes.put("undo-dialog", new Scene(blocked, blockedView.withDialog(Scenes.undoDialog()), Palette.MANY));
        scenes.put("help", new Scene(flood, view.withDialog(new Dialog.Help(0)), Palette.MANY));
        scenes.put("empty", new Scene(Scenes.empty(), Scenes.view(Scenes.empty(), Scenes.DNS), Palette.MANY));
        scenes.put("start", new Scene(Scenes.nothing(), ViewState.first(), Palette.MANY));
        scenes.put("no-colour", new Scene(flood, view, Palette.NONE));
        Snapshot limited = Scenes.with(
                flood,
                List.of("eth1: no such device; it is taken up when it is back", "cannot block: nft is not installed"),
                List.of(new Snapshot.Notice(
                        Scenes.NOW.minusSeconds(2), Snapshot.Notice.Level.ERROR, "block failed: nft is not there")));
        scenes.put("degraded", new Scene(limited, view, Palette.MANY));
        return scenes;
    }

    @TestFactory
    Stream<DynamicTest> screensLookAsTheyDid() {
        return scenes().entrySet().stream()
                .flatMap(scene -> SIZES.stream()
                        .map(size -> DynamicTest.dynamicTest(
                                scene.getKey() + " at " + size, () -> check(scene.getKey(), scene.getValue(), size))));
    }

    private static void check(String name, Scene scene, Size size) throws IOException {
        String drawn = GoldenText.of(draw(scene, size));
        Path file = FOLDER.resolve(name + "-" + size + ".txt");
        if (Boolean.getBoolean("golden.update")) {
            Files.createDirectories(FOLDER);
            Files.writeString(file, drawn);
        }
        assertThat(file).exists();
        assertThat(drawn).isEqualTo(Files.readString(file));
    }

    static Grid draw(Scene scene, Size size) {
        return new Screen(Scenes.setting(scene.palette())).draw(size, scene.snapshot(), scene.view());
    }
}
