package org.outguard.guard.detect;

import java.util.Map;
import org.outguard.flow.Endpoint;
import org.outguard.guard.contact.Dealings;
import org.outguard.guard.contact.WebLoads;
import org.outguard.guard.policy.Judgement;
import org.outguard.guard.policy.MailLimits.Pair;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.TrafficClass;
import org.outguard.guard.policy.TrafficLimits.Figure;
import org.outguard.guard.traffic.TalkerState;

/**
 * Holds what is sent to one web server against the limits: kind {@link OffenceKind#L7_FLOOD}. Requests are encrypted and not read,
 * so it is a judgement: by connections that come and go, and by packets that are longer than an acknowledgement and shorter than
 * what carries a file.
 */
final class WebJudge {

    private static final Judgement NONE = Judgement.clean(OffenceKind.L7_FLOOD, "no flood of requests", 0);

    /** An acknowledgement has 40 to 72 bytes, as of a download; with requests among them they are more on the average. */
    private static final int LEAST_REQUEST = 90;

    /** What is uploaded fills packets. */
    private static final int MOST_REQUEST = 900;

    /** A connection that was answered has its acknowledgement and a request behind the attempt. */
    private static final int ANSWERED = 3;

    private final Policy policy;

    WebJudge(Policy policy) {
        this.policy = policy;
    }

    Judgement judge(TalkerState talker, long nowNanos) {
        Dealings dealings = talker.dealings;
        boolean web = talker.traffic == TrafficClass.TCP
                || talker.traffic == TrafficClass.UDP
                || talker.traffic == TrafficClass.UDP_SERVICE;
        Pair connects = policy.traffic().of(Figure.WEB_CONNECTS_PER_SECOND);
        Pair requests = policy.traffic().of(Figure.WEB_REQUESTS_PER_SECOND);
        // No server gets more than all of them together.
        dealings.webIsBusy = web
                && (talker.connectRate.perSecond(nowNanos, 2) >= connects.suspect()
                        || talker.packetRate.perSecond(nowNanos, 2) >= requests.suspect());
        if (!web || dealings.web == null) {
            return NONE;
        }
        Map.Entry<Endpoint, WebLoads.Load> churn = dealings.web.most(load -> load.connects(nowNanos));
        Map.Entry<Endpoint, WebLoads.Load> small = dealings.web.most(load -> requests(load, nowNanos));
        if (churn == null || small == null) {
            return NONE;
        }
        Judgement byChurn = byChurn(churn.getKey(), churn.getValue(), connects, nowNanos);
        Judgement byRequests = byRequests(talker, small.getKey(), small.getValue(), requests, nowNanos);
        return byRequests.verdict().compareTo(byChurn.verdict()) > 0 ? byRequests : byChurn;
    }

    private static double requests(WebLoads.Load load, long nowNanos) {
        double each = load.bytesEach(nowNanos);
        return each >= LEAST_REQUEST && each <= MOST_REQUEST ? load.packets(nowNanos) : 0;
    }

    private static Judgement byChurn(Endpoint server, WebLoads.Load load, Pair pair, long nowNanos) {
        double rate = load.connects(nowNanos);
        if (rate < pair.suspect()) {
            return NONE;
        }
        // Attempts that nobody answers are a flood of those, or of an address that is down.
        boolean answered = load.packets(nowNanos) >= ANSWERED * rate;
        return Judge.limits(
                        OffenceKind.L7_FLOOD,
                        Judge.whole(rate) + " connections/s to port " + server.port() + " of one address over "
                                + WebLoads.SECONDS + " s" + (answered ? "" : ", answered or not,") + judged(),
                        rate,
                        pair.suspect(),
                        answered ? pair.offending() : Long.MAX_VALUE)
                .about(server);
    }

    private static Judgement byRequests(
            TalkerState talker, Endpoint server, WebLoads.Load load, Pair pair, long nowNanos) {
        double rate = requests(load, nowNanos);
        return rate < pair.suspect()
                ? NONE
                : Judge.limits(
                                OffenceKind.L7_FLOOD,
                                Judge.whole(rate) + " packets/s of " + Judge.whole(load.bytesEach(nowNanos))
                                        + " bytes each to " + talker.protocol.word() + " port " + server.port()
                                        + " of one address over " + WebLoads.SECONDS + " s" + judged(),
                                rate,
                                pair.suspect(),
                                pair.offending())
                        .about(server);
    }

    private static String judged() {
        return " (a judgement: no request is read)";
    }
}
