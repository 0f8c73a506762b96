package org.outguard.nft;

import java.util.List;
import java.util.regex.Pattern;

/** Port: what rules hang on that differs from machine to machine. */
public interface Hooks {

    /**
     * Devices whose egress is hooked, as the calling thread's network namespace has them; empty where that is not wanted.
     */
    List<String> devices();

    /**
     * Where cgroup2 is mounted below /sys/fs/cgroup, with a slash at the end, as {@code unified/} where both versions are in
     * use (systemd(1), CGROUPS); empty where it is mounted there itself.
     */
    String cgroups();

    /** No egress, and cgroup2 where it is mounted by default. */
    Hooks NONE = new Hooks() {
        @Override
        public List<String> devices() {
            return List.of();
        }

        @Override
        public String cgroups() {
            return "";
        }
    };

    /** A device's name becomes a part of a chain's name, which may not hold all that Linux lets a device be called. */
    Pattern DEVICE = Pattern.compile("[A-Za-z0-9_.-]{1,15}");

    /** Those of the devices that can be hooked; more are never asked for at once. */
    default List<String> usable() {
        return devices().stream()
                .filter(name -> DEVICE.matcher(name).matches())
                .limit(64)
                .toList();
    }
}
