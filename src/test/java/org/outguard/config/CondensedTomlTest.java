package org.outguard.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.policy.Policy;

class CondensedTomlTest {

    @TempDir
    Path folder;

    @Test
    void onlyTheFirstOfLinesThatSayNothingIsParsed() {
        CondensedToml toml = CondensedToml.of("# a\n\n  # b\r\n[limits]\n\n\n\t#c\nkey = [1,\n# d\n# e\n2]\n");
        assertThat(toml.parse().errors()).isEmpty();
        assertThat(toml.parse().dottedKeySet()).containsExactly("limits.key");
        assertThat(List.of(1, 2, 3, 4, 5, 6)).extracting(toml::lineInFile).containsExactly(1, 4, 5, 8, 9, 11);
    }

    @Test
    void aStringOfSeveralLinesIsAsItStands() {
        String text = "key = \"\"\"\n\n\n# no comment\n\n\"\"\"\n";
        assertThat(CondensedToml.of(text).parse().getString("key")).isEqualTo("\n\n# no comment\n\n");
    }

    @Test
    void faultsNameLinesOfTheFile() throws IOException {
        Path file = Files.writeString(
                folder.resolve("policy.toml"),
                "#\n".repeat(20_000) + "[limits]\n\n\noffending_pps = 1\n\n\noffending_pps = 2\n");
        assertThat(PolicyFile.read(file, Policy.defaults(Set.of())))
                .asString()
                .contains("policy.toml:20007: ")
                .contains("line 20004")
                .doesNotContain("line 3");
    }

    @Test
    void whatAFaultQuotesStaysAsItIs() throws IOException {
        Path file = Files.writeString(
                folder.resolve("policy.toml"), "#\n\n#\n\n[safety]\n\n\nnever_block = [\"line 2\"]\n");
        assertThat(PolicyFile.read(file, Policy.defaults(Set.of())))
                .asString()
                .contains("policy.toml:8: ")
                .contains("'line 2' is no address");
    }
}
