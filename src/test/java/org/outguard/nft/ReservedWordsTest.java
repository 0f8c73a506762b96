package org.outguard.nft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.outguard.exec.CommandResult;
import org.outguard.guard.action.LockdownStep;

/**
 * No table, chain, set or counter is called by a word that nft 0.9.8 (Debian 11) reserves: it takes none of the script
 * then. The words are the tokens of its parser.
 */
class ReservedWordsTest {

    private static final Pattern NAMES =
            Pattern.compile("(?:table|chain|set|counter|rule|element) (?:inet|netdev) (\\S+)(?: (\\S+))?");
    private static final Pattern REFERENCES = Pattern.compile("(?:jump|goto|counter name) (\\S+)|@(\\S+)");

    private static List<String> scripts() {
        List<String> scripts = new ArrayList<>();
        for (SetGroup group : SetGroup.ALL) {
            for (boolean byHeader : new boolean[] {false, true}) {
                scripts.add(Ruleset.setUp(group, List.of("eth0"), Set.of(), byHeader));
            }
        }
        scripts.add(Ruleset.remove());
        scripts.add(String.join(
                "\n", Lockdown.begin(new LockdownStep.Lockdown(List.of(), Optional.of(Duration.ofSeconds(60))))));
        try (NftAccounting accounting = new NftAccounting(
                (argv, stdin, limit) -> {
                    scripts.add(stdin);
                    return new CommandResult.Finished(0, "", "");
                },
                List.of("nft"),
                Hooks.NONE,
                false,
                new Maker("1_1_1"))) {
            accounting.open();
        }
        return scripts;
    }

    @Test
    void noNameIsAReservedWord() throws IOException {
        Set<String> reserved = new HashSet<>(Files.readAllLines(Path.of("src/test/resources/nft/reserved-words.txt")));
        assertThat(reserved).contains("limits", "limit", "rule", "counters").hasSizeGreaterThan(250);
        Set<String> names = new HashSet<>();
        for (String script : scripts()) {
            for (Pattern pattern : List.of(NAMES, REFERENCES)) {
                for (Matcher found = pattern.matcher(script); found.find(); ) {
                    for (int i = 1; i <= found.groupCount(); i++) {
                        Optional.ofNullable(found.group(i)).ifPresent(names::add);
                    }
                }
            }
        }
        assertThat(names)
                .contains("outguard", "limited", "refuse", "over_uid", "lockdown_on", "everything", "egress-eth0");
        assertThat(names).doesNotContainAnyElementsOf(reserved);
    }
}
