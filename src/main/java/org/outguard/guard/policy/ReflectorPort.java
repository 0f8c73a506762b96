package org.outguard.guard.policy;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * UDP services that answer whoever asks, with more than was asked: who forges the sender of a request lets them attack others
 * (CISA alert TA14-017A, and reports since). Each with how it is closed to others.
 */
public enum ReflectorPort {
    CHARGEN(19, "chargen", "switch chargen off: nothing needs it"),
    DNS(
            53,
            "DNS",
            "answer recursive queries of your own networks alone (BIND allow-recursion, Unbound access-control),"
                    + " and limit what is left (rate-limit of BIND, ip-ratelimit of Unbound)"),
    TFTP(69, "TFTP", "bind it to the inside, or allow its clients alone in the firewall"),
    PORTMAP(111, "rpcbind", "stop rpcbind.socket, or allow the clients of NFS alone in the firewall"),
    NTP(123, "NTP", "restrict default kod nomodify nopeer noquery limited (ntpd), or no allow line (chrony)"),
    NETBIOS(137, "NetBIOS", "stop nmbd, or set interfaces and bind interfaces only in smb.conf"),
    SNMP(161, "SNMP", "bind it to the inside (agentAddress) and change the community public"),
    CLDAP(389, "CLDAP", "allow TCP alone, or your own networks alone in the firewall"),
    SLP(427, "SLP", "stop slpd: CVE-2023-29552"),
    MS_SQL(1434, "SQL Server Browser", "stop it, or allow its clients alone in the firewall"),
    SSDP(1900, "SSDP", "stop UPnP (miniupnpd, minidlna) on the outside"),
    ARD(3283, "Apple Remote Desktop", "allow its clients alone in the firewall"),
    WS_DISCOVERY(3702, "WS-Discovery", "stop wsdd on the outside"),
    MDNS(5353, "mDNS", "allow-interfaces of avahi-daemon.conf: the inside alone"),
    COAP(5683, "CoAP", "use DTLS (5684), or allow its clients alone in the firewall"),
    UBIQUITI(10_001, "Ubiquiti discovery", "block it at the outside"),
    MEMCACHED(11_211, "memcached", "-U 0 -l 127.0.0.1 in memcached.conf: no UDP, and this host alone"),
    SOURCE_ENGINE(27_015, "game server query", "limit new queries for each source in the firewall (nft meter)"),
    PLEX(32_414, "Plex discovery", "allow the inside alone in the firewall");

    private final int port;
    private final String service;
    private final String closing;

    ReflectorPort(int port, String service, String closing) {
        this.port = port;
        this.service = service;
        this.closing = closing;
    }

    /** UDP port. */
    public int port() {
        return port;
    }

    /** What usually answers there. */
    public String service() {
        return service;
    }

    /** How it is closed to others, or limited, for people. */
    public String closing() {
        return closing;
    }

    /** All of them. */
    public static List<ReflectorPort> all() {
        return List.of(values());
    }

    /** That of a UDP port; empty where none is known for it. */
    public static Optional<ReflectorPort> of(int port) {
        return BY_PORT.length > port && port >= 0 ? Optional.ofNullable(BY_PORT[port]) : Optional.empty();
    }

    private static final ReflectorPort[] BY_PORT = new ReflectorPort
            [1 + Arrays.stream(values()).mapToInt(ReflectorPort::port).max().orElse(0)];

    static {
        for (ReflectorPort one : values()) {
            BY_PORT[one.port] = one;
        }
    }
}
