package org.outguard.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.ResponseRule;
import org.outguard.guard.policy.Verdict;

/**
 * Lists of addresses that others publish, section {@code [feeds]}.
 *
 * @param files where they are; whoever fetches them replaces them
 * @param block whether what goes to a listed address is blocked by {@code --enforce}
 */
public record FeedPolicy(List<Path> files, boolean block) {

    /** No feeds. */
    public static final FeedPolicy NONE = new FeedPolicy(List.of(), false);

    static final String SECTION = "feeds";
    static final String FILES = "feeds.files";
    static final String BLOCK = "feeds.block";
    static final int MOST_FILES = 32;

    private static final Duration LENGTH = Duration.ofMinutes(10);
    private static final int MOST_AN_HOUR = 60;

    public FeedPolicy {
        files = List.copyOf(files);
    }

    /** The rule that a block is: as any other, it is kept from what must not be cut off. */
    ResponseRule rule() {
        return new ResponseRule(
                SECTION,
                Set.of(OffenceKind.LISTED),
                Verdict.SUSPECT,
                0,
                Set.of(),
                List.of(),
                ResponseRule.Reaction.BLOCK,
                ResponseRule.Scope.REMOTE,
                0,
                LENGTH,
                MOST_AN_HOUR);
    }
}
