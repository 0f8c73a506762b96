package org.outguard.text;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.MatchQuality;
import org.outguard.owner.Owner;

/** The guard's words for people. All of it is safe to print. */
public final class Words {

    private Words() {}

    /** {@code "UDP flood"}, {@code "direct to MX"}. */
    public static String kind(OffenceKind kind) {
        return switch (kind) {
            case UDP_FLOOD -> "UDP flood";
            case ICMP_FLOOD -> "ICMP flood";
            case TCP_SYN_FLOOD -> "SYN flood";
            case SMTP_BURST -> "SMTP burst";
            case SUBMISSION_BURST -> "submission burst";
            case ACCOUNT_TAKEOVER -> "account takeover";
            case BACKSCATTER -> "backscatter";
            case DIRECT_TO_MX -> "direct to MX";
            case TUNNEL -> "tunnel";
            case BRUTE_FORCE -> "password guessing";
            case BYTE_FLOOD -> "flood of bytes";
            case SCAN -> "scan";
            case REFLECTOR -> "reflector";
            case FOREIGN_SMTP -> "mail by other hosts";
            case L7_FLOOD -> "flood of requests";
            case BEACON -> "odd program";
            case LISTED -> "listed address";
            case REFLECTED -> "answers of the kernel";
            case VICTIM -> "victim of many";
        };
    }

    /** {@code "exact"}, {@code "probable"}, {@code "none"}. */
    public static String match(MatchQuality quality) {
        return quality.name().toLowerCase(Locale.ROOT);
    }

    /** What runs: its script where that is known, else the program's name, else a question mark. */
    public static String process(Talker talker) {
        return talker.attribution().knownOwner().map(Words::process).orElse("?");
    }

    /** What runs: its script where that is known, else the program's name. */
    public static String process(Owner owner) {
        return SafeText.clean(owner.script().isEmpty() ? owner.command() : owner.command() + " " + owner.script());
    }

    /** The user's name, of a mail system's traffic the submitter's; a question mark where neither is known. */
    public static String user(Talker talker) {
        if (talker.mail().isPresent()) {
            return SafeText.clean(talker.mail().get().origin().who());
        }
        int users = talker.attribution().users().size();
        return users > 1
                ? users + " users"
                : talker.attribution()
                        .account()
                        .map(account -> SafeText.clean(account.user()))
                        .orElse("?");
    }

    /** The busiest destination, and how many others there are: {@code "192.0.2.1:80 +3"}. */
    public static String destination(Talker talker) {
        if (talker.remotes().isEmpty()) {
            return "many";
        }
        String first = talker.remotes().get(0).remote().toString();
        return talker.remoteCount() > 1 ? first + " +" + (talker.remoteCount() - 1) : first;
    }

    /** {@code "blocked 9:58"}, {@code "limited 9:58"}, {@code "blocking"}, {@code "unblocking"}, {@code "failed"}. */
    public static String block(ActiveBlock block, Instant now) {
        String verb = block.word();
        return switch (block.state()) {
            case STARTING -> verb + "ing";
            case STANDING -> verb + "ed " + Durations.clock(Duration.between(now, block.expires()));
            case ENDING -> "un" + verb + "ing";
            case FAILED -> "failed";
        };
    }
}
