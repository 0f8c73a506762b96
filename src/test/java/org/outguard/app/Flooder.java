package org.outguard.app;

import java.util.List;
import java.util.OptionalInt;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** A program of www-data that floods and has deleted its file. */
public final class Flooder {

    public static final Owner OWNER = new Owner(
            new ProcessId(4711, 99),
            "x7",
            "/tmp/x7",
            true,
            "/tmp",
            List.of("x7"),
            33,
            "www-data",
            OptionalInt.empty(),
            "/",
            "",
            "",
            1,
            List.of(),
            "");

    private Flooder() {}
}
