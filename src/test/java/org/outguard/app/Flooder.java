package org.outguard.app;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** A program of www-data that floods and has deleted its file. */
public final class Flooder {

    public static final Owner OWNER = new Owner(
            new ProcessId(4711, 99),
            new Owner.Program("x7", "/tmp/x7", true, Optional.empty(), "/tmp", List.of("x7"), ""),
            new Owner.Credentials(33, "www-data", OptionalInt.empty()),
            new Owner.Placement("/", "", "", 1),
            List.of());

    private Flooder() {}
}
