package org.outguard.app.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.outguard.mta.MailHost;
import org.outguard.mta.UserNames;
import org.outguard.procfs.PasswdEntry;

/** Users by the passwd(5) of a container; for any thread. */
final class ContainerUsers implements UserNames {

    private static final Path PASSWD = Path.of("/etc/passwd");
    private static final long REMEMBERED_NANOS = 10_000_000_000L;
    private static final int MOST_USERS = 65_536;

    private final MailHost host;
    private final Map<Integer, String> names = new LinkedHashMap<>();
    private long readAt = System.nanoTime() - 2 * REMEMBERED_NANOS;

    ContainerUsers(MailHost host) {
        this.host = host;
    }

    @Override
    public synchronized String nameOf(int uid) {
        refresh();
        return names.getOrDefault(uid, Integer.toUnsignedString(uid));
    }

    @Override
    public synchronized OptionalInt uidOf(String user) {
        refresh();
        for (Map.Entry<Integer, String> entry : names.entrySet()) {
            if (entry.getValue().equals(user)) {
                return OptionalInt.of(entry.getKey());
            }
        }
        return user.matches("\\d{1,9}") ? OptionalInt.of(Integer.parseInt(user)) : OptionalInt.empty();
    }

    private void refresh() {
        if (System.nanoTime() - readAt < REMEMBERED_NANOS) {
            return;
        }
        readAt = System.nanoTime();
        names.clear();
        try {
            byte[] passwd = host.content(PASSWD).orElse(new byte[0]);
            PasswdEntry.all(new String(passwd, StandardCharsets.UTF_8)).stream()
                    .limit(MOST_USERS)
                    .forEach(entry -> names.putIfAbsent(entry.uid(), entry.name()));
        } catch (IOException e) {
            // Then users go by their numbers.
            names.clear();
        }
    }
}
