package org.outguard.guard;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.outguard.mail.MailOrigin;
import org.outguard.mail.SeenLogin;

/**
 * Where each login came from within the last hour: with mail, or to another service of the mail server such as IMAP. A
 * stolen password is mostly tried out before mail is sent with it, so logins are remembered of which there is no mail yet.
 */
final class LoginBook {

    private static final int MAX_LOGINS = 4_096;

    private final Map<String, Places> logins = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Places> eldest) {
            return size() > MAX_LOGINS;
        }
    };

    /** What is known of who is called so, as a login; of anybody else it stays empty. */
    Places of(MailOrigin origin) {
        return origin instanceof MailOrigin.Login ? of(origin.key()) : new Places();
    }

    /** A login at another service; the key of its submitter. */
    String seen(SeenLogin login) {
        String key = new MailOrigin.Login(login.login(), "", java.util.OptionalInt.empty()).key();
        Places places = of(key);
        long at = Nanos.of(login.at());
        if (login.failures() > 0) {
            places.failed(login.failures(), at);
        } else {
            places.cameFrom(login.address(), at);
        }
        return key;
    }

    private Places of(String key) {
        return logins.computeIfAbsent(key, k -> new Places());
    }

    /** Networks (/24, /48) that one login came from, and how often it was refused. */
    static final class Places {

        private static final int MAX_NETWORKS = 256;
        private static final long HOUR_NANOS = 3_600 * Nanos.PER_SECOND;

        private final Map<String, Long> networks = new LinkedHashMap<>();
        private @Nullable HourWindow failures;

        void cameFrom(String address, long atNanos) {
            String network = network(address);
            Long before = networks.remove(network);
            networks.put(network, before == null ? atNanos : Math.max(before, atNanos));
            if (networks.size() > MAX_NETWORKS) {
                Iterator<String> oldest = networks.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }

        private void failed(int attempts, long atNanos) {
            HourWindow window = failures;
            if (window == null) {
                window = new HourWindow();
                failures = window;
            }
            window.add(atNanos, attempts);
        }

        int networks(long nowNanos) {
            networks.values().removeIf(at -> nowNanos - at > HOUR_NANOS);
            return networks.size();
        }

        long failures(long nowNanos) {
            HourWindow window = failures;
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
