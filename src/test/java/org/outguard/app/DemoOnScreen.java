package org.outguard.app;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.outguard.exec.CommandRunner;

/** {@code outguard demo} in a real terminal, its lab with the flood and the bystander, and the other end of the cable. */
final class DemoOnScreen implements AutoCloseable {

    /** Where the flood goes. */
    static final String FLOOD = "203.0.113.80";

    /** Where the bystander asks for names. */
    static final String RESOLVER = "203.0.113.53";

    /** Packets that are under way when they are to stop. */
    static final long IN_FLIGHT = 5;

    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Tmux terminal = new Tmux(120, 34, Map.of());
    private final String settings;
    private final long program;
    private final FarSide far;

    /** Starts it in a folder for its files, and waits until both senders are heard of. */
    DemoOnScreen(Path folder) throws Exception {
        Path start = folder.resolve("start");
        Files.writeString(start, "#!/bin/sh\nexec " + CommandRunner.describe(ProgramUnderTest.command("demo")) + "\n");
        Programs.output("chmod", "+x", start.toString());
        settings = terminal.settings(folder.resolve("before"));
        terminal.typeLine(start.toString());
        program = terminal.childPid();
        far = awaitFlood();
    }

    Tmux terminal() {
        return terminal;
    }

    FarSide far() {
        return far;
    }

    /** Process number of the program. */
    long program() {
        return program;
    }

    /** The terminal's settings before it was started. */
    String settings() {
        return settings;
    }

    /** The network namespace that is watched. */
    Path namespace() {
        return Path.of("/run/netns/outguard-demo-server-" + program);
    }

    /** A program in the network namespace that is watched. */
    String inside(String... words) {
        List<String> argv = new ArrayList<>(List.of("nsenter", "--net=" + namespace(), "--"));
        argv.addAll(List.of(words));
        return Programs.output("", argv);
    }

    private FarSide awaitFlood() {
        Path world = Path.of("/run/netns/outguard-demo-world-" + program);
        Patience.until(() -> "the lab stands: " + terminal.screen(), PATIENCE, () -> Files.exists(world));
        Patience.until(
                () -> "the senders run: " + terminal.screen(),
                PATIENCE,
                () -> Leftovers.senders(program).size() == 3);
        FarSide side = new FarSide(world, List.of(FLOOD, RESOLVER));
        Patience.until("packets arrive", PATIENCE, () -> side.packets(FLOOD) > 1000 && side.packets(RESOLVER) > 0);
        return side;
    }

    /** Process number of the sender of the flood. */
    long floodPid() {
        return Leftovers.senders(program).stream()
                .filter(sender -> Leftovers.commandLine(sender.pid()).contains(FLOOD))
                .findFirst()
                .orElseThrow()
                .pid();
    }

    /** Keys that are pressed in its terminal. */
    ScreenKeys keys() {
        return new ScreenKeys(terminal, PATIENCE);
    }

    /** Chooses the row of the flood, as soon as it has the process that sends it. */
    void chooseFloodWithItsOwner() {
        long sender = floodPid();
        keys().choose(" pid " + sender + " ");
        terminal.awaitScreen(
                "the flood with its owner",
                PATIENCE,
                screen -> screen.contains(FLOOD) && screen.contains("www-data") && screen.contains(" " + sender + " "));
    }

    /** Waits until the row of the flood says this of what was done about it. */
    void awaitFloodRow(String action) {
        terminal.awaitScreen(
                "the row of the flood says " + action,
                PATIENCE,
                screen -> screen.lines().anyMatch(line -> line.contains(" " + FLOOD + ":") && line.contains(action)));
    }

    @Override
    public void close() {
        terminal.close();
        ProcessHandle.of(program).ifPresent(ProcessHandle::destroyForcibly);
        Leftovers.remove(program);
    }
}
