package org.outguard.app.host;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import org.outguard.mta.UserNames;
import org.outguard.procfs.PasswdFile;

/** Users of passwd(5), for any thread. */
public final class LocalUsers implements UserNames {

    private static final long REMEMBERED_NANOS = 1_000_000_000L;
    private static final int MOST_NAMES = 1_024;

    private final PasswdFile file;
    private final Map<Integer, String> names = new HashMap<>();
    private long namesSince = System.nanoTime();

    public LocalUsers(PasswdFile file) {
        this.file = file;
    }

    /* Thousands of messages are one user's: the file is not looked at for each. */
    @Override
    public synchronized String nameOf(int uid) {
        long now = System.nanoTime();
        if (now - namesSince > REMEMBERED_NANOS || names.size() >= MOST_NAMES) {
            names.clear();
            namesSince = now;
        }
        return names.computeIfAbsent(uid, file::nameOf);
    }

    @Override
    public synchronized OptionalInt uidOf(String user) {
        OptionalInt named = file.uidOf(user);
        if (named.isPresent()) {
            return named;
        }
        try {
            return OptionalInt.of(Integer.parseUnsignedInt(user));
        } catch (NumberFormatException e) {
            return OptionalInt.empty();
        }
    }
}
