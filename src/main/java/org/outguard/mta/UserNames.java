package org.outguard.mta;

import java.util.Optional;
import java.util.OptionalInt;

/** Local users by name and number. Safe from any thread. */
public interface UserNames {

    /** The name of a user; the number as text where it has none. */
    String nameOf(int uid);

    /** The number of a user by its name, or by its number as text where such a user may act; empty otherwise. */
    OptionalInt uidOf(String user);

    /** The name where the user has one. */
    default Optional<String> realName(int uid) {
        String name = nameOf(uid);
        return name.equals(Integer.toUnsignedString(uid)) ? Optional.empty() : Optional.of(name);
    }
}
