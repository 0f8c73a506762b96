package org.outguard.headless;

import java.util.List;
import java.util.Optional;
import org.outguard.headless.complaint.Row;

/**
 * How a recorded offender fits what a complaint says of one destination; that the times fit is asked before.
 *
 * @param words by what it was found
 * @param exact whether destination and port are the same, and not only what a mask leaves
 * @param packets how many it sent there, as far as that was recorded
 */
record OffenderMatch(String words, boolean exact, long packets) {

    /** Empty where it sent nothing like that. */
    static Optional<OffenderMatch> of(PastOffender offender, AbuseExplanation.Target target) {
        Row row = target.row;
        String protocol = offender.text("protocol");
        boolean icmp = row.protocol().startsWith("icmp");
        boolean same = row.protocol().isEmpty()
                || protocol.isEmpty()
                || protocol.equals(row.protocol())
                || icmp && protocol.startsWith("icmp");
        if (!same) {
            return Optional.empty();
        }
        String time = target.first.isPresent() ? " and time" : "";
        boolean port = row.destinationPort().isPresent() && !icmp;
        if (!row.destination().told() && !port) {
            // A list of sources: whoever was over the limits at that time, by protocol where that is told.
            boolean over = offender.text("verdict").equals("OFFENDING")
                    || offender.text("verdict").equals("SUSPECT");
            return over && target.first.isPresent()
                    ? Optional.of(new OffenderMatch(
                            "by time alone: the complaint names no destination", false, offender.number("packets")))
                    : Optional.empty();
        }
        List<PastOffender.Remote> there = offender.remotes().stream()
                .filter(remote -> (!row.destination().told()
                                || row.destination().mayBe(remote.address()))
                        && (!port || remote.port() == row.destinationPort().getAsInt()))
                .toList();
        long packets = there.stream().mapToLong(PastOffender.Remote::packets).sum();
        if (!there.isEmpty()) {
            boolean whole = row.destination().address().isPresent();
            String by = whole
                    ? "by destination" + (port ? ", port" : "")
                    : "by " + (port ? "port" : "what the mask leaves");
            return Optional.of(new OffenderMatch(by + time, whole, packets));
        }
        long more = offender.number("remoteCount") - offender.remotes().size();
        boolean samePort = port
                && offender.remotes().stream()
                        .anyMatch(
                                remote -> remote.port() == row.destinationPort().getAsInt());
        return more > 0 && samePort && target.first.isPresent()
                ? Optional.of(new OffenderMatch(
                        "by port and time: of its " + offender.number("remoteCount") + " destinations the record names "
                                + offender.remotes().size(),
                        false,
                        0))
                : Optional.empty();
    }
}
