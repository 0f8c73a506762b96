package org.outguard.history;

import java.nio.file.Path;
import java.time.Clock;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.policy.Verdict;

/** Records a packet each ten milliseconds, and prints the number and time of each, until it is killed. */
final class HistoryVictim {

    private HistoryVictim() {}

    public static void main(String[] arguments) throws InterruptedException {
        Clock clock = Clock.systemUTC();
        HistoryWriter writer =
                new HistoryWriter(HistorySettings.of(Path.of(arguments[0]), 64, 30), Traffic.LINES, clock, health -> {
                    if (!health.words().isEmpty()) {
                        System.out.println("problem " + health.words());
                    }
                });
        Thread thread = new Thread(writer, "history");
        thread.setDaemon(true);
        thread.start();
        Traffic traffic = new Traffic();
        for (int sent = 1; ; sent++) {
            traffic.add(
                    Traffic.process(sent % 7, "/bin/p" + sent % 7, 33, "www-data"),
                    Protocol.UDP,
                    IpAddress.v4(0xCB007100 + sent % 200),
                    80,
                    1,
                    Verdict.CLEAN);
            writer.record(traffic.at(clock.instant()));
            System.out.println(sent + " " + System.nanoTime());
            Thread.sleep(10);
        }
    }
}
