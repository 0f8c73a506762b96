package org.outguard.headless;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.outguard.headless.complaint.Complaint;
import org.outguard.headless.complaint.Kind;
import org.outguard.text.SafeText;
import org.outguard.text.Times;

/** The draft of an answer to who complained. What only a person can know is in brackets. All of it is safe to print. */
public final class ProviderReply {

    private ProviderReply() {}

    /** The draft: what was complained about, what was found, what was done. */
    public static String of(AbuseExplanation abuseExplanation, AbuseExplanation.Result result) {
        Complaint complaint = abuseExplanation.complaint();
        StringBuilder text = new StringBuilder();
        if (!complaint.subject().isEmpty()) {
            boolean again = complaint.subject().toLowerCase(Locale.ROOT).startsWith("re:");
            line(text, "Subject: " + (again ? "" : "Re: ") + complaint.subject());
            line(text, "");
        }
        line(text, "Hello,");
        line(text, "");
        line(text, "thank you for your report" + about(complaint) + ".");
        line(text, "");
        if (result.answers().isEmpty()) {
            line(text, "Our records of that time do not show this traffic. " + missing(complaint));
            line(text, "[What was checked, and by whom.]");
        } else {
            found(result, text);
        }
        line(text, "");
        line(text, "[How it got in, and what was changed so that it does not happen again.]");
        line(text, "");
        line(text, "[Name, organisation]");
        return text.toString();
    }

    private static void found(AbuseExplanation.Result result, StringBuilder text) {
        line(text, "What we found:");
        result.answers().stream().limit(10).forEach(answer -> {
            boolean named = !answer.match().equals("NONE");
            line(
                    text,
                    "- " + answer.about() + ": "
                            + (named ? "sent by one account of this machine" : "sent from this machine")
                            + (answer.match().equals("EXACT") ? ", which our records name with certainty" : "")
                            + (answer.goesOn() ? "; it was still going on at the last record" : "; it has ended"));
        });
        line(text, "");
        line(text, "What we did:");
        Optional<String> nothing = result.answers().stream()
                .map(Answer::stopped)
                .flatMap(Optional::stream)
                .findFirst();
        if (nothing.isEmpty()) {
            line(text, "- [Nothing is in the journal yet: stop it first, see 'outguard explain'.]");
        }
        result.answers().stream()
                .limit(10)
                .flatMap(answer -> answer.stopped().stream())
                .distinct()
                .forEach(stopped -> line(text, "- " + stopped));
    }

    private static String about(Complaint complaint) {
        String kind = switch (complaint.kind()) {
            case DDOS -> " of an attack";
            case NETSCAN -> " of a network scan";
            case BRUTE_FORCE -> " of login attempts";
            case REFLECTOR -> " of a service that was misused for reflection";
            case SPAM_MESSAGE -> " of an unwanted message";
            case SPAM_LISTING -> " that our address was listed";
            case OTHER -> "";
        };
        String from = complaint.accused().isEmpty()
                ? ""
                : " from " + complaint.accused().get(0);
        Optional<Instant> first =
                complaint.rows().stream().flatMap(row -> row.at().stream()).min(Instant::compareTo);
        String message = complaint
                .message()
                .filter(meant -> !meant.messageId().isEmpty())
                .map(meant -> ", Message-ID <" + meant.messageId() + ">")
                .orElse("");
        return kind + from + first.map(at -> " at " + Times.day(at)).orElse("") + message;
    }

    private static String missing(Complaint complaint) {
        if (complaint.kind() == Kind.SPAM_MESSAGE || complaint.kind() == Kind.SPAM_LISTING) {
            return "Could you send us the header of one message, with its Received lines?";
        }
        return "Could you send us times with their zone, and the ports at both ends?";
    }

    private static void line(StringBuilder text, String line) {
        text.append(SafeText.clean(line)).append('\n');
    }
}
