package org.outguard.app;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import org.outguard.headless.ExitStatus;
import org.outguard.text.SafeText;
import org.outguard.tui.ScreenLoop;
import org.outguard.tui.Setting;

/** Shows a watcher on the terminal, or what it saw in a moment where there can be no screen. */
final class OnScreen {

    private static final Duration ONE_LOOK = Duration.ofSeconds(3);

    private OnScreen() {}

    /** Watches until a person quits; returns what the program ends with. */
    static int run(Watcher watcher, CommonOptions options, PrintWriter err) throws InterruptedException {
        Optional<Setting> setting = ScreenSettings.of(options, err);
        if (setting.isEmpty()) {
            return ExitStatus.FAILED.code();
        }
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
            tty.withConsole(() -> ConsoleCommand.console(
                            () -> Optional.of(watcher.desk().snapshot()))
                    .talk(String.valueOf(System.getenv("TERM"))));
            ScreenLoop loop = new ScreenLoop(tty, watcher.desk(), setting.get(), System::nanoTime);
            watcher.start();
            loop.run();
            ScreenSettings.seen();
        }
        Optional<RuntimeException> fault = watcher.fault();
        fault.ifPresent(e -> err.println("outguard: internal error: " + SafeText.clean(String.valueOf(e))));
        return (fault.isPresent() ? ExitStatus.FAILED : ExitStatus.DONE).code();
    }
}
