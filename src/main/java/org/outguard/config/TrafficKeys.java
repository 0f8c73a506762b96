package org.outguard.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ToLongBiFunction;
import java.util.stream.Stream;
import org.outguard.config.PolicyKeys.Limit;
import org.outguard.flow.IpAddress;
import org.outguard.guard.policy.MailLimits.Pair;
import org.outguard.guard.policy.TrafficLimits;
import org.outguard.guard.policy.TrafficLimits.Figure;

/** The keys of a policy file for what is abuse at a low packet rate: two in section {@code [limits]} for each figure. */
final class TrafficKeys {

    private static final long MOST = 1_000_000_000_000L;

    static final String TUNNEL_PEERS = "services.tunnel_peers";
    static final String LOGIN_PORTS = "limits.login_ports";
    static final String SERVICE_LOGIN_PORTS = "limits.service_login_ports";
    static final String ATTACKED_PORTS = "limits.attacked_ports";

    static final List<String> KEYS = Stream.concat(
                    Arrays.stream(Figure.values())
                            .flatMap(figure -> figure.offends()
                                    ? Stream.of(suspect(figure), offending(figure))
                                    : Stream.of(suspect(figure)))
                            .map(Limit::key),
                    Stream.of(LOGIN_PORTS, SERVICE_LOGIN_PORTS, TUNNEL_PEERS, ATTACKED_PORTS))
            .toList();

    private TrafficKeys() {}

    private static Limit suspect(Figure figure) {
        return new Limit("limits.suspect_" + figure.word(), 1, MOST);
    }

    private static Limit offending(Figure figure) {
        return new Limit("limits.offending_" + figure.word(), 1, MOST);
    }

    /**
     * The limits of a file.
     *
     * @param reader gives what the file says of a key, or else what is handed to it
     * @param ports the same for a list of ports
     * @param addresses the same for a list of addresses
     * @param or what holds where the file is silent
     */
    static TrafficLimits read(
            ToLongBiFunction<Limit, Long> reader,
            BiFunction<String, Set<Integer>, Set<Integer>> ports,
            BiFunction<String, Set<IpAddress>, Set<IpAddress>> addresses,
            TrafficLimits or) {
        Map<Figure, Pair> pairs = new EnumMap<>(Figure.class);
        for (Figure figure : Figure.values()) {
            pairs.put(
                    figure,
                    new Pair(
                            reader.applyAsLong(suspect(figure), or.of(figure).suspect()),
                            figure.offends()
                                    ? reader.applyAsLong(
                                            offending(figure), or.of(figure).offending())
                                    : Long.MAX_VALUE));
        }
        return new TrafficLimits(
                pairs,
                ports.apply(LOGIN_PORTS, or.loginPorts()),
                ports.apply(SERVICE_LOGIN_PORTS, or.serviceLoginPorts()),
                addresses.apply(TUNNEL_PEERS, or.tunnelPeers()),
                ports.apply(ATTACKED_PORTS, or.attackedPorts()));
    }

    /** What is wrong with limits that do not rise, as {@link PolicyKeys#unordered} has it. */
    static List<String[]> unordered(TrafficLimits limits) {
        List<String[]> wrong = new ArrayList<>();
        for (Figure figure : Figure.values()) {
            Pair pair = limits.of(figure);
            if (figure.offends()) {
                wrong.add(PolicyKeys.order(suspect(figure), pair.suspect(), offending(figure), pair.offending()));
            }
        }
        return wrong;
    }
}
