package org.outguard.history;

/**
 * Who sent, as a row has it. Text from outside is in it.
 *
 * @param id of the row
 * @param program path or name; empty where the sender is unknown
 * @param uid user id; -1 where it is not known
 * @param user its name
 * @param script that an interpreter ran
 * @param submitter whose mail it is, where the program is a mail system's
 * @param match EXACT, PROBABLE or NONE
 * @param facts an object of NDJSON with {@code owner}, {@code match} and {@code matchedBy}
 */
public record RecordedOwner(
        int id, String program, long uid, String user, String script, String submitter, String match, String facts) {}
