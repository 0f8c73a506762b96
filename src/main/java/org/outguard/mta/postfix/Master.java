package org.outguard.mta.postfix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;

/**
 * The master(8) process of an instance. SIGHUP is what {@code postfix reload} sends it after a check of folders that takes
 * longer than a ban should: it lets processes that wait for work end at once, and the others after the work at hand.
 *
 * @param calls runs programs
 * @param configuration configuration folder
 * @param queue queue folder, in which its process number stands
 */
record Master(ProgramCalls calls, Path configuration, Path queue) {

    /** The command, as a person would type it. */
    String command() {
        return calls.host().container().isEmpty()
                ? "kill -HUP $(cat " + pidFile() + ")"
                : "postfix -c " + configuration + " reload";
    }

    private Path pidFile() {
        return queue.resolve("pid/master.pid");
    }

    /** Lets Postfix read its configuration again; why it could not, or empty. Where it does not run there is no need. */
    Optional<String> readAgain() {
        Optional<Long> pid = calls.host().container().isEmpty() ? pid() : Optional.empty();
        Said said = pid.isPresent()
                ? calls.call("kill", "-HUP", Long.toString(pid.get()))
                : calls.call("postfix", "-c", configuration.toString(), "reload");
        return said.ok() || said.all().contains("is not running")
                ? Optional.empty()
                : Optional.of("Postfix does not read its configuration again: " + said.complaint());
    }

    /* The file may be left from a run before: the process has to be a master. */
    private Optional<Long> pid() {
        try {
            long pid = Long.parseLong(Files.readString(pidFile()).strip());
            return ProcessHandle.of(pid)
                    .filter(process -> process.info().command().orElse("").endsWith("/master"))
                    .map(ProcessHandle::pid);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
