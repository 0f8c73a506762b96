package org.outguard.nft;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.exec.CommandResult;

/** Why nft did not do what it was told, in words that help. Its own messages are those of nft 1.0.6 and strerror(3). */
final class NftProblem {

    private static final int LONGEST = 300;

    private static final String NOT_PERMITTED = "Operation not permitted";
    private static final String OVERLAPS = "interval overlaps";
    private static final String EXISTS = "File exists";
    private static final String FULL = "Too many open files in system";
    private static final String NO_CGROUP = "cgroupv2 path fails";
    private static final String NO_CGROUPS = "unknown datatype cgroupsv2";
    private static final Pattern PLACE = Pattern.compile("(?m)^\\S*?:([1-9]\\d{0,8}):\\d+-\\d+: Error: ");
    private static final String NOT_SUPPORTED = "Operation not supported";
    private static final String CGROUP = "cgroupv2";
    private static final List<String> NOT_EGRESS =
            List.of(NOT_PERMITTED, OVERLAPS, EXISTS, FULL, NO_CGROUP, NO_CGROUPS);

    private NftProblem() {}

    /** The same with the line of the script that nft names, which it repeats itself only where it reads a file. */
    static CommandResult withRefusedLine(CommandResult result, String script) {
        if (result instanceof CommandResult.Finished finished && finished.exitStatus() == 1) {
            Matcher place = PLACE.matcher(finished.stderr());
            if (place.find()) {
                String line = script.lines()
                        .skip(Long.parseLong(place.group(1)) - 1)
                        .findFirst()
                        .orElse("");
                return new CommandResult.Finished(1, finished.stdout(), finished.stderr() + "\n" + line);
            }
        }
        return result;
    }

    /** Whether the element, set or table that was named is not there. */
    static boolean absent(CommandResult result) {
        // Only with nft's own "Error:", since ip-netns(8) uses the same words for a namespace that is not there.
        return result instanceof CommandResult.Finished finished
                && finished.exitStatus() == 1
                && (finished.stderr().contains("Error: No such file or directory")
                        || finished.stderr().contains("Error: Could not process rule: No such file or directory")
                        || finished.stderr().contains("Error: element does not exist"));
    }

    /** Whether a signal ended it, by its own fault: 128 and the signal's number, 11 for SIGSEGV. */
    static boolean crashed(CommandResult result) {
        return result instanceof CommandResult.Finished finished && finished.exitStatus() == 139;
    }

    /** Whether the kernel does not know something that it was told. */
    static boolean notSupported(CommandResult result) {
        return result instanceof CommandResult.Finished finished
                && finished.exitStatus() == 1
                && finished.stderr().contains(NOT_SUPPORTED);
    }

    /** Whether nft refused for none of the reasons that have nothing to do with the egress of a device. */
    static boolean mayBeEgress(CommandResult result) {
        return result instanceof CommandResult.Finished finished
                && finished.exitStatus() == 1
                && NOT_EGRESS.stream().noneMatch(finished.stderr()::contains);
    }

    /** The reason; empty where all went well. */
    static Optional<String> of(CommandResult result, Duration limit) {
        if (result instanceof CommandResult.Finished finished) {
            return finished.exitStatus() == 0
                    ? Optional.empty()
                    : Optional.of(reason(finished.exitStatus(), finished.stderr()));
        }
        if (result instanceof CommandResult.NotFound) {
            return Optional.of("nft is not installed (apt install nftables)");
        }
        if (result instanceof CommandResult.Failed failed) {
            return Optional.of("nft failed: " + failed.reason());
        }
        return Optional.of("nft did not answer within " + limit.toSeconds() + " s");
    }

    private static String reason(int exitStatus, String stderr) {
        if (stderr.contains(NOT_PERMITTED)) {
            return "not permitted: nft needs root or CAP_NET_ADMIN";
        }
        if (stderr.contains(OVERLAPS) || stderr.contains(EXISTS)) {
            return "it overlaps the block of another network; take that one out first";
        }
        if (stderr.contains(NO_CGROUP)) {
            return "there is no such control group in cgroup2";
        }
        if (stderr.contains(NO_CGROUPS)) {
            return "this nft cannot match control groups (nft 1.0 can)";
        }
        if (stderr.contains(NOT_SUPPORTED) && stderr.contains(CGROUP)) {
            return "this kernel cannot match control groups in nft (Linux 5.13 can): block the user with --uid, or the"
                    + " destination with --remote";
        }
        if (stderr.contains(FULL)) {
            return "there is no room for more than " + Ruleset.MOST_ELEMENTS + " blocks of this shape";
        }
        String message = stderr.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst()
                .orElse("no message");
        String brief = message.length() > LONGEST ? message.substring(0, LONGEST) : message;
        return "nft failed with status " + exitStatus + ": " + brief;
    }
}
