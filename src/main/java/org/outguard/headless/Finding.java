package org.outguard.headless;

import java.util.Locale;

/**
 * Something of a machine's set-up that should be otherwise. Text from outside may be in it.
 *
 * @param id short name that stays: {@code "outbound-open"}
 * @param cost what it costs
 * @param what what was found, in one sentence
 * @param why why that matters
 * @param fix the exact command that mends it
 */
public record Finding(String id, Cost cost, String what, String why, String fix) {

    /** What a finding costs. */
    public enum Cost {
        /** It lets abuse happen, or lets it go on. */
        LETS_IT_HAPPEN,
        /** It keeps Outguard, or whoever looks afterwards, from seeing who it was. */
        HIDES_IT,
        /** It keeps Outguard from stopping it. */
        KEEPS_IT_GOING;

        /** {@code "lets it happen"}. */
        public String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }
}
