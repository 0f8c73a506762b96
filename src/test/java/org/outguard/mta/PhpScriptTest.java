package org.outguard.mta;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A script header says which script of a known user, and another user's header in a person's mail says nothing. */
class PhpScriptTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "33:x7.php | 33 | x7.php",
                "1001:contact.php | 33 | contact.php",
                "1001:contact.php | 1001 | contact.php",
                "0:send.php | 1001 | send.php",
                "33:x7.php | 1001 | ''",
                "1002:x7.php | 1001 | ''",
                "4294967295:x7.php | 1001 | ''",
                "x7.php | 33 | ''",
                "33: | 33 | ''",
                "99999999999:x7.php | 33 | ''",
            })
    void aPersonRunsScriptsOfItsOwn(String header, int submitter, String script) {
        assertThat(PhpScript.of(header, submitter)).isEqualTo(script);
    }
}
