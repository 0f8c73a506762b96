package org.outguard.guard.mail;

import java.util.HashSet;
import java.util.Set;
import org.outguard.flow.IpAddress;
import org.outguard.mail.MailOrigin;

/** Addresses of this machine, as far as connections of its own mail tell. */
public final class OwnAddresses {

    private static final int MOST = 1_024;

    private final Set<IpAddress> seen = new HashSet<>();

    /** Takes note of an address that a socket of this machine has. */
    void add(IpAddress address) {
        if (seen.size() < MOST) {
            seen.add(address);
        }
    }

    /** Whether this says no more than that a message came by SMTP from this machine: a process handed it in. */
    boolean isNoMore(MailOrigin origin) {
        return origin instanceof MailOrigin.Client client
                && IpAddress.parse(client.address())
                        .filter(address -> address.loopback() || seen.contains(address))
                        .isPresent();
    }
}
