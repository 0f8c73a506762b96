package org.outguard.app.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.exec.CommandRunner;
import org.outguard.text.SafeText;

/**
 * What this process is allowed to do.
 *
 * @param effective the capability set in force, as in CapEff of /proc/self/status (capabilities(7), proc(5))
 */
public record Privileges(long effective) {

    private static final int CAP_SYS_ADMIN = 21;

    /** A capability that Outguard has a use for; the numbers are those of linux/capability.h. */
    public enum Capability {
        CAP_KILL(5, "stop processes of other users"),
        CAP_NET_ADMIN(12, "block"),
        CAP_NET_RAW(13, "capture packets"),
        CAP_SYS_PTRACE(19, "see which process of another user holds a socket");

        private final int bit;
        private final String purpose;

        Capability(int bit, String purpose) {
            this.bit = bit;
            this.purpose = purpose;
        }

        /** What cannot be done without it. */
        public String purpose() {
            return purpose;
        }
    }

    /** Those of this process; none where /proc does not say. */
    public static Privileges ofThisProcess() {
        return read(Path.of("/proc/self/status"));
    }

    static Privileges read(Path status) {
        try {
            for (String line : Files.readAllLines(status, StandardCharsets.UTF_8)) {
                if (line.startsWith("CapEff:")) {
                    return new Privileges(
                            Long.parseUnsignedLong(line.substring(7).strip(), 16));
                }
            }
        } catch (IOException | NumberFormatException e) {
            return new Privileges(0);
        }
        return new Privileges(0);
    }

    public boolean has(Capability capability) {
        return (effective >>> capability.bit & 1) == 1;
    }

    public List<Capability> missing() {
        List<Capability> missing = new ArrayList<>();
        for (Capability capability : Capability.values()) {
            if (!has(capability)) {
                missing.add(capability);
            }
        }
        return missing;
    }

    /** What a service without CAP_SYS_ADMIN does not see: setns(2) leads to the devices of other network namespaces. */
    public Optional<String> limitsOfSight() {
        return (effective >>> CAP_SYS_ADMIN & 1) == 1 || effective == 0
                ? Optional.empty()
                : Optional.of("without CAP_SYS_ADMIN: what containers send past their IP stack is not counted");
    }

    /** Whether it may do nothing of all that. */
    public boolean none() {
        return missing().size() == Capability.values().length;
    }

    /**
     * One sentence that names what is missing and how to have it; empty where nothing is.
     *
     * @param words what was typed behind the program's name
     */
    public String complaint(List<String> words) {
        List<String> parts =
                missing().stream().map(c -> c.name() + " to " + c.purpose()).toList();
        if (parts.isEmpty()) {
            return "";
        }
        List<String> typed = new ArrayList<>(List.of("sudo", "outguard"));
        typed.addAll(words);
        return "outguard needs root: " + SafeText.clean(CommandRunner.describe(typed)) + " (or "
                + String.join(", ", parts) + ")";
    }
}
