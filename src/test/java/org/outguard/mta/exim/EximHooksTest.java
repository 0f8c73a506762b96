package org.outguard.mta.exim;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines are put into Exim's configuration and taken out again to the byte. */
class EximHooksTest {

    @TempDir
    Path folder;

    private EximHooks hooks(String text) throws IOException {
        Path file = folder.resolve("exim4.conf");
        Files.writeString(file, text);
        return new EximHooks(file);
    }

    @Test
    void listsThatAreThereGetOursOnTop() throws IOException {
        String before = "acl_smtp_data = check_data\nbegin acl\ncheck_data:\n  accept\nnot_smtp:\n  accept\n";
        EximHooks hooks = hooks(before);
        assertThat(hooks.putIn(Map.of("acl_smtp_data", "check_data", "acl_not_smtp", "not_smtp")))
                .isEmpty();
        assertThat(Files.readString(hooks.configuration()))
                .contains("check_data:\n# outguard begin\n  deny condition")
                .contains("not_smtp:\n# outguard begin\n  warn condition");
        hooks.takeOut();
        assertThat(Files.readString(hooks.configuration())).isEqualTo(before);
    }

    @Test
    void whereThereAreNoneTheyAreMade() throws IOException {
        for (String before :
                new String[] {"primary_hostname = a\nbegin acl\nx:\n  accept\n", "primary_hostname = a\n"}) {
            EximHooks hooks = hooks(before);
            assertThat(hooks.putIn(Map.of())).isEmpty();
            assertThat(hooks.stand()).isTrue();
            assertThat(Files.readString(hooks.configuration()))
                    .startsWith("# outguard begin\nacl_not_smtp = outguard_acl_not_smtp\n")
                    .contains("begin acl\n", "outguard_acl_smtp_data:\n");
            hooks.takeOut();
            assertThat(Files.readString(hooks.configuration())).isEqualTo(before);
        }
    }

    @Test
    void aListThatIsElsewhereIsLeftAlone() throws IOException {
        String before = "acl_smtp_data = ${lookup{x}lsearch{y}}\nbegin acl\n";
        EximHooks hooks = hooks(before);
        assertThat(hooks.putIn(Map.of("acl_smtp_data", "${lookup{x}lsearch{y}}")))
                .isPresent();
        assertThat(Files.readString(hooks.configuration())).isEqualTo(before);
    }
}
