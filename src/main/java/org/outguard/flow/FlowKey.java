package org.outguard.flow;

import org.jspecify.annotations.Nullable;

/**
 * The 5-tuple of outbound traffic, seen from this machine.
 *
 * @param protocol transport protocol
 * @param local source of the packet; {@link IpAddress#ANY_V4} with port 0 where a full table merged many sources
 * @param remote destination of the packet
 */
public record FlowKey(Protocol protocol, Endpoint local, Endpoint remote) {

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FlowKey k && k.protocol == protocol && k.local.equals(local) && k.remote.equals(remote);
    }

    @Override
    public int hashCode() {
        return (31 * protocol.number() + local.hashCode()) * 31 + remote.hashCode();
    }

    @Override
    public String toString() {
        return protocol.word() + " " + local + " > " + remote;
    }
}
