package org.outguard.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.KillTarget;
import org.outguard.guard.action.Outcome;
import org.outguard.guard.action.ProcessStep;
import org.outguard.guard.action.ProcessStep.Scope;
import org.outguard.guard.port.StepRunner;
import org.outguard.kernel.SocketScan;
import org.outguard.owner.Attribution;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;
import org.outguard.procfs.evidence.EvidenceKeeper;

/** Process 600 and its child 601 on a /proc of the test's own; what is sent to whom is written down in its order. */
class ProcessEnforcerTest {

    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final ProcessId PARENT = new ProcessId(600, 600);

    @TempDir
    Path folder;

    private final List<String> sent = new ArrayList<>();
    private FakeProc proc;
    private Path kept;
    private boolean obeysStop = true;
    private ProcessEnforcer enforcer;

    @BeforeEach
    void lay() throws IOException {
        proc = new FakeProc(Files.createDirectory(folder.resolve("proc")));
        Path passwd = Files.writeString(folder.resolve("passwd"), "");
        PasswdFile users = new PasswdFile(passwd);
        kept = folder.resolve("kept");
        for (int pid : new int[] {1, 500, 600, 601}) {
            proc.process(pid, pid == 601 ? 600 : pid == 1 ? 0 : 1, pid, "x7");
            proc.write(pid, "task/" + pid + "/stat", FakeProc.stat(pid, "x7", 1, pid));
        }
        Path cgroups = folder.resolve("cgroup");
        enforcer = new ProcessEnforcer(
                proc.root,
                cgroups,
                this::hold,
                (netns, protocol, local, localPort, remote, remotePort) -> {
                    sent.add("end " + OpenSocket.endpoint(remote, remotePort));
                    return Optional.empty();
                },
                new SocketHolders(proc.root, SocketScan::holders, System::nanoTime),
                new ProcessRails(proc.root, cgroups, 500, ""),
                new EvidenceKeeper(proc.root, folder, users, new TestFiles(), CLOCK),
                kept,
                new RespawnWatch(proc.root, folder, users, new TestFiles()),
                CLOCK);
    }

    private ProcessHolder.Holding hold(ProcessId id) {
        Path process = proc.root.resolve(Integer.toString(id.pid()));
        Optional<ProcessStat> stat = ProcessStat.read(process);
        if (stat.isEmpty() || stat.get().startTicks() != id.startTicks()) {
            return new ProcessHolder.Holding.Not("process " + id.pid() + " has ended");
        }
        return new ProcessHolder.Holding.Held(new ProcessHolder.Grip() {
            private boolean ended;

            @Override
            public Optional<String> send(ProcessHolder.Signal signal) {
                sent.add(signal + " " + id.pid() + (Files.exists(kept) ? " after evidence" : ""));
                ended = signal == ProcessHolder.Signal.KILL;
                if (signal == ProcessHolder.Signal.STOP && obeysStop) {
                    stop(id.pid());
                }
                return Optional.empty();
            }

            @Override
            public boolean awaitEnd(int millis) {
                return ended;
            }

            @Override
            public void close() {
                sent.add("close " + id.pid());
            }
        });
    }

