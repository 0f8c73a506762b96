package org.outguard.guard.contact;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.Endpoint;
import org.outguard.guard.policy.Listings;
import org.outguard.owner.Owner;

/** What a talker does with single destinations, as far as it is judged by that. Most talkers have nothing of it. */
public final class Dealings {

    /** What is sent to mail ports by who is no mail server; null where nothing is. */
    @Nullable
    public ForeignMail mail;

    /** What is sent to web servers; null where that is not counted. */
    @Nullable
    public WebLoads web;

    /** Whether it is to be counted. */
    public boolean webIsBusy;

    /** What a service answers; null where none does. */
    @Nullable
    public Answers answers;

    /** Whom a program from where none belongs keeps in touch with; null where it is no such program. */
    @Nullable
    public LongContacts beacons;

    /** What a feed says of a destination that was turned to last, and which that is; null where none is listed. */
    public Listings.@Nullable Listing listing;

    @Nullable
    public Endpoint listed;

    /** When it was, nanoseconds since the epoch. */
    public long listedNanos;

    /** How many packets were sent to destinations that are listed. */
    public long toListed;

    private @Nullable Owner looked;
    private Optional<String> oddity = Optional.empty();

    /** What is odd about the program of an owner, asked once for each. */
    public Optional<String> oddity(Owner owner, long nowNanos) {
        if (!owner.equals(looked)) {
            looked = owner;
            oddity = OddProgram.of(owner, nowNanos);
        }
        return oddity;
    }

    public void addAll(Dealings other, long nowNanos) {
        if (other.mail != null) {
            if (mail == null) {
                mail = new ForeignMail(other.mail.last);
            }
            mail.addAll(other.mail, nowNanos);
        }
        if (other.web != null) {
            web = web == null ? new WebLoads() : web;
            web.addAll(other.web);
        }
        if (other.answers != null) {
            answers = answers == null ? new Answers(other.answers.requests) : answers;
            answers.addAll(other.answers);
        }
        if (other.beacons != null) {
            beacons = beacons == null ? new LongContacts() : beacons;
            beacons.addAll(other.beacons);
        }
        if (other.listed != null) {
            listed = other.listed;
            listing = other.listing;
            listedNanos = other.listedNanos;
            toListed += other.toListed;
        }
    }
}
