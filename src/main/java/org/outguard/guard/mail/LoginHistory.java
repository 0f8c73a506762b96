package org.outguard.guard.mail;

import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.guard.stats.HourlyWindow;
import org.outguard.guard.stats.Nanos;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.SeenLogin;

/**
 * Where each login came from within the last hour: with mail, or to another service of the mail server such as IMAP. A
 * stolen password is mostly tried out before mail is sent with it, so logins are remembered of which there is no mail yet.
 */
final class LoginHistory {

    private static final int MAX_LOGINS = 4_096;

    private final Guesses guesses = new Guesses();

    private final Map<String, Places> logins = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Places> eldest) {
            return size() > MAX_LOGINS;
        }
    };

    /** What is known of who is called so, as a login; of anybody else it stays empty. */
    Places of(MailOrigin origin) {
        return origin instanceof MailOrigin.Login ? of(origin.key()) : new Places(guesses);
    }

    /** A login at another service; the key of its submitter. */
    String seen(SeenLogin login) {
        if (login.failures() > 0) {
            guesses.add(Places.network(login.address()), login.failures(), Nanos.of(login.at()));
        }
        if (login.login().isEmpty()) {
            return "";
        }
        String key = new MailOrigin.Login(login.login(), "", java.util.OptionalInt.empty()).key();
        Places places = of(key);
        long at = Nanos.of(login.at());
        if (login.failures() > 0) {
            places.failed(login.address(), login.failures(), at);
        } else {
            places.cameFrom(login.address(), at);
        }
        return key;
    }

    /** How often logins were refused to each network within the last hour, whichever they were. */
    static final class Guesses {
        private static final int MAX_NETWORKS = 4_096;

        private final Map<String, HourlyWindow> networks = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, HourlyWindow> eldest) {
                return size() > MAX_NETWORKS;
            }
        };

        private void add(String network, int failures, long atNanos) {
            networks.computeIfAbsent(network, n -> new HourlyWindow()).add(atNanos, failures);
        }

        private long from(String network, long nowNanos) {
            HourlyWindow window = networks.get(network);
            return window == null ? 0 : window.lastHour(nowNanos);
        }
    }

    private Places of(String key) {
        return logins.computeIfAbsent(key, k -> new Places(guesses));
    }

    /** Networks (/24, /48) that one login came from, and how often it was refused. */
    static final class Places {

        private static final int MAX_NETWORKS = 256;
        private static final int LEAST_GUESSES = 2;
        private static final long HOUR_NANOS = 3_600 * Nanos.PER_SECOND;

        private final Map<String, Long> networks = new LinkedHashMap<>();
        private final Set<String> known = new HashSet<>();
        private final Set<String> guessedFrom = new HashSet<>();
        private final Guesses guesses;
        private @Nullable HourlyWindow failures;
        private String takeover = "";
        private long takeoverNanos;

        Places(Guesses guesses) {
            this.guesses = guesses;
        }

        /**
         * Why it may have been taken over within the last hour: it came from a network that it had never come from, and to
         * which it and others had been refused before. Whoever mistypes a password does so from where it always comes
         * from, or once.
         */
        Optional<String> takeover(long nowNanos) {
            return takeover.isEmpty() || nowNanos - takeoverNanos > HOUR_NANOS
                    ? Optional.empty()
                    : Optional.of(takeover);
        }

        private void judge(String network, long atNanos) {
            long refused = guesses.from(network, atNanos);
            if (!known.isEmpty()
                    && !known.contains(network)
                    && refused >= LEAST_GUESSES
                    && guessedFrom.contains(network)) {
                takeover = "first login from " + network + (network.contains(".") ? ".0/24" : "::/48")
                        + ", to which logins were refused " + refused + " times within the hour before";
                takeoverNanos = atNanos;
            }
            if (known.size() < MAX_NETWORKS) {
                known.add(network);
            }
        }

        void cameFrom(String address, long atNanos) {
            String network = network(address);
            judge(network, atNanos);
            Long before = networks.remove(network);
            networks.put(network, before == null ? atNanos : Math.max(before, atNanos));
            if (networks.size() > MAX_NETWORKS) {
                Iterator<String> oldest = networks.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }

        private void failed(String address, int attempts, long atNanos) {
            if (guessedFrom.size() < MAX_NETWORKS) {
                guessedFrom.add(network(address));
            }
            HourlyWindow window = failures;
            if (window == null) {
                window = new HourlyWindow();
                failures = window;
            }
            window.add(atNanos, attempts);
        }

        int networks(long nowNanos) {
            networks.values().removeIf(at -> nowNanos - at > HOUR_NANOS);
            return networks.size();
        }

        long failures(long nowNanos) {
            HourlyWindow window = failures;
            return window == null ? 0 : window.lastHour(nowNanos);
        }

        /* /24 of IPv4; of IPv6 the first three groups, /48, as they are written. */
        private static String network(String address) {
            int dot = address.lastIndexOf('.');
            if (dot > 0) {
                return address.substring(0, dot);
            }
            int colon = address.indexOf(':', address.indexOf(':', address.indexOf(':') + 1) + 1);
            return colon > 0 ? address.substring(0, colon) : address;
        }
    }
}
