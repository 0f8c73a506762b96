package org.outguard.app.enforce;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.outguard.app.output.OpenedFiles;
import org.outguard.app.wiring.Wiring;
import org.outguard.guard.action.ProcessStep;
import org.outguard.journal.Journal;
import org.outguard.journal.StandingByJournal;
import org.outguard.kernel.PidFd;
import org.outguard.kernel.SockDestroy;
import org.outguard.kernel.SocketScan;
import org.outguard.owner.ProcessId;
import org.outguard.procfs.PasswdFile;
import org.outguard.procfs.ProcessEnforcer;
import org.outguard.procfs.ProcessFacts;
import org.outguard.procfs.ProcessHolder;
import org.outguard.procfs.ProcessRails;
import org.outguard.procfs.RespawnWatch;
import org.outguard.procfs.SocketHolders;
import org.outguard.procfs.evidence.EvidenceKeeper;

/** Makes what acts on processes: package procfs knows them, package kernel holds them. */
public final class ProcessWiring {

    public static final Path PROC = Path.of("/proc");
    static final Path CGROUPS = Path.of("/sys/fs/cgroup");
    private static final Path ROOT = Path.of("/");
    private static final Path PASSWD = Path.of("/etc/passwd");

    private ProcessWiring() {}

    public static ProcessFacts facts() {
        return new ProcessFacts(PROC, new PasswdFile(PASSWD));
    }

    /**
     * What a journal says is in force, without what ended with its process: nobody can thaw a process that is not there.
     *
     * @throws IOException where the journal is there and cannot be read
     */
    public static List<StandingByJournal> standing(Journal journal, Instant now) throws IOException {
        ProcessFacts facts = facts();
        return journal.standing(now).stream()
                .filter(one -> !(one.action().step() instanceof ProcessStep.Freeze freeze)
                        || facts.read(freeze.process().pid())
                                .filter(owner -> owner.id().equals(freeze.process()))
                                .isPresent())
                .toList();
    }

    public static ProcessRails rails() {
        String ssh = System.getenv("SSH_CONNECTION");
        return new ProcessRails(PROC, CGROUPS, (int) ProcessHandle.current().pid(), ssh == null ? "" : ssh);
    }

    public static RespawnWatch respawns() {
        return new RespawnWatch(PROC, ROOT, new PasswdFile(PASSWD), new OpenedFiles());
    }

    public static ProcessEnforcer enforcer(RespawnWatch respawns, Clock clock) {
        return new ProcessEnforcer(
                PROC,
                CGROUPS,
                ProcessWiring::hold,
                SockDestroy::end,
                new SocketHolders(PROC, SocketScan::holders, System::nanoTime),
                rails(),
                new TimedEvidence(
                        new EvidenceKeeper(PROC, ROOT, new PasswdFile(PASSWD), new OpenedFiles(), clock),
                        Wiring.daemons("evidence")),
                Wiring.evidenceFolder(),
                respawns,
                clock);
    }

    private static ProcessHolder.Holding hold(ProcessId id) {
        PidFd.Opening opening = PidFd.open(id);
        if (opening instanceof PidFd.Opening.Held held) {
            return new ProcessHolder.Holding.Held(new Grip(held.process()));
        }
        if (opening instanceof PidFd.Opening.Failed failed) {
            return new ProcessHolder.Holding.Not(failed.reason());
        }
        String ended = "process " + id.pid() + " has ended";
        return new ProcessHolder.Holding.Not(
                opening instanceof PidFd.Opening.Another ? ended + ", and its number is another's by now" : ended);
    }

    private record Grip(PidFd process) implements ProcessHolder.Grip {

        @Override
        public Optional<String> send(ProcessHolder.Signal signal) {
            return process.send(signal.number());
        }

        @Override
        public boolean awaitEnd(int millis) {
            return process.awaitEnd(millis);
        }

        @Override
        public void close() {
            process.close();
        }
    }
}
