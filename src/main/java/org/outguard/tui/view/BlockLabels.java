package org.outguard.tui.view;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.action.ActiveBlock.State;
import org.outguard.guard.snapshot.Snapshot;
import org.outguard.guard.snapshot.Talker;
import org.outguard.text.Words;
import org.outguard.tui.draw.TextRole;

/** Which block stands for many, and how it is told. */
public final class BlockLabels {

    private BlockLabels() {}

    /** The one that a row tells: one in force, or the newest. */
    public static Optional<ActiveBlock> telling(List<ActiveBlock> blocks) {
        return blocks.stream()
                .filter(block -> block.state() == State.STANDING)
                .findFirst()
                .or(() -> blocks.stream().findFirst());
    }

    /** What {@code u} undoes: the newest in force against the selected talker, else the newest of all. */
    static Optional<ActiveBlock> undoable(Snapshot snapshot, Optional<Talker> selected) {
        return selected.flatMap(talker -> newestStanding(talker.blocks())).or(() -> newestStanding(snapshot.blocks()));
    }

    private static Optional<ActiveBlock> newestStanding(List<ActiveBlock> blocks) {
        return blocks.stream().filter(block -> block.state() == State.STANDING).findFirst();
    }

    static Optional<ActiveBlock> find(Snapshot snapshot, String actionId) {
        return snapshot.blocks().stream()
                .filter(block -> block.actionId().equals(actionId))
                .findFirst();
    }

    public static String words(ActiveBlock block, Instant now) {
        String words = Words.block(block, now);
        return block.state() == State.STARTING || block.state() == State.ENDING ? words + "…" : words;
    }

    /** What stands before its words in a row. */
    public static String sign(ActiveBlock block) {
        return switch (block.state()) {
            case STANDING -> "■ ";
            case STARTING, ENDING -> "… ";
            case FAILED -> "✗ block ";
        };
    }

    public static TextRole ink(ActiveBlock block) {
        return switch (block.state()) {
            case STANDING -> TextRole.GOOD;
            case STARTING, ENDING -> TextRole.WARN;
            case FAILED -> TextRole.BAD;
        };
    }
}
