package org.outguard.guard.mail;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.outguard.flow.Endpoint;
import org.outguard.flow.FlowKey;
import org.outguard.guard.observation.SmtpReport;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.traffic.Correlator;
import org.outguard.guard.traffic.Ledger;
import org.outguard.guard.traffic.TalkerState;
import org.outguard.owner.Attribution;

/**
 * Whose a connection to a mail server is, in this order: the submitter's whose mail it carries; whoever its packets are
 * charged to, where they are counted by connection; the owner of its socket; the only talker that sends mail to that place. For
 * one tick.
 */
public final class SmtpOwnerResolver implements PendingSmtpReports.Whose {

    private final Ledger ledger;
    private final Correlator correlator;
    private final DeliveryAttribution.Looks looks;
    private final Map<Endpoint, Optional<TalkerState>> only = new HashMap<>();

    public SmtpOwnerResolver(Ledger ledger, Correlator correlator, DeliveryAttribution deliveries) {
        this.ledger = ledger;
        this.correlator = correlator;
        this.looks = deliveries.looks();
    }

    @Override
    public Optional<TalkerState> talker(SmtpReport report, Attribution asked, boolean last) {
        FlowKey connection = report.flow();
        DeliveryAttribution.Carried carried = looks.by(connection, report.lastNanos());
        if (!carried.known() && !last) {
            return Optional.empty();
        }
        Optional<TalkerState> submitter = carried.ofOne().flatMap(correlator::known);
        if (submitter.isPresent()) {
            return submitter;
        }
        Optional<TalkerState> counted = ledger.flows.chargedWith(connection);
        if (counted.isPresent()) {
            // Its owner may be on the way.
            return counted.filter(talker -> last || talker.attribution != Correlator.NOT_YET);
        }
        Optional<TalkerState> owned = correlator.known(connection.protocol(), connection.remote(), asked);
        return owned.isPresent() ? owned : only.computeIfAbsent(connection.remote(), this::onlyOne);
    }

    private Optional<TalkerState> onlyOne(Endpoint remote) {
        List<TalkerState> senders = correlator.talkers().stream()
                .filter(talker -> talker.traffic == TrafficClass.MAIL && talker.hasRemote(remote))
                .limit(2)
                .toList();
        return senders.size() == 1 ? Optional.of(senders.get(0)) : Optional.empty();
    }
}
