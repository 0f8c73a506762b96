package org.outguard.flow;

import org.jspecify.annotations.Nullable;

/**
 * Address and port.
 *
 * @param address where
 * @param port 0..65535; 0 where the protocol has none or the port is not known
 */
public record Endpoint(IpAddress address, int port) {

    public Endpoint {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port);
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Endpoint e && e.port == port && e.address.equals(address);
    }

    @Override
    public int hashCode() {
        return 31 * address.hashCode() + port;
    }

    /** {@code 192.0.2.1:80}, {@code [2001:db8::1]:80}; without the port where it is 0. */
    @Override
    public String toString() {
        if (port == 0) {
            return address.toString();
        }
        return address.v6() ? "[" + address + "]:" + port : address + ":" + port;
    }
}
