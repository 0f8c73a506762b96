package org.outguard.app;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;
import org.outguard.headless.ExitStatus;
import org.outguard.text.SafeText;
import org.outguard.tui.Keys;
import org.outguard.tui.Look;
import org.outguard.tui.ScreenLoop;
import org.outguard.tui.Setting;

/** Shows a watcher on the terminal, or what it saw in a moment where there can be no screen. */
final class OnScreen {

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Duration ONE_LOOK = Duration.ofSeconds(3);

    private OnScreen() {}

    /** Watches until a person quits; returns what the program ends with. */
    static int run(Watcher watcher, CommonOptions options, PrintWriter err) throws InterruptedException {
        Tty.Lease lease = Tty.lease(System.getenv());
        if (lease instanceof Tty.Refused refused) {
            err.println("outguard: no screen: " + SafeText.clean(refused.reason()) + "; one look instead");
            ExitStatus status = new HeadlessRun(watcher, System::nanoTime, err)
                    .withKernelEyeOnly(options.eye == CommonOptions.Eye.KERNEL)
                    .run(ONE_LOOK, snapshot -> false);
            return status == ExitStatus.DONE
                    ? OnceCommand.report(watcher.stop(), null, options.color, err)
                    : status.code();
        }
        try (Tty tty = ((Tty.Leased) lease).tty();
                watcher) {
            Look look = Look.of(System.getenv(), options.color.wanted(true));
            // The Linux console prints the end of a question that it does not know.
            boolean probe = !String.valueOf(System.getenv("TERM")).equals("linux");
            Setting setting = new Setting(
                    host(),
                    PlaceOptions.whoActs(),
                    look,
                    ZoneId.systemDefault(),
                    probe,
                    false,
                    Keys.usual(),
                    Edges.evidenceFolder().toString());
            ScreenLoop loop = new ScreenLoop(tty, watcher.desk(), setting, System::nanoTime);
            watcher.start();
            loop.run();
        }
        Optional<RuntimeException> fault = watcher.fault();
        fault.ifPresent(e -> err.println("outguard: internal error: " + SafeText.clean(String.valueOf(e))));
        return (fault.isPresent() ? ExitStatus.FAILED : ExitStatus.DONE).code();
    }

    private static String host() {
        try {
            return SafeText.clean(Files.readString(HOST_NAME).strip());
        } catch (IOException e) {
            return "?";
        }
    }
}
