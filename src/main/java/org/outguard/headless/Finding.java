package org.outguard.headless;

import java.util.List;
import java.util.Locale;
import org.outguard.text.Severity;

/**
 * Something of a machine that should be otherwise: of its set-up, or left by an intruder. Text from outside may be in it.
 *
 * @param id short name that stays: {@code "outbound-open"}
 * @param severity how sure it is that somebody must act
 * @param cost what it costs
 * @param subject the file, line or process that is meant; empty where it is the machine
 * @param what what was found, in one sentence
 * @param evidence what that rests on, each a fact
 * @param why why that matters
 * @param fix the exact command that mends it
 * @param undo what undoes that; empty where the fix says so itself
 */
public record Finding(
        String id,
        Severity severity,
        Cost cost,
        String subject,
        String what,
        List<String> evidence,
        String why,
        String fix,
        String undo) {

    public Finding {
        evidence = List.copyOf(evidence);
    }

    /** A finding of the machine's set-up. */
    public Finding(String id, Cost cost, String what, String why, String fix) {
        this(id, cost == Cost.LETS_IT_HAPPEN ? Severity.MEDIUM : Severity.LOW, cost, "", what, List.of(), why, fix, "");
    }

    /** What a finding costs. */
    public enum Cost {
        /** It lets abuse happen, or lets it go on. */
        LETS_IT_HAPPEN,
        /** It keeps Outguard, or whoever looks afterwards, from seeing who it was. */
        HIDES_IT,
        /** It keeps Outguard from stopping it. */
        KEEPS_IT_GOING;

        /** {@code "lets it happen"}. */
        public String words() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** By what it is accepted: {@code "web-shell:/var/www/html/x.php"}, or its id alone where it is of the machine. */
    public String key() {
        return subject.isEmpty() ? id : id + ":" + subject;
    }
}
