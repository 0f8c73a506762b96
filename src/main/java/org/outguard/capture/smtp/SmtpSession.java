package org.outguard.capture.smtp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.outguard.flow.FlowKey;

/**
 * One connection to a mail server: puts the segments of both directions in order, as far as they were captured. What each side
 * has received by then (its acknowledgement) orders the two directions against each other, and tells of segments that nobody
 * captured.
 */
final class SmtpSession {

    /** Segments that wait for an earlier one; with one more the earlier one is given up. */
    static final int MOST_HELD = 8;

    /** So long an earlier one is waited for. */
    static final long LATE_NANOS = 500_000_000L;

    private static final byte[] GREETING = {'2', '2', '0'};

    /** Whether it waits to be reported. */
    boolean listed;

    private final FlowKey flow;
    private final SmtpHeldRoom room;
    private final SmtpNews news = new SmtpNews();
    private final SmtpDialogue dialogue;
    private final List<Held> held = new ArrayList<>(0);
    private final boolean hasStart;
    private final int start;
    private boolean clientKnown;
    private int clientNext;
    private boolean serverKnown;
    private boolean serverHeard;
    private int serverNext;
    private long lastNanos = Long.MIN_VALUE;

    /** A segment, kept. */
    private record Held(boolean toServer, int seq, int ack, byte[] data, int length, boolean fin, long atNanos) {}

    /** One that begins with this segment, or that was there before it. */
    SmtpSession(FlowKey flow, SmtpSegment first, SmtpStarts starts, SmtpHeldRoom room) {
        this.flow = flow;
        this.room = room;
        long hash = first.hash();
        hasStart = starts.knows(hash);
        start = hasStart ? starts.client(hash) : first.toServer ? first.seq : first.ack;
        clientKnown = hasStart || !first.toServer;
        clientNext = start;
        serverKnown = starts.knowsServer(hash);
        serverNext = starts.server(hash);
        dialogue = new SmtpDialogue(news, hasStart || greets(first));
    }

    private static boolean greets(SmtpSegment segment) {
        return !segment.toServer
                && segment.captured >= GREETING.length
                && Arrays.equals(segment.data, segment.at, segment.at + GREETING.length, GREETING, 0, GREETING.length);
    }

    FlowKey flow() {
        return flow;
    }

    SmtpNews news() {
        return news;
    }

    long lastNanos() {
        return lastNanos;
    }

    /** Whether this segment is of a later connection between the same ends. */
    boolean isAnother(SmtpSegment segment, SmtpStarts starts) {
        long hash = segment.hash();
        boolean begunAgain = starts.knows(hash) && !(hasStart && starts.client(hash) == start);
        return begunAgain || dialogue.isOver() && greets(segment);
    }

    void take(SmtpSegment segment) {
        lastNanos = Math.max(lastNanos, segment.atNanos);
        news.at(segment.atNanos);
        while (!held.isEmpty() && segment.atNanos - held.get(0).atNanos > LATE_NANOS) {
            giveUpWaiting();
        }
        if (dialogue.isEncrypted()) {
            end();
            return;
        }
        int captured = Math.min(segment.captured, segment.length);
        while (!isReady(segment.toServer, segment.seq, segment.ack)) {
            if (held.size() < MOST_HELD && room.take(captured)) {
                held.add(new Held(
                        segment.toServer,
                        segment.seq,
                        segment.ack,
                        Arrays.copyOfRange(segment.data, segment.at, segment.at + captured),
                        segment.length,
                        segment.fin,
                        segment.atNanos));
                return;
            }
            if (held.isEmpty()) {
                giveUp(segment.toServer, segment.seq, segment.ack);
            } else {
                giveUpWaiting();
            }
        }
        deliver(
                segment.toServer,
                segment.seq,
                segment.ack,
                segment.data,
                segment.at,
                captured,
                segment.length,
                segment.fin);
        deliverReady();
    }

    /** Reads no more of it. */
    void end() {
        held.forEach(one -> room.giveBack(one.data.length));
        held.clear();
    }

    private boolean isReady(boolean toServer, int seq, int ack) {
        boolean client = !clientKnown || (toServer ? seq : ack) - clientNext <= 0;
        // Where no reply is ever captured, none is waited for.
        boolean server = toServer ? !serverHeard || ack - serverNext <= 0 : !serverKnown || seq - serverNext <= 0;
        return client && server;
    }

    private void deliverReady() {
        for (int i = 0; i < held.size(); i++) {
            Held one = held.get(i);
            if (isReady(one.toServer, one.seq, one.ack)) {
                take(i);
                i = -1;
            }
        }
    }

    private void take(int index) {
        Held one = held.remove(index);
        room.giveBack(one.data.length);
        deliver(one.toServer, one.seq, one.ack, one.data, 0, one.data.length, one.length, one.fin);
    }

    /* What the longest waiting one waits for does not come any more. */
    private void giveUpWaiting() {
        int first = 0;
        for (int i = 1; i < held.size(); i++) {
            boolean earlier = held.get(i).seq - held.get(first).seq < 0;
            if (held.get(i).toServer == held.get(0).toServer && earlier) {
                first = i;
            }
        }
        Held one = held.get(first);
        giveUp(one.toServer, one.seq, one.ack);
        take(first);
        deliverReady();
    }

    /* Goes on as if all before this segment, of both directions, had been lost. */
    private void giveUp(boolean toServer, int seq, int ack) {
        int client = toServer ? seq : ack;
        int server = toServer ? ack : seq;
        if ((toServer ? serverHeard : serverKnown) && server - serverNext > 0) {
            dialogue.lostReply();
            serverNext = server;
        }
        if (clientKnown && client - clientNext > 0) {
            dialogue.lost(client - clientNext);
            clientNext = client;
        }
    }

    private void endsThere(boolean toServer, int next) {
        if (toServer) {
            clientKnown = true;
            clientNext = next;
        } else {
            serverKnown = true;
            serverNext = next;
        }
    }

    private void deliver(
            boolean toServer, int seq, int ack, byte[] data, int at, int captured, int length, boolean fin) {
        boolean known = toServer ? clientKnown : serverKnown;
        int seen = known ? (toServer ? clientNext : serverNext) - seq : 0;
        int end = length + (fin ? 1 : 0);
        if (seen < 0 || seen >= end) {
            return;
        }
        if (seen == length) {
            endsThere(toServer, seq + end);
            return;
        }
        int have = Math.max(0, captured - seen);
        int missing = length - seen - have;
        if (toServer) {
            clientKnown = true;
            clientNext = seq + end;
            dialogue.command(data, at + seen, have);
            if (missing > 0) {
                dialogue.lost(missing);
            }
        } else {
            serverKnown = true;
            serverHeard = true;
            serverNext = seq + end;
            dialogue.reply(data, at + seen, have, !clientKnown || ack - clientNext >= 0);
            if (missing > 0) {
                dialogue.lostReply();
            }
        }
    }
}
