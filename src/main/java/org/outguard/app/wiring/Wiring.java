package org.outguard.app.wiring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.outguard.app.counting.UserCounting;
import org.outguard.app.enforce.Enforcement;
import org.outguard.app.enforce.ProcessWiring;
import org.outguard.app.enforce.StepDispatcher;
import org.outguard.app.host.BootId;
import org.outguard.app.host.MachineHooks;
import org.outguard.app.host.ProgramLog;
import org.outguard.app.host.Run;
import org.outguard.app.mail.LocalClients;
import org.outguard.app.mail.MailEnvironment;
import org.outguard.app.mail.MailSystemsProvider;
import org.outguard.app.output.KernelAttributes;
import org.outguard.app.output.OpenedFiles;
import org.outguard.app.run.Faults;
import org.outguard.capture.live.WireEye;
import org.outguard.exec.CommandRunner;
import org.outguard.exec.ProcessRunner;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.ActionRow;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.Step;
import org.outguard.guard.observation.ActionObservation;
import org.outguard.guard.observation.HostObservation;
import org.outguard.guard.observation.Observation;
import org.outguard.journal.Journal;
import org.outguard.journal.StandingByJournal;
import org.outguard.kernel.KernelEye;
import org.outguard.kernel.OwnerLookup;
import org.outguard.kernel.PidDrop;
import org.outguard.kernel.ProcessBlocks;
import org.outguard.kernel.SockDiag;
import org.outguard.kernel.SocketScan;
import org.outguard.nft.Listing;
import org.outguard.nft.NftAccounting;
import org.outguard.nft.NftEnforcer;
import org.outguard.owner.ProcessId;
import org.outguard.procfs.PasswdFile;
import org.outguard.procfs.ProcessEnforcer;
import org.outguard.procfs.ProcessFacts;
import org.outguard.procfs.RespawnWatch;
import org.outguard.procfs.SocketHolders;
import org.outguard.trace.store.FileRunner;

/** Makes the edges that act, for the screen and for the one-shot commands alike. */
public final class Wiring {

    /** Another place for the journal than {@link Journal#DEFAULT_FILE}, for the demonstration, tests and trials. */
    private static final String JOURNAL_PROPERTY = "outguard.journal";

    /** Set by the single file: the folder that goes when the program ends. */
    private static final String RUN_FOLDER_PROPERTY = "outguard.run-folder";

    private static volatile MailEnvironment mailEnvironment = new MailEnvironment.OfThisMachine();

    private Wiring() {}

