package org.outguard.app.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.outguard.kernel.Confinement;
import org.outguard.kernel.Confinement.Capability;
import org.outguard.kernel.Confinement.Confined;
import org.outguard.kernel.Confinement.Profile;

/**
 * Confines a process that runs one command which does not act. There is no way back, so nothing is taken where the same process goes
 * on with other commands: in the console, on the screen, in a test.
 */
public final class Confining {

    /**
     * Those that only look. Mail systems' programs give up root by themselves; setns(2) and chroot(2) lead to containers, for their devices
     * and for programs of the mail systems in there (nsenter(1)).
     */
    private static final Set<Capability> TO_WATCH = EnumSet.of(
            Capability.DAC_READ_SEARCH,
            Capability.SETUID,
            Capability.SETGID,
            Capability.NET_ADMIN,
            Capability.NET_RAW,
            Capability.SYS_CHROOT,
            Capability.SYS_PTRACE,
            Capability.SYS_ADMIN,
            Capability.PERFMON,
            Capability.BPF);

    private static volatile boolean oneCommand;
    private static volatile Confined inForce = Confined.NOT;

    private Confining() {}

    /** This process runs one command, and ends with it. */
    public static void processHasOneCommand() {
        oneCommand = true;
    }

    /** What is in force. */
    public static Confined inForce() {
        return inForce;
    }

    /**
     * From here on it reads files, and writes to what it has open.
     *
     * @param folder where it writes nevertheless; null for nowhere
     * @param starts whether it starts programs, as for the reading of logs that are compressed
     */
    public static void toReading(@Nullable Path folder, boolean starts) {
        if (oneCommand) {
            inForce = Confinement.confine(new Profile.Reads(folder == null ? List.of() : List.of(folder), starts));
        }
    }

    /**
     * From here on it watches: what had to be opened is open.
     *
     * @param outputs files and folders that are still written, null among them for none
     */
    public static Confined toWatching(List<@Nullable Path> outputs) {
        if (oneCommand) {
            Set<Capability> kept = EnumSet.copyOf(TO_WATCH);
            if (outputs.stream().filter(Objects::nonNull).anyMatch(Confining::isAnothers)) {
                kept.add(Capability.DAC_OVERRIDE);
            }
            inForce = Confinement.confine(new Profile.Watches(kept));
        }
        return inForce;
    }

    /* A log that has become long gets another name, which its folder's owner alone may give it. */
    private static boolean isAnothers(@Nullable Path output) {
        Path whole = Objects.requireNonNull(output).toAbsolutePath();
        List<Path> places = new ArrayList<>(
                Stream.of(whole, whole.getParent()).filter(Objects::nonNull).toList());
        try {
            Object own = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
            for (Path place : places) {
                if (Files.exists(place)
                        && !Files.getAttribute(place, "unix:uid").equals(own)) {
                    return true;
                }
            }
            return false;
        } catch (IOException | UnsupportedOperationException e) {
            return true;
        }
    }
}
