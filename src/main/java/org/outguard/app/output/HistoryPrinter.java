package org.outguard.app.output;

import java.io.IOException;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import org.outguard.headless.ndjson.RecordLines;
import org.outguard.history.HistoryQuery;
import org.outguard.history.HistoryReader;
import org.outguard.history.RecordedFlow;
import org.outguard.history.RecordedOwner;
import org.outguard.text.Columns;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;
import org.outguard.text.Times;

/** Prints an answer of history, as tables or as NDJSON. */
public record HistoryPrinter(PrintWriter out, HistoryReader reader, HistoryQuery query) {

    private static final int OWNER = 44;
    private static final int REMOTE = 30;

    public void text(int top, boolean mail) throws IOException {
        out.println(Times.day(query.from()) + " to " + Times.day(query.until()));
        List<RecordedFlow> flows = reader.flows(query, top);
        // Sums by owner are of all destinations; with a mask those would not be the ones that are asked for.
        List<HistoryReader.OwnerSum> sums = query.remote().isPresent() ? List.of() : reader.owners(query, top);
        if (flows.isEmpty() && sums.isEmpty()) {
            out.println("not seen: nothing like that was recorded");
        }
        if (!sums.isEmpty()) {
            out.println();
            line("OWNER", "PACKETS", "BYTES", "CONNECTS", "REMOTES", "FIRST", "LAST");
            for (HistoryReader.OwnerSum sum : sums) {
                line(
                        words(sum.owner()),
                        Numbers.count(sum.packets()),
                        Numbers.bytes(sum.bytes()),
                        Numbers.count(sum.connects()),
                        Numbers.count(sum.remotes()),
                        moment(sum.first()),
                        moment(sum.last()));
            }
        }
        if (!flows.isEmpty()) {
            out.println();
            out.println(Columns.fit("DESTINATION", REMOTE) + "  " + Columns.fit("OWNER", OWNER)
                    + "   PACKETS     BYTES  VERDICT    FIRST                LAST                 EXACT TO");
            flows.forEach(this::destination);
        }
        List<HistoryReader.SubmitterSum> submitters =
                mail ? reader.submitters(query.from(), query.until(), top) : List.of();
        if (!submitters.isEmpty()) {
            out.println();
            out.println(Columns.fit("SUBMITTER", OWNER) + "  MESSAGES  RECIPIENTS      SENT   BOUNCED  DEFERRED");
            for (HistoryReader.SubmitterSum sum : submitters) {
                String script = sum.script().isEmpty() ? "" : ", script " + sum.script();
                out.println(Columns.fit(SafeText.clean(sum.kind() + " " + sum.who() + script), OWNER)
                        + Columns.fitLeft(Numbers.count(sum.messages()), 10)
                        + Columns.fitLeft(Numbers.count(sum.recipients()), 12)
                        + Columns.fitLeft(Numbers.count(sum.sent()), 10)
                        + Columns.fitLeft(Numbers.count(sum.bounced()), 10)
                        + Columns.fitLeft(Numbers.count(sum.deferred()), 10));
            }
        }
    }

    private void line(
            String owner, String packets, String bytes, String connects, String remotes, String first, String last) {
        out.println(Columns.fit(owner, OWNER) + "  " + Columns.fitLeft(packets, 8) + Columns.fitLeft(bytes, 10)
                + Columns.fitLeft(connects, 10) + Columns.fitLeft(remotes, 9) + "  " + Columns.fit(first, 19) + "  "
                + last);
    }

    private void destination(RecordedFlow flow) {
        String address = flow.remote().isEmpty()
                ? "others"
                : flow.remote().contains(":") && flow.port() != 0 ? "[" + flow.remote() + "]" : flow.remote();
        String to = flow.protocol() + " " + address + (flow.port() == 0 ? "" : ":" + flow.port());
        out.println(Columns.fit(SafeText.clean(to), REMOTE) + "  " + Columns.fit(words(flow.owner()), OWNER)
                + Columns.fitLeft(Numbers.count(flow.packets()), 10) + Columns.fitLeft(Numbers.bytes(flow.bytes()), 10)
                + "  " + Columns.fit(flow.verdict().name(), 9) + "  " + moment(flow.first()) + "  "
                + moment(flow.last()) + "  " + flow.span().name().toLowerCase(java.util.Locale.ROOT));
    }

    private static String moment(Instant at) {
        return Times.day(at).replace(" UTC", "");
    }

    private static String words(RecordedOwner owner) {
        String who = owner.user().isEmpty() ? "" : owner.user() + " ";
        String program = owner.program().isEmpty()
                ? owner.user().isEmpty() ? "unknown sender" : "(no process known)"
                : owner.program();
        String script = owner.script().isEmpty() ? "" : " " + owner.script();
        String mail = owner.submitter().isEmpty() ? "" : " for " + owner.submitter();
        return SafeText.clean(who + program + script + mail);
    }

    public void json(int most, boolean mail) throws IOException {
        for (RecordedFlow flow : reader.flows(query, most)) {
            out.print(RecordLines.traffic(
                    flow.owner().facts(),
                    flow.owner().submitter(),
                    flow.protocol(),
                    flow.remote(),
                    flow.port(),
                    new long[] {flow.packets(), flow.bytes(), flow.connects()},
                    flow.verdict().name(),
                    flow.first(),
                    flow.last(),
                    flow.span().name()));
        }
        List<HistoryReader.SubmitterSum> submitters =
                mail ? reader.submitters(query.from(), query.until(), most) : List.of();
        for (HistoryReader.SubmitterSum sum : submitters) {
            out.print(RecordLines.submissions(query.until(), sum.kind(), sum.who(), sum.script(), new long[] {
                sum.messages(), sum.recipients(), sum.sent(), sum.bounced(), sum.deferred()
            }));
        }
        long packets = 0;
        long bytes = 0;
        for (HistoryReader.OwnerSum sum : reader.owners(query, Integer.MAX_VALUE)) {
            packets += sum.packets();
            bytes += sum.bytes();
        }
        out.print(RecordLines.span(query.from(), query.until(), packets, bytes));
    }
}
