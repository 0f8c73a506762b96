package org.outguard.procfs;

import java.util.Optional;
import org.outguard.owner.ProcessId;

/** Port: holds a process so that a signal reaches it or nobody, see pidfd_open(2). */
public interface ProcessHolder {

    /** Holds that very process. */
    Holding hold(ProcessId id);

    /** What came of it. */
    sealed interface Holding {

        /**
         * It is held.
         *
         * @param grip to be closed by whoever asked
         */
        record Held(Grip grip) implements Holding {}

        /**
         * It cannot be.
         *
         * @param reason why: it has ended, another has its number, or more than that
         */
        record Not(String reason) implements Holding {}
    }

    /** A process that is held. */
    interface Grip extends AutoCloseable {

        /** Sends a signal; why it could not be sent, empty where it was. */
        Optional<String> send(Signal signal);

        /** Waits so long for its end; whether it has ended. */
        boolean awaitEnd(int millis);

        @Override
        void close();
    }

    /** What is sent. */
    enum Signal {
        STOP(19),
        CONTINUE(18),
        KILL(9);

        private final int number;

        Signal(int number) {
            this.number = number;
        }

        /** Its number on x86 and Arm (signal(7)). */
        public int number() {
            return number;
        }
    }
}
