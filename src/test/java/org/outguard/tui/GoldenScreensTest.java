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
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.tui.draw.GoldenText;
import org.outguard.tui.draw.Grid;
import org.outguard.tui.draw.Look;
import org.outguard.tui.draw.Palette;
import org.outguard.tui.draw.Size;

/**
 * Whole screens against files that a person has looked at. {@code -Dgolden.update=true} writes the files anew; look at the
 * difference before you keep it.
 */
public class GoldenScreensTest {

    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final List<Size> SIZES =
            List.of(new Size(40, 10), new Size(80, 24), new Size(120, 34), new Size(200, 50));

    /**
     * What is on the screen.
     *
     * @param keys what a person has pressed before, see {@link Stage#press}
     */
    public record Scene(Snapshot snapshot, String keys, Look look) {
        Scene(Snapshot snapshot, String keys) {
            this(snapshot, keys, Look.of(Palette.MANY));
        }
    }

    public static Map<String, Scene> scenes() {
        Snapshot flood = Scenes.withMail(Scenes.flood(), MailScenes.picture());
        Snapshot blocked = Scenes.blocked();
        Snapshot limited = Scenes.with(
                flood,
                List.of("eth1: no such device; it is taken up when it is back", "cannot block: nft is not installed"),
                List.of(
                        new Snapshot.Notice(Scenes.NOW.minusSeconds(40), Snapshot.Notice.Level.INFO, "eth1 is back"),
                        new Snapshot.Notice(
                                Scenes.NOW.minusSeconds(2),
                                Snapshot.Notice.Level.ERROR,
                                "block failed: nft is not there")));
        Map<String, Scene> scenes = new LinkedHashMap<>();
        scenes.put("flood", new Scene(flood, ""));
        scenes.put("suspect", new Scene(flood, "j j j"));
        scenes.put("both-eyes", new Scene(EyeScenes.both(flood), ""));
        scenes.put("both-eyes-shared", new Scene(EyeScenes.both(flood), "j j j"));
        scenes.put("both-eyes-nobody", new Scene(EyeScenes.both(flood), "j j j j"));
        scenes.put("blocked", new Scene(blocked, ""));
        scenes.put("killed", new Scene(Scenes.killed(), ""));
        scenes.put("block-dialog", new Scene(flood, "b"));
        scenes.put("block-tagged", new Scene(flood, "Space j j Space b"));
        scenes.put("limit-dialog", new Scene(flood, "l -"));
        scenes.put("lockdown-dialog", new Scene(flood, "L"));
        scenes.put("lockdown-trial", new Scene(OccasionScenes.onTrial(13), ""));
        scenes.put("lockdown-keep", new Scene(OccasionScenes.onTrial(13), "L"));
        scenes.put("lost", new Scene(OccasionScenes.flushed(), ""));
        scenes.put("lost-dialog", new Scene(OccasionScenes.flushed(), "R"));
        scenes.put("back-again", new Scene(OccasionScenes.respawned(), ""));
        scenes.put("back-again-dialog", new Scene(OccasionScenes.respawned(), "n 8"));
        scenes.put("kill-dialog", new Scene(flood, "K 4 8"));
        scenes.put("undo-dialog", new Scene(blocked, "u"));
        scenes.put("help", new Scene(flood, "?"));
        scenes.put("empty", new Scene(Scenes.empty(), ""));
        scenes.put("start", new Scene(Scenes.nothing(), ""));
        scenes.put("filter", new Scene(flood, "/ u s e r : w w w Enter"));
        scenes.put("filter-wrong", new Scene(flood, "/ u s r : w w w"));
        scenes.put("filter-none", new Scene(flood, "/ n o b o d y Enter"));
        scenes.put("mail", new Scene(flood, "2"));
        scenes.put("mail-hold", new Scene(flood, "2 h"));
        scenes.put("mail.smtp", new Scene(MailScenes.heard(), ""));
        scenes.put("details-end", new Scene(blocked, "] ]"));
        scenes.put("mail-none", new Scene(Scenes.flood(), "2"));
        scenes.put("mail-demo", new Scene(Scenes.withMail(Scenes.flood(), MailScenes.noneInTheDemo()), "2"));
        scenes.put("flows", new Scene(flood, "3"));
        scenes.put("actions", new Scene(blocked, "4"));
        scenes.put("actions-none", new Scene(flood, "4"));
        scenes.put("timeline", new Scene(limited, "5"));
        scenes.put("timeline-blocked", new Scene(blocked, "5"));
        scenes.put("page-who", new Scene(flood, "Enter"));
        scenes.put("page-where", new Scene(flood, "j j j Enter Right"));
        scenes.put("page-packets", new Scene(flood, "Enter Right Right"));
        scenes.put("page-mail", new Scene(MailScenes.heard(), "Enter Right Right Right"));
        scenes.put("page-actions", new Scene(blocked, "Enter Left Left"));
        scenes.put("page-timeline", new Scene(blocked, "Enter Left"));
        scenes.put("page-submitter", new Scene(flood, "2 Enter Right Down"));
        scenes.put("page-message", new Scene(flood, "2 Enter Right Down Enter"));
        scenes.put("page-action", new Scene(blocked, "4 Enter"));
        scenes.put("page-light", new Scene(flood, "Enter", Look.of(Palette.MANY).onLight(true)));
        scenes.put("copy", new Scene(flood, "c"));
        scenes.put("sorted", new Scene(flood, "s"));
        scenes.put("mail-row", new Scene(flood, "j"));
        scenes.put("mail-row-messages", new Scene(MailScenes.heard(), "j g m"));
        scenes.put("tree", new Scene(flood, "t"));
        scenes.put("columns", new Scene(flood, "F2 j Space j j Space"));
        scenes.put("columns-hidden", new Scene(flood, "F2 j Space j j Space Enter"));
        scenes.put("no-key", new Scene(flood, "E"));
        scenes.put("high-contrast", new Scene(flood, "", Look.of(Palette.MANY).withTheme("high-contrast")));
        scenes.put("solarized", new Scene(flood, "", Look.of(Palette.MANY).withTheme("solarized")));
        scenes.put("no-colour", new Scene(flood, "", Look.of(Palette.NONE)));
        scenes.put("sixteen", new Scene(flood, "", Look.of(Palette.SIXTEEN)));
        scenes.put("light", new Scene(flood, "", Look.of(Palette.MANY).onLight(true)));
        scenes.put("ascii", new Scene(flood, "", Look.of(Map.of("TERM", "vt220", "LANG", "C"), false)));
        scenes.put("degraded", new Scene(EyeScenes.wireAlone(limited, EyeScenes.WHY_NOT), ""));
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

    public static Grid draw(Scene scene, Size size) {
        FakeDesk desk = new FakeDesk(scene.snapshot());
        return new Stage(desk, size, Scenes.setting(scene.look()))
                .press(scene.keys())
                .draw();
    }
}
