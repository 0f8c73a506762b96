package org.outguard.app;

import java.nio.file.Path;
import java.util.List;
import org.outguard.exec.CommandRunner;
import org.outguard.tui.FakeLookups;
import org.outguard.tui.SceneDesk;
import org.outguard.tui.ScreenLoop;

/** The screen over a scene, as a program of its own on a real terminal: {@code still} or {@code changing}. */
final class ScreenScene {

    private ScreenScene() {}

    static String command(String kind) {
        return CommandRunner.describe(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-Doutguard.native="
                        + Path.of(System.getProperty("outguard.native")).toAbsolutePath(),
                "-cp",
                System.getProperty("java.class.path"),
                "org.outguard.app.ScreenScene",
                kind));
    }

    /** Shows it until {@code q} is pressed. */
    public static void main(String[] arguments) {
        try (Tty tty = ((Tty.Leased) Tty.lease(System.getenv(), true)).tty()) {
            SceneDesk desk = SceneDesk.of(System::nanoTime, arguments[0].equals("changing"));
            new ScreenLoop(tty, desk, SceneDesk.setting(), System::nanoTime, new FakeLookups()).run();
        }
    }
}
