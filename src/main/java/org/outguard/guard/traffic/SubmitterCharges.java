package org.outguard.guard.traffic;

import java.util.Optional;
import org.outguard.flow.FlowKey;
import org.outguard.flow.Protocol;
import org.outguard.guard.mail.DeliveryAttribution;
import org.outguard.guard.observation.Delivery;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.mail.MailOrigin;
import org.outguard.owner.Attribution;

/** Charges mail to its submitters, which was charged to the mail system that sent it. */
public final class SubmitterCharges {

    private final Ledger ledger;
    private final Correlator correlator;

    public SubmitterCharges(Ledger ledger, Correlator correlator) {
        this.ledger = ledger;
        this.correlator = correlator;
    }

    /** Charges to a submitter what was charged to the mail system that sent it. */
    public void charge(DeliveryAttribution.Transfer transfer) {
        Delivery delivery = transfer.delivery();
        TalkerState from = transfer.from().current();
        TalkerState to = correlator.submitted(delivery.root().origin(), sender(from.attribution));
        ledger.totals.attribute(from.owned ? 0 : transfer.packets());
        from.add(
                transfer.firstNanos(),
                transfer.atNanos(),
                -transfer.packets(),
                -transfer.bytes(),
                -transfer.connects());
        to.add(transfer.firstNanos(), transfer.atNanos(), transfer.packets(), transfer.bytes(), transfer.connects());
        ledger.changes.add(
                from, Protocol.TCP, delivery.remote(), -transfer.packets(), -transfer.bytes(), -transfer.connects());
        ledger.changes.add(
                to, Protocol.TCP, delivery.remote(), transfer.packets(), transfer.bytes(), transfer.connects());
        from.addInKernel(-transfer.packets(), -transfer.bytes());
        to.addInKernel(transfer.packets(), transfer.bytes());
        to.seen(transfer.atNanos(), transfer.atNanos());
        if (to.mail != null) {
            to.mail.sends(delivery, transfer.atNanos());
        }
        if (transfer.packets() > 0) {
            ledger.moveRemote(
                    from,
                    to,
                    delivery.remote(),
                    transfer.firstNanos(),
                    transfer.atNanos(),
                    transfer.packets(),
                    transfer.bytes());
        }
    }

    /* Processes of one mail system that hand a connection on to each other are the same sender. */
    private static Attribution sender(Attribution attribution) {
        return attribution instanceof Attribution.Contested contested
                ? new Attribution.Probable(contested.candidates().get(0), contested.matchedBy())
                : attribution;
    }

    /** Charges a flow to the submitter whose mail it carries: all of it, if it has carried no other's before. */
    public void charge(Delivery delivery) {
        FlowState flow = ledger.flows.get(new FlowKey(Protocol.TCP, delivery.local(), delivery.remote()));
        if (flow == null) {
            return;
        }
        if (delivery.root().origin() instanceof MailOrigin.Unknown) {
            flow.carriesMail = true;
            return;
        }
        Optional<Attribution> sender = flow.attribution.knownOwner().isPresent()
                ? Optional.of(flow.attribution)
                : delivery.owner()
                        .map(owner -> new Attribution.Exact(owner, "has the message and the connection open"));
        if (sender.isEmpty()) {
            return;
        }
        TalkerState before = flow.talker();
        TalkerState after = correlator.submitted(delivery.root().origin(), sender.get());
        if (after.mail != null) {
            after.mail.sends(delivery, flow.lastSeenNanos);
        }
        if (after == before) {
            return;
        }
        if (flow.carriesMail) {
            flow.chargeTo(after);
            return;
        }
        flow.carriesMail = true;
        ledger.totals.attribute(before.owned ? 0 : flow.packets);
        ledger.move(flow, after);
        if (!before.owned) {
            // It was judged by what it turned out not to have sent.
            before.judgement = Judgement.clean(OffenceKind.SMTP_BURST, "not judged yet", 0);
        }
    }
}
