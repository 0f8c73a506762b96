package org.outguard.guard.safety;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;
import org.outguard.guard.action.AllowRule;
import org.outguard.guard.observation.ProtectedResources;

/** What a lockdown lets out: what a mail server needs, and what its keepers need to mend it. */
public final class AllowList {

    private static final int ROOT = 0;
    private static final int DNS = 53;
    static final int DNS_OVER_TLS = 853;
    private static final int DHCP_SERVER = 67;
    static final int NTP = 123;
    private static final int HTTP = 80;
    private static final int HTTPS = 443;
    private static final List<Integer> MAIL_PORTS = List.of(25, 465, 587);

    private final List<AllowRule> allowed = new ArrayList<>();

    private AllowList() {}

    /** The list for a machine. */
    public static List<AllowRule> of(ProtectedResources around) {
        AllowList list = new AllowList();
        list.answers(around);
        for (IpAddress resolver : new TreeSet<>(around.resolvers())) {
            list.allowed.add(AllowRule.address(resolver, Protocol.UDP, DNS, "the resolver in use"));
            list.allowed.add(AllowRule.address(resolver, Protocol.TCP, DNS, "the resolver in use"));
        }
        sorted(around.mailUsers())
                .forEach((uid, name) ->
                        MAIL_PORTS.forEach(port -> list.user(uid, Protocol.TCP, port, name + " delivers mail")));
        list.user(ROOT, Protocol.UDP, DNS, "root looks up names");
        list.user(ROOT, Protocol.TCP, DNS, "root looks up names");
        list.user(ROOT, Protocol.UDP, NTP, "root sets the clock");
        list.user(ROOT, Protocol.UDP, DHCP_SERVER, "root renews the address");
        list.user(ROOT, Protocol.TCP, HTTPS, "root fetches what is needed");
        sorted(around.packageUsers()).forEach((uid, name) -> {
            list.user(uid, Protocol.TCP, HTTP, name + " fetches packages");
            list.user(uid, Protocol.TCP, HTTPS, name + " fetches packages");
        });
        sorted(around.nameUsers()).forEach((uid, name) -> {
            list.user(uid, Protocol.UDP, DNS, name + " looks up names");
            list.user(uid, Protocol.TCP, DNS, name + " looks up names");
            list.user(uid, Protocol.TCP, DNS_OVER_TLS, name + " looks up names");
        });
        sorted(around.timeUsers()).forEach((uid, name) -> list.user(uid, Protocol.UDP, NTP, name + " sets the clock"));
        return List.copyOf(list.allowed);
    }

    private void answers(ProtectedResources around) {
        for (int port : new TreeSet<>(around.sshPorts())) {
            allowed.add(AllowRule.answers(port, "SSH sessions"));
        }
        for (int port : new TreeSet<>(around.servedPorts())) {
            if (!around.sshPorts().contains(port)) {
                allowed.add(AllowRule.answers(port, "answers of the service there"));
            }
        }
    }

    private void user(int uid, Protocol protocol, int port, String why) {
        allowed.add(AllowRule.user(uid, protocol, port, why));
    }

    private static Map<Integer, String> sorted(Map<Integer, String> users) {
        return new TreeMap<>(users);
    }
}
