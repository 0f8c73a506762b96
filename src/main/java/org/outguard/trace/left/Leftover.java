package org.outguard.trace.left;

import java.util.List;
import org.outguard.text.Severity;

/**
 * Something that an intruder may have left. Text from outside is in it.
 *
 * @param check which check found it, see {@link CheckInfo#id()}
 * @param severity how sure it is
 * @param subject the file, the line or the process that is meant: {@code "/var/tmp/.x"}, {@code "process 812"}
 * @param what one sentence
 * @param evidence what that rests on, each a fact
 * @param mend how it is put right
 */
public record Leftover(String check, Severity severity, String subject, String what, List<String> evidence, Mend mend) {

    public Leftover {
        evidence = List.copyOf(evidence);
    }
}
