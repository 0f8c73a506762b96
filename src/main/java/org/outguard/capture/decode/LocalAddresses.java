package org.outguard.capture.decode;

import java.util.Set;
import org.outguard.flow.IpAddress;

/** The addresses that count as ours in a capture, searched without making an object. */
public final class LocalAddresses {

    private final long[] high;
    private final long[] low;
    private final boolean[] v6;

    public LocalAddresses(Set<IpAddress> addresses) {
        high = new long[addresses.size()];
        low = new long[addresses.size()];
        v6 = new boolean[addresses.size()];
        int at = 0;
        for (IpAddress address : addresses) {
            high[at] = address.high();
            low[at] = address.low();
            v6[at] = address.v6();
            at++;
        }
    }

    public boolean isEmpty() {
        return low.length == 0;
    }

    public boolean sent(FrameDecoder packet) {
        for (int i = 0; i < low.length; i++) {
            if (low[i] == packet.sourceLow && high[i] == packet.sourceHigh && v6[i] == packet.v6) {
                return true;
            }
        }
        return false;
    }
}
