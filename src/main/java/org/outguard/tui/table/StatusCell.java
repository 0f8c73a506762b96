package org.outguard.tui.table;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.outguard.guard.action.ActiveBlock;
import org.outguard.guard.policy.Verdict;
import org.outguard.guard.snapshot.RowStatus;
import org.outguard.guard.snapshot.Talker;
import org.outguard.text.Columns;
import org.outguard.text.Durations;
import org.outguard.text.LocalTimes;
import org.outguard.text.SafeText;
import org.outguard.tui.draw.TextRole;
import org.outguard.tui.view.BlockLabels;

/** The state of a row: a sign that shows its colour, one word, and a time where there is one. */
public final class StatusCell {

    /** Room for {@code "▲ suspect"}, {@code "■ 9:58"} and {@code "† ended"}. */
    public static final int LEAST = 9;

    /** Room for {@code "† ended 16:30:18"}. */
    public static final int GOOD = 16;

    private StatusCell() {}

    /** That of a talker; a block that is being made, is being taken out or has failed is told until that is over. */
    public static Line of(Talker talker, Instant now, LocalTimes times, int width) {
        RowStatus status = talker.status();
        Optional<ActiveBlock> changing = BlockLabels.telling(talker.blocks())
                .filter(block -> block.state() != ActiveBlock.State.STANDING && status.isOpen());
        return changing.map(block ->
                        new Line("", BlockLabels.sign(block) + BlockLabels.words(block, now), BlockLabels.ink(block)))
                .orElseGet(() -> of(status, talker.verdict(), now, times, width));
    }

    public static Line of(RowStatus status, Verdict verdict, Instant now, LocalTimes times, int width) {
        String word = status.state().word();
        return switch (status.state()) {
            case OPEN -> open(verdict);
            case BLOCKED, LIMITED -> {
                String left = status.at()
                        .map(end -> Durations.clock(Duration.between(now, end)))
                        .orElse("");
                yield new Line(
                        "", fitting(width, "■ " + word + " " + left, word + " " + left, "■ " + left), TextRole.GOOD);
            }
            case FROZEN, HELD, BANNED -> new Line("", "■ " + word, TextRole.GOOD);
            case ENDED -> {
                String clock = status.at().map(times::clock).orElse("");
                yield new Line("", fitting(width, "† ended " + clock, "† " + clock, "† ended"), TextRole.DIM);
            }
        };
    }

    private static String fitting(int width, String... longestFirst) {
        for (String text : longestFirst) {
            if (Columns.width(text) <= width) {
                return text;
            }
        }
        return longestFirst[longestFirst.length - 1];
    }

    private static Line open(Verdict verdict) {
        return switch (verdict) {
            case OFFENDING -> new Line("", "● open", TextRole.BAD);
            case SUSPECT -> new Line("", "▲ suspect", TextRole.WARN);
            case CLEAN -> new Line("", "· ok", TextRole.DIM);
        };
    }

    /** How it ended, for the details; empty while it has not. */
    public static Optional<String> ending(RowStatus status, LocalTimes times) {
        if (!status.hasEnded()) {
            return Optional.empty();
        }
        String by = status.by().isEmpty() ? "" : ", killed by " + SafeText.clean(status.by());
        return status.at().map(at -> "ended " + times.clock(at) + by);
    }
}
