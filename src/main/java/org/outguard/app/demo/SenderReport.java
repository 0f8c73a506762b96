package org.outguard.app.demo;

import java.time.Instant;
import java.util.Locale;
import java.util.OptionalLong;
import org.outguard.flow.Endpoint;
import org.outguard.owner.ProcessId;

/**
 * What a sender of the lab says that it has done: the truth to compare Outguard's counts with.
 *
 * @param role whether it floods
 * @param process the sender
 * @param uid the user that it runs as
 * @param remote where it sends to
 * @param startedAt when it began to send
 * @param sent packets that the kernel took from it; empty while it runs, and where it was killed before it could say
 * @param errors packets that the kernel refused, because of a block for instance; empty as {@code sent}
 */
public record SenderReport(
        Role role,
        ProcessId process,
        int uid,
        Endpoint remote,
        Instant startedAt,
        OptionalLong sent,
        OptionalLong errors) {

    /** What a sender is in the lab for. */
    public enum Role {
        FLOOD,
        BYSTANDER;

        /** Lower-case name as in NDJSON. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The report as one object of NDJSON, without the end of the line; counts that are not known are null. */
    public String toJson() {
        return "{\"type\":\"lab\",\"role\":\"" + role.word()
                + "\",\"pid\":" + process.pid()
                + ",\"uid\":" + uid
                + ",\"address\":\"" + remote.address()
                + "\",\"port\":" + remote.port()
                + ",\"sent\":" + text(sent)
                + ",\"errors\":" + text(errors)
                + ",\"startedAt\":\"" + startedAt + "\"}";
    }

    private static String text(OptionalLong count) {
        return count.isPresent() ? Long.toString(count.getAsLong()) : "null";
    }
}
