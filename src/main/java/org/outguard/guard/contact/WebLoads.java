package org.outguard.guard.contact;

import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.flow.RateWindow;

/**
 * What a talker sends to each of {@value #SERVERS} web servers, those that it wrote to last. Counted only while the talker sends
 * or connects so often that one of them may be over a limit, so few talkers have it.
 */
public final class WebLoads {

    static final int SERVERS = 8;
    public static final int SECONDS = 10;

    private final Latest<Endpoint, Load> loads = new Latest<>(SERVERS);

    /** One web server. */
    public static final class Load {
        private final RateWindow packets = new RateWindow(SECONDS);
        private final RateWindow bytes = new RateWindow(SECONDS);
        private final RateWindow connects = new RateWindow(SECONDS);

        public double packets(long nowNanos) {
            return packets.perSecond(nowNanos, SECONDS);
        }

        public double bytesEach(long nowNanos) {
            return bytes.sum(nowNanos, SECONDS) / (double) Math.max(1, packets.sum(nowNanos, SECONDS));
        }

        public double connects(long nowNanos) {
            return connects.perSecond(nowNanos, SECONDS);
        }
    }

    public void add(Endpoint server, long packets, long bytes, long connects, long firstNanos, long lastNanos) {
        Load load = packets > 0 ? loads.at(server, Load::new) : loads.get(server);
        if (load != null) {
            load.packets.add(firstNanos, lastNanos, packets);
            load.bytes.add(firstNanos, lastNanos, bytes);
            load.connects.add(firstNanos, lastNanos, connects);
        }
    }

    void addAll(WebLoads other) {
        other.loads.forEach((server, theirs) -> {
            Load load = loads.at(server, Load::new);
            load.packets.addAll(theirs.packets);
            load.bytes.addAll(theirs.bytes);
            load.connects.addAll(theirs.connects);
        });
    }

    /** The server for which a figure is highest; null where there is none. */
    public Map.@Nullable Entry<Endpoint, Load> most(ToDoubleFunction<Load> figure) {
        Map.Entry<Endpoint, Load> most = null;
        for (Map.Entry<Endpoint, Load> entry : loads.entrySet()) {
            if (most == null || figure.applyAsDouble(entry.getValue()) > figure.applyAsDouble(most.getValue())) {
                most = entry;
            }
        }
        return most;
    }
}
