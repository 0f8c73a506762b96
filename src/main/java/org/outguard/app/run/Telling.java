package org.outguard.app.run;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.outguard.app.wiring.Wiring;
import org.outguard.notify.Notifier;
import org.outguard.notify.Target;

/** Makes what tells the targets of the policy. */
public final class Telling {

    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final int CONNECTIONS = 4;
    private static final long IDLE_SECONDS = 10;

    private Telling() {}

    /** Not started. What cannot be told is printed. */
    public static Notifier notifier(List<Target> targets, PrintWriter err) {
        ThreadPoolExecutor connections = new ThreadPoolExecutor(
                CONNECTIONS,
                CONNECTIONS,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Wiring.daemons("notify http"));
        connections.allowCoreThreadTimeOut(true);
        return new Notifier(targets, hostName(), Clock.systemUTC(), Wiring.runner(), connections, complaint -> {
            synchronized (err) {
                err.println("outguard: " + complaint);
                err.flush();
            }
        });
    }

    private static String hostName() {
        try {
            return Files.readString(HOST_NAME).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
