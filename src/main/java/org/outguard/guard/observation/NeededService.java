package org.outguard.guard.observation;

import org.outguard.owner.ProcessId;

/**
 * A name or time server that runs here, in a service of its own.
 *
 * @param process which process
 * @param command its name
 * @param role what it does for this machine
 * @param uid who it runs as
 * @param user that user's name
 * @param cgroup its control group, without the first slash; empty where it has none
 */
public record NeededService(ProcessId process, String command, Role role, int uid, String user, String cgroup) {

    /** What for. */
    public enum Role {
        NAMES("names could not be looked up any more", "the name server"),
        TIME("the clock would not be set any more", "the time server");

        private final String loss;
        private final String words;

        Role(String loss, String words) {
            this.loss = loss;
            this.words = words;
        }

        /** What is lost without it, a clause. */
        public String loss() {
            return loss;
        }

        /** What it is. */
        public String words() {
            return words;
        }
    }
}
