package org.outguard.headless.complaint;

import java.util.Optional;
import org.outguard.flow.IpAddress;

/**
 * A host of a complaint.
 *
 * @param address its address; empty where that is not told or was masked
 * @param mask the address as it was masked: {@code 203.0.113.x}; else empty
 */
public record Host(Optional<IpAddress> address, String mask) {

    /** Not told. */
    static final Host NONE = new Host(Optional.empty(), "");

    static Host of(IpAddress address) {
        return new Host(Optional.of(address), "");
    }

    static Host masked(String mask) {
        return new Host(Optional.empty(), mask);
    }

    /** Whether anything of it is told. */
    public boolean told() {
        return address.isPresent() || !mask.isEmpty();
    }

    /** Whether it may be that address: the same, or one that fits the octets that a mask leaves. */
    public boolean mayBe(String other) {
        if (address.isPresent()) {
            return address.get().toString().equals(other);
        }
        String[] mine = mask.split("\\.");
        String[] its = other.split("\\.");
        if (mine.length != 4 || its.length != 4) {
            return true;
        }
        for (int i = 0; i < 4; i++) {
            if (Character.isDigit(mine[i].charAt(0)) && !mine[i].equals(its[i])) {
                return false;
            }
        }
        return true;
    }

    /** The address, the mask, or nothing. */
    @Override
    public String toString() {
        return address.map(IpAddress::toString).orElse(mask);
    }
}
