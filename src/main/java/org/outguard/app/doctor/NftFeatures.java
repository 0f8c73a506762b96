package org.outguard.app.doctor;

import java.util.ArrayList;
import java.util.List;
import org.outguard.exec.CommandResult;
import org.outguard.headless.Finding;

/** What nft and the kernel's nf_tables cannot do for blocks; asked by {@code nft -c}, which changes nothing. */
final class NftFeatures implements Check {

    private static final String TABLE = "add table inet outguard_try\n";

    @Override
    public List<Finding> look(CheckContext place) {
        CommandResult plain = tried(place, TABLE);
        if (plain instanceof CommandResult.NotFound) {
            return List.of(new Finding(
                    "no-nft",
                    Finding.Cost.KEEPS_IT_GOING,
                    "nft is not installed",
                    "nothing can be blocked, limited or locked down",
                    "apt-get install nftables"));
        }
        List<Finding> findings = new ArrayList<>();
        if (!taken(plain)) {
            // Without the privilege it is not known.
            return findings;
        }
        if (!taken(tried(place, TABLE + "add set inet outguard_try try { type cgroupsv2; }\n"))) {
            findings.add(new Finding(
                    "nft-no-cgroups",
                    Finding.Cost.KEEPS_IT_GOING,
                    "nft or the kernel cannot match control groups of version 2",
                    "no service is blocked as a whole, and no process by command; blocks of a user or a destination work, and"
                            + " those of one process by the screen's key b",
                    "apt-get install nftables linux-image-amd64 && reboot # nft 1.0 and Linux 5.13, or newer"));
        }
        if (!taken(tried(
                place,
                "add table netdev outguard_try\nadd chain netdev outguard_try try { type filter hook egress device \"lo\""
                        + " priority 0; }\n"))) {
            findings.add(new Finding(
                    "nft-no-egress",
                    Finding.Cost.KEEPS_IT_GOING,
                    "nft or the kernel has no hook at the egress of devices",
                    "packets of AF_PACKET sockets, which only root can send, pass every block of a destination",
                    "apt-get install nftables linux-image-amd64 && reboot # nft 1.0.1 and Linux 5.16, or newer"));
        }
        return findings;
    }

    private static CommandResult tried(CheckContext place, String script) {
        return place.run(script, "nft", "-c", "-f", "/proc/self/fd/0");
    }

    private static boolean taken(CommandResult result) {
        return result instanceof CommandResult.Finished finished && finished.exitStatus() == 0;
    }
}
