package org.outguard.app;

import java.util.OptionalInt;
import org.outguard.mta.UserNames;
import org.outguard.procfs.PasswdFile;

/** Users of passwd(5), for any thread. */
final class LocalUsers implements UserNames {

    private final PasswdFile file;

    LocalUsers(PasswdFile file) {
        this.file = file;
    }

    @Override
    public synchronized String nameOf(int uid) {
        return file.nameOf(uid);
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
