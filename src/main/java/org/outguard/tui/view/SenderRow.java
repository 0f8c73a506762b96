package org.outguard.tui.view;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.RowStatus;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Submitter;
import org.outguard.guard.snapshot.Talker;
import org.outguard.owner.Owner;
import org.outguard.owner.ProcessId;

/** A row of the first view: each sender has one, whether it sends packets itself or has a mail system send for it. */
public sealed interface SenderRow {

    /** Stable as long as the sender is remembered. */
    String id();

    Verdict verdict();

    /** 0..100. */
    int score();

    RowStatus status();

    /** What it sends, where that is known. */
    Optional<Talker> traffic();

    /** What stands before its name in the tree of processes; empty beside the tree. */
    String branch();

    /** Who sends packets. */
    record Packets(Talker talker, String branch) implements SenderRow {
        @Override
        public String id() {
            return talker.id();
        }

        @Override
        public Verdict verdict() {
            return talker.verdict();
        }

        @Override
        public int score() {
            return talker.score();
        }

        @Override
        public RowStatus status() {
            return talker.status();
        }

        @Override
        public Optional<Talker> traffic() {
            return Optional.of(talker);
        }
    }

    /**
     * Who submits mail that is over a limit or near it.
     *
     * @param traffic what its mail system sends for it; empty where that cannot be told apart
     */
    record Mail(Submitter submitter, Optional<Talker> traffic, RowStatus status) implements SenderRow {
        @Override
        public String id() {
            return submitter.id();
        }

        @Override
        public Verdict verdict() {
            return submitter.verdict();
        }

        @Override
        public int score() {
            return submitter.score();
        }

        @Override
        public String branch() {
            return "";
        }
    }

    /** A process in the tree that sends nothing itself. */
    record Parent(ProcessId process, String command, String branch) implements SenderRow {
        @Override
        public String id() {
            return "process-" + process.pid() + "-" + process.startTicks();
        }

        @Override
        public Verdict verdict() {
            return Verdict.CLEAN;
        }

        @Override
        public int score() {
            return 0;
        }

        @Override
        public RowStatus status() {
            return RowStatus.OPEN;
        }

        @Override
        public Optional<Talker> traffic() {
            return Optional.empty();
        }
    }

    /** All of a snapshot: talkers, and submitters that are over a limit, near it, held or banned. */
    static List<SenderRow> of(Snapshot snapshot) {
        List<SenderRow> mail = new ArrayList<>();
        Set<String> byMail = new HashSet<>();
        for (Submitter submitter : snapshot.mail().submitters()) {
            RowStatus status = RowStatus.of(submitter, snapshot.actions());
            if (submitter.verdict() == Verdict.CLEAN && status.isOpen()) {
                continue;
            }
            Optional<Talker> traffic = snapshot.talkers().stream()
                    .filter(talker -> talker.mail()
                            .filter(sent -> sent.origin().equals(submitter.origin()))
                            .isPresent())
                    .findFirst();
            traffic.ifPresent(talker -> byMail.add(talker.id()));
            mail.add(new Mail(submitter, traffic, status));
        }
        // Where both are as bad, packets are stopped first.
        List<SenderRow> rows = new ArrayList<>();
        for (Talker talker : snapshot.talkers()) {
            if (!byMail.contains(talker.id())) {
                rows.add(new Packets(talker, ""));
            }
        }
        rows.addAll(mail);
        return rows;
    }

    /** Its process, where one is known. */
    default Optional<Owner> owner() {
        return this instanceof Packets packets ? packets.talker().attribution().knownOwner() : Optional.empty();
    }
}