    private void stop(int pid) {
        try {
            proc.write(
                    pid,
                    "task/" + pid + "/stat",
                    FakeProc.stat(pid, "x7", 1, pid).replace(") S ", ") T "));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aTreeIsStoppedThenKeptThenEnded() {
        Outcome outcome = run(kill(Scope.TREE, ProcessStep.USUAL_EVIDENCE));

        assertThat(outcome.result()).as(outcome.detail()).isEqualTo(Outcome.Result.DONE);
        assertThat(sent)
                .containsExactly(
                        "STOP 600",
                        "STOP 601",
                        "KILL 600 after evidence",
                        "KILL 601 after evidence",
                        "close 600",
                        "close 601");
        assertThat(outcome.detail()).contains("2 processes", "evidence in " + kept);
    }

    @Test
    void withoutEvidenceNothingIsEnded() throws IOException {
        Files.writeString(folder.resolve("file"), "no folder");

        Outcome outcome = run(kill(Scope.PROCESS, folder.resolve("file").toString()));

        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.detail()).contains("stands still", "not ended", "evidence cannot be kept");
        assertThat(sent).containsExactly("STOP 600", "close 600");
    }

    @Test
    void whoWantsNoneIsEndedWithout() {
        assertThat(run(kill(Scope.PROCESS, ProcessEnforcer.NO_EVIDENCE)).result())
                .isEqualTo(Outcome.Result.DONE);
        assertThat(kept).doesNotExist();
        assertThat(sent).containsExactly("STOP 600", "KILL 600", "close 600");
    }

    @Test
    void whatIsRefusedGetsNoSignal() {
        Outcome outcome = run(new ProcessStep.Freeze(new ProcessId(500, 500), "java", Scope.PROCESS));
        assertThat(outcome.detail()).startsWith("refused: ").contains("Outguard itself");
        assertThat(sent).isEmpty();
    }

    @Test
    void whoDoesNotStopIsSaidNotTo() {
        obeysStop = false;
        Outcome outcome = run(new ProcessStep.Freeze(PARENT, "x7", Scope.PROCESS));
        assertThat(outcome.result()).isEqualTo(Outcome.Result.FAILED);
        assertThat(outcome.detail()).contains("process 600 do", "not stop");
    }

    @Test
    void anEarlierProcessWithTheNumberIsNotThisOne() {
        Outcome outcome = run(new ProcessStep.Freeze(new ProcessId(600, 599), "x7", Scope.PROCESS));
        assertThat(outcome.detail()).isEqualTo("nothing was done: process 600 has ended");
        assertThat(sent).isEmpty();
    }

    @Test
    void socketsOfItsOwnAreEndedAndSharedOnesLeftAlone() throws IOException {
        String head =
                "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
        String row =
                "   0: 0200000A:C350 %s 01 00000000:00000000 00:00000000 00000000    33        0 %d 1 0000 100 0\n";
        proc.link(600, "fd/3", "socket:[31]")
                .link(600, "fd/4", "socket:[41]")
                .link(500, "fd/9", "socket:[41]")
                .write(
                        600,
                        "net/tcp",
                        head + String.format(row, "017100CB:0019", 31) + String.format(row, "027100CB:0019", 41));

        run(kill(Scope.PROCESS, ProcessEnforcer.NO_EVIDENCE));

        assertThat(sent).contains("end 203.0.113.1:25").doesNotContain("end 203.0.113.2:25");
        assertThat(sent.indexOf("end 203.0.113.1:25")).isLessThan(sent.indexOf("KILL 600"));
    }

    @Test
    void thePlanIsWhatAPersonWouldType() {
        assertThat(enforcer.plan(new ProcessStep.Freeze(PARENT, "x7", Scope.TREE)))
                .isEqualTo(new Action.Plan("kill -STOP 600 601", "kill -CONT 600 601"));
        assertThat(enforcer.plan(kill(Scope.PROCESS, "")).command()).isEqualTo("kill -STOP 600; kill -KILL 600");
        assertThat(enforcer.plan(kill(Scope.PROCESS, "")).undo()).startsWith("none");
        assertThat(enforcer.plan(kill(Scope.PROCESS, "/a b")).command())
                .startsWith("kill -STOP 600; d='/a b'/p-600-$(date -u +%Y%m%d-%H%M%S); install -m 0700 -d \"$d\"; ")
                .contains("cp /proc/600/{exe,status,stat,", "} \"$d\"; kill -KILL 600 # and its script");
    }

    @Test
    void afterACrashTheProcessItselfSaysWhatHappened() {
        ProcessStep.Freeze freeze = new ProcessStep.Freeze(PARENT, "x7", Scope.PROCESS);
        assertThat(enforcer.happened(freeze)).contains(StepRunner.Extent.NOTHING);
        stop(600);
        assertThat(enforcer.happened(freeze)).contains(StepRunner.Extent.ALL);
        assertThat(enforcer.happened(kill(Scope.PROCESS, ""))).contains(StepRunner.Extent.NOTHING);
        ProcessStep.Kill gone = new ProcessStep.Kill(victim(new ProcessId(600, 1)), Scope.PROCESS, "");
        assertThat(enforcer.happened(gone)).contains(StepRunner.Extent.ALL);
    }

    private ProcessStep.Kill kill(Scope scope, String evidence) {
        return new ProcessStep.Kill(victim(PARENT), scope, evidence);
    }

    private static KillTarget victim(ProcessId id) {
        return KillTarget.of(new Attribution.Exact(
                new Owner(
                        id,
                        new Owner.Program("x7", "", false, Optional.empty(), "", List.of(), ""),
                        new Owner.Credentials(33, "33", OptionalInt.empty()),
                        new Owner.Placement("", "", "", 0),
                        List.of()),
                "test"));
    }

    private Outcome run(ProcessStep step) {
        return enforcer.run(new Action("a-1", NOW, "root", "test", step, new Action.Plan("", "")), step);
    }
}
