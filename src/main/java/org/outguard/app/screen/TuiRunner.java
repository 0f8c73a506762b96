package org.outguard.app.screen;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.outguard.app.Tty;
import org.outguard.app.command.ConsoleCommand;
import org.outguard.app.command.OnceCommand;
import org.outguard.app.command.SessionFactory;
import org.outguard.app.option.CommonOptions;
import org.outguard.app.option.ExecutionTarget;
import org.outguard.app.option.ScreenOptions;
import org.outguard.app.run.HeadlessRun;
import org.outguard.app.run.PendingGuardClient;
import org.outguard.app.run.Watcher;
import org.outguard.app.wiring.Wiring;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.headless.ExitStatus;
import org.outguard.text.SafeText;
import org.outguard.tui.ScreenLoop;
import org.outguard.tui.state.Setting;

/** Shows what a watcher sees on the terminal, or what it saw in a moment where there can be no screen. */
public final class TuiRunner {

    private static final Duration ONE_LOOK = Duration.ofSeconds(3);

    private TuiRunner() {}

    /** Makes the session that is shown; complaints go to the writer. */
    public interface Opening {
        SessionFactory open(PrintWriter err);
    }

    /** Watches until a person quits; returns what the program ends with. */
    public static int run(Opening opening, CommonOptions options, ScreenOptions screen, PrintWriter err)
            throws InterruptedException {
        Optional<Setting> setting = ScreenSettings.of(options, screen, err);
        if (setting.isEmpty()) {
            return ExitStatus.FAILED.code();
        }
        Tty.Lease lease = Tty.lease(System.getenv(), !screen.noMouse);
        if (lease instanceof Tty.Refused refused) {
            return oneLook(opening, options, refused.reason(), err);
        }
        Shown shown = new Shown(opening, options);
        try (Tty tty = ((Tty.Leased) lease).tty();
                shown) {
            shown.run(tty, setting.get());
        }
        return shown.end(err).code();
    }

    private static int oneLook(Opening opening, CommonOptions options, String reason, PrintWriter err)
            throws InterruptedException {
        SessionFactory session = opening.open(err);
        if (session instanceof SessionFactory.Impossible impossible) {
            return impossible.status().code();
        }
        Watcher watcher = ((SessionFactory.Ready) session).watcher();
        err.println("outguard: no screen: " + SafeText.clean(reason) + "; one look instead");
        ExitStatus status = new HeadlessRun(watcher, System::nanoTime, err)
                .withKernelEyeOnly(options.eye == CommonOptions.Eye.KERNEL)
                .run(ONE_LOOK, snapshot -> false);
        return status == ExitStatus.DONE ? OnceCommand.look(watcher.stop(), null, options.color, err) : status.code();
    }

    /** The screen with the session that is made once its first frame is there. */
    private static final class Shown implements AutoCloseable {
        private final Opening opening;
        private final StringWriter complaints = new StringWriter();
        private final CommonOptions options;
        private final ExecutionTarget place;
        private final boolean kernelEyeOnly;
        private final ScreenLookups lookups = new ScreenLookups(Wiring.evidenceFolder(), System::nanoTime);
        private final PendingGuardClient client;
        private Optional<Watcher> watcher = Optional.empty();
        private Optional<SessionFactory.Impossible> impossible = Optional.empty();

        Shown(Opening opening, CommonOptions options) {
            this.opening = opening;
            this.options = options;
            this.kernelEyeOnly = options.eye == CommonOptions.Eye.KERNEL;
            this.place = new ExecutionTarget(options.netns, options.config);
            this.client = new PendingGuardClient(Instant.now(), options.eye != CommonOptions.Eye.WIRE);
        }

        void run(Tty tty, Setting setting) {
            tty.withConsole(typed -> ConsoleCommand.console(() -> Optional.of(client.snapshot()), place)
                    .talk(String.valueOf(System.getenv("TERM")), typed));
            new ScreenLoop(tty, client, setting, System::nanoTime, lookups).run(this::start, this::refused);
            ScreenSettings.seen();
        }

        /* Whether the kernel eye alone was asked for, and cannot be had. */
        private boolean refused() {
            return kernelEyeOnly && client.snapshot().eye() == Snapshot.Eye.WIRE;
        }

        /* Whether there is something to watch. */
        private boolean start() {
            // What it complains of is printed when the terminal is given back.
            SessionFactory session = opening.open(new PrintWriter(complaints, true));
            if (session instanceof SessionFactory.Ready ready) {
                watcher = Optional.of(ready.watcher());
                ready.record(options);
                ready.watcher().start();
                client.attach(ready.watcher().guardClient());
                lookups.begin(ready.watcher());
                return true;
            }
            impossible = Optional.of((SessionFactory.Impossible) session);
            return false;
        }

        ExitStatus end(PrintWriter err) {
            err.print(complaints);
            err.flush();
            if (impossible.isPresent()) {
                return impossible.get().status();
            }
            if (refused()) {
                err.println("outguard: the kernel eye cannot count: "
                        + SafeText.clean(client.snapshot().whyNotKernel()));
                return ExitStatus.FAILED;
            }
            Optional<RuntimeException> fault = watcher.flatMap(Watcher::fault);
            fault.ifPresent(e -> err.println("outguard: internal error: " + SafeText.clean(String.valueOf(e))));
            return fault.isPresent() ? ExitStatus.FAILED : ExitStatus.DONE;
        }

        @Override
        public void close() {
            lookups.close();
            watcher.ifPresent(Watcher::close);
        }
    }
}