    public static ThreadFactory daemons(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    public static CommandRunner runner() {
        CommandRunner runner = new ProcessRunner(daemons("program output"));
        return ProgramLog.inForce()
                .<CommandRunner>map(log -> new LoggedRunner(runner, log, System::nanoTime))
                .orElse(runner);
    }

    /** From now on the whole program has its journal, and what lies beside that, and its mail systems elsewhere. */
    public static void moveTo(Path journal, MailEnvironment mail) {
        System.setProperty(JOURNAL_PROPERTY, journal.toString());
        mailEnvironment = mail;
    }

    /** Whose mail is watched and acted on. */
    public static MailEnvironment mailEnvironment() {
        return mailEnvironment;
    }

    public static MailSystemsProvider mail(Clock clock) {
        return new MailSystemsProvider(runner(), deletedMailFolder(), clock);
    }

    /**
     * The journal of what is done in a network namespace: a block in one is none in another.
     *
     * @param netns name of the namespace, null for that of the machine
     */
    public static Journal journal(@Nullable String netns) {
        Path file = Path.of(System.getProperty(JOURNAL_PROPERTY, Journal.DEFAULT_FILE.toString()));
        return new Journal(
                netns == null ? file : file.resolveSibling("journal-netns-" + netns + ".ndjson"), BootId.read());
    }

    /** What left, beside the journal. */
    public static Path historyStore(@Nullable String netns) {
        return beside(netns == null ? "history.db" : "history-netns-" + netns + ".db");
    }

    /** Whether what leaves is kept: a run from the single file leaves nothing behind, and only goes on with a store that is there. */
    public static boolean keepsHistory(@Nullable String netns) {
        return System.getProperty(RUN_FOLDER_PROPERTY) == null || Files.exists(historyStore(netns));
    }

    /** Lines of the console, beside the journal. */
    public static Path historyFile() {
        return beside("console-history");
    }

    /** Made when somebody has seen the screen for the first time. */
    public static Path seenFile() {
        return beside("screen-seen");
    }

    /** Which columns of the screen are hidden. */
    public static Path columnsFile() {
        return beside("screen-columns");
    }

    /* In a run from the single file a new one lies in the folder that goes with it. */
    private static Path beside(String name) {
        Path file = Path.of(System.getProperty(JOURNAL_PROPERTY, Journal.DEFAULT_FILE.toString()))
                .toAbsolutePath()
                .resolveSibling(name);
        String folder = System.getProperty(RUN_FOLDER_PROPERTY);
        return folder == null || Files.exists(file) ? file : Path.of(folder, name);
    }

    /** Where mail is kept that is deleted, if nobody says otherwise: beside the journal. */
    static Path deletedMailFolder() {
        return journal(null).folder();
    }

    /** Where evidence of processes is kept if nobody says otherwise: beside the journal. */
    public static Path evidenceFolder() {
        return Path.of(System.getProperty(JOURNAL_PROPERTY, Journal.DEFAULT_FILE.toString()))
                .toAbsolutePath()
                .resolveSibling("evidence");
    }

    /** Where files are kept that were taken away: beside the journal. */
    static Path quarantineFolder() {
        return journal(null).folder().toAbsolutePath().resolve("quarantine");
    }

    public static Enforcement enforcement(
            Journal journal, RespawnWatch respawns, MailSystemsProvider mail, Clock clock, Consumer<Observation> sink) {
        NftEnforcer nft = new NftEnforcer(runner(), List.of("nft"), clock, new MachineHooks());
        ProcessEnforcer processes = ProcessWiring.enforcer(respawns, clock);
        ProcessBlocks single = new ProcessBlocks(PidDrop::open, process -> rails(processes, process), clock);
        StepDispatcher stepDispatcher = new StepDispatcher(
                nft,
                processes,
                mail,
                new FileRunner(
                        Path.of("/"), new OpenedFiles(), new KernelAttributes(), runner(), quarantineFolder(), clock),
                single);
        return new Enforcement(
                stepDispatcher,
                () -> blocks(nft, single, sink),
                record(journal, clock),
                clock,
                sink,
                Faults.oneByOne("enforcement"),
                Faults.scheduled("counters of blocks"));
    }

    /* What may not be frozen may not be made silent either. */
    private static Optional<String> rails(ProcessEnforcer processes, ProcessId process) {
        return processes.refusal(new ProcessStep.Freeze(process, "", ProcessStep.Scope.PROCESS));
    }

    private static Optional<ActionObservation.BlocksSeen> blocks(
            NftEnforcer nft, ProcessBlocks single, Consumer<Observation> sink) {
        Listing listing = nft.list();
        boolean seen = listing instanceof Listing.Seen;
        String problem = listing instanceof Listing.Failed failed ? "cannot block: " + failed.reason() : "";
        sink.accept(new HostObservation.Degraded("nft", problem));
        if (!seen) {
            return Optional.empty();
        }
        ActionObservation.BlocksSeen blocks = ((Listing.Seen) listing).blocks();
        List<ActionObservation.BlockCounter> all = new ArrayList<>(blocks.blocks());
        all.addAll(single.counters());
        return Optional.of(new ActionObservation.BlocksSeen(blocks.at(), all, blocks.lockdown()));
    }

    private static Enforcement.ActionRecord record(Journal journal, Clock clock) {
        return new Enforcement.ActionRecord() {
            @Override
            public Optional<String> before(Action action) {
                return journal.before(action);
            }

            @Override
            public Optional<String> after(Outcome outcome) {
                return journal.after(outcome);
            }

            @Override
            public Optional<Step> standing(String key) {
                try {
                    return journal.standing(clock.instant()).stream()
                            .map(one -> one.action().step())
                            .filter(step -> step.key().equals(key))
                            .findFirst();
                } catch (IOException e) {
                    // Then the action itself cannot be journaled either.
                    return Optional.empty();
                }
            }

            @Override
            public Journal.Turn turn() throws IOException {
                return journal.turn();
            }
        };
    }

    public static OwnerLookup owners(Consumer<Observation> sink) {
        Path proc = Path.of("/proc");
        ProcessFacts facts = new ProcessFacts(proc, new PasswdFile(Path.of("/etc/passwd")));
        SocketHolders holders = new SocketHolders(proc, SocketScan::holders, System::nanoTime);
        int ownPid = (int) ProcessHandle.current().pid();
        return new OwnerLookup(new SockDiag(), holders::holdersOf, facts::read, ownPid, System::nanoTime, sink);
    }

    public static LocalClients localClients() {
        Path proc = Path.of("/proc");
        ProcessFacts facts = new ProcessFacts(proc, new PasswdFile(Path.of("/etc/passwd")));
        SocketHolders holders = new SocketHolders(proc, SocketScan::holders, System::nanoTime);
        return new LocalClients(holders::holdersOf, facts::read, System::nanoTime);
    }

    /**
     * Opens the kernel eye; takes from some hundred milliseconds to minutes.
     *
     * @param btf types of the running kernel; null where it has them itself
     */
    public static KernelEye.Opening kernelEye(@Nullable Path btf) {
        ProcessFacts facts = new ProcessFacts(Path.of("/proc"), new PasswdFile(Path.of("/etc/passwd")));
        return KernelEye.open(facts::read, facts::complete, btf);
    }

    /**
     * Counts by user, for where the kernel eye cannot be had.
     *
     * @param worth see {@link UserCounting}
     */
    public static UserCounting userCounting(
            List<String> interfaces, BooleanSupplier worth, Consumer<Observation> sink) {
        boolean loopback = interfaces.contains("lo") || interfaces.contains(WireEye.ANY);
        PasswdFile users = new PasswdFile(Path.of("/etc/passwd"));
        return new UserCounting(
                new NftAccounting(
                        runner(),
                        List.of("nft"),
                        new MachineHooks(),
                        loopback,
                        new Run(ProcessWiring.PROC, ProcessWiring.facts()::read)),
                users::nameOf,
                worth,
                System::nanoTime,
                sink);
    }

    /** Tells the guard what an earlier run blocked, before the kernel is asked what stands. */
    public static void remember(Journal journal, Clock clock, Consumer<Observation> sink) {
        try {
            for (StandingByJournal block : ProcessWiring.standing(journal, clock.instant())) {
                Optional<Instant> end = Optional.of(block.expires()).filter(at -> !at.equals(Instant.MAX));
                sink.accept(new ActionObservation.ActionRestored(
                        block.action(), ActionRow.State.STANDING, end, "made by an earlier run"));
            }
        } catch (IOException e) {
            sink.accept(new HostObservation.Degraded("journal", "the journal cannot be read: " + e.getMessage()));
        }
    }
}
