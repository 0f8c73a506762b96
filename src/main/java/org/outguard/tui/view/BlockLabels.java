package org.outguard.tui.view;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.StandingBlock;
import org.outguard.guard.action.StandingBlock.State;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.text.Words;
import org.outguard.tui.draw.Ink;

/** Which block stands for many, and how it is told. */
public final class BlockLabels {

    private BlockLabels() {}

    /** The one that a row tells: one in force, or the newest. */
    public static Optional<StandingBlock> telling(List<StandingBlock> blocks) {
        return blocks.stream()
                .filter(block -> block.state() == State.STANDING)
                .findFirst()
                .or(() -> blocks.stream().findFirst());
    }

    /** What {@code u} takes back: the newest in force against the selected talker, else the newest of all. */
    static Optional<StandingBlock> undoable(Snapshot snapshot, Optional<Talker> selected) {
        return selected.flatMap(talker -> newestStanding(talker.blocks())).or(() -> newestStanding(snapshot.blocks()));
    }

    private static Optional<StandingBlock> newestStanding(List<StandingBlock> blocks) {
        return blocks.stream().filter(block -> block.state() == State.STANDING).findFirst();
    }

    static Optional<StandingBlock> find(Snapshot snapshot, String actionId) {
        return snapshot.blocks().stream()
                .filter(block -> block.actionId().equals(actionId))
                .findFirst();
    }

    public static String words(StandingBlock block, Instant now) {
        String words = Words.block(block, now);
        return block.state() == State.STARTING || block.state() == State.ENDING ? words + "…" : words;
    }

    /** What stands before its words in a row. */
    public static String sign(StandingBlock block) {
        return switch (block.state()) {
            case STANDING -> "■ ";
            case STARTING, ENDING -> "… ";
            case FAILED -> "✗ block ";
        };
    }

    public static Ink ink(StandingBlock block) {
        return switch (block.state()) {
            case STANDING -> Ink.GOOD;
            case STARTING, ENDING -> Ink.WARN;
            case FAILED -> Ink.BAD;
        };
    }
}
