package org.outguard.guard.policy;

import org.outguard.flow.Endpoint;
import org.outguard.flow.Protocol;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;

/** Traffic that is judged by one set of limits. A process that floods and also asks DNS is two talkers. */
public enum TrafficClass {
    UDP,
    /** DNS, NTP or QUIC of a service that the policy knows. */
    UDP_SERVICE,
    ICMP,
    TCP,
    /** TCP to ports 25, 465 and 587 (RFC 5321, RFC 8314, RFC 6409). */
    MAIL,
    OTHER;

    public static TrafficClass of(Protocol protocol, Endpoint remote, Attribution attribution, Policy policy) {
        int port = remote.port();
        return switch (protocol) {
            case UDP, UDPLITE -> knownService(remote, attribution, policy) ? UDP_SERVICE : UDP;
            case ICMP, ICMPV6 -> ICMP;
            case TCP -> port == 25 || port == 465 || port == 587 ? MAIL : TCP;
            default -> OTHER;
        };
    }

    private static boolean knownService(Endpoint remote, Attribution attribution, Policy policy) {
        int port = remote.port();
        if (port == 53 && policy.resolvers().contains(remote.address())) {
            return true;
        }
        return (port == 53 || port == 123 || port == 443)
                && attribution
                        .knownOwner()
                        .map(Owner::user)
                        .filter(policy.serviceUsers()::contains)
                        .isPresent();
    }
}
