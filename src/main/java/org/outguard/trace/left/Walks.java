package org.outguard.trace.left;

import java.util.List;
import org.outguard.text.Severity;

/** What is said where not all could be looked at: silence would read as if nothing were there. */
final class Walks {

    static final CheckInfo CUT = new CheckInfo(
            "not-all-seen",
            Severity.LOW,
            "whether all could be looked at",
            "what was not looked at may hold what is looked for");

    private Walks() {}

    static Leftover cut(String where, String why, long entries) {
        return new Leftover(
                CUT.id(),
                CUT.severity(),
                where,
                "not all of " + where + " was looked at: " + why,
                List.of(entries + " names were"),
                Mend.byHand("outguard doctor --limit 10m", "nothing was changed"));
    }
}
