package org.outguard.guard.observation;

import java.util.Optional;
import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.owner.Account;

/**
 * What left by sockets that one user opened, since the count before.
 *
 * @param opener that user, which is root for a socket that root opened and handed on
 * @param cgroup control group the sockets were made in, empty where that cannot be told
 * @param protocol transport protocol; {@link Protocol#OTHER} where there is no remote
 * @param remote destination; empty for what goes to destinations that are not listed, for want of room
 * @param packets IP packets
 */
public record UserPacketCount(
        Account opener, String cgroup, Protocol protocol, Optional<Endpoint> remote, long packets) {}
