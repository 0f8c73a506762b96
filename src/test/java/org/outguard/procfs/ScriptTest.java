package org.outguard.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScriptTest {

    @Test
    void theFirstArgumentThatIsNoOption() {
        is("/usr/bin/php8.2", "/srv/x.php", "php", "-d", "memory_limit=1G", "-q", "/srv/x.php", "a");
        is("/usr/bin/python3.11", "/home/u/flood.py", "python3", "-u", "flood.py");
        is("/usr/bin/perl", "/home/u/a.pl", "perl", "-w", "a.pl");
        is("/bin/bash", "/home/u/run.sh", "bash", "./run.sh", "-c");
        is("/usr/bin/node", "/home/u/-x", "node", "--", "-x");
        is("/usr/bin/php8.2", "/home/u/y.php", "php", "-f", "y.php");
    }

    @Test
    void aPhpWorkerHasAPool() {
        is("/usr/sbin/php-fpm8.2", "pool shop", "php-fpm: pool shop");
    }

    @Test
    void aModuleIsNamedAsOne() {
        is("/usr/bin/python3.11", "-m http.server", "python3", "-m", "http.server");
    }

    @Test
    void aProgramInTheArgumentsIsNoScript() {
        is("/usr/bin/python3.11", "", "python3", "-c", "import os", "x");
        is("/bin/dash", "", "sh", "-c", "curl x");
        is("/bin/bash", "", "-bash");
        is("/usr/bin/perl", "", "perl", "-we", "print 1");
        is("/usr/bin/perl", "", "perl", "-");
    }

    @Test
    void otherProgramsHaveNone() {
        is("/usr/sbin/exim4", "", "exim4", "-bd");
        is("/usr/bin/phpize", "", "phpize", "x");
    }

    @Test
    void theNameOfTheProgramHelpsWhereItsPathIsHidden() {
        is("", "/home/u/a.pl", "perl", "a.pl");
    }

    private static void is(String exe, String script, String... arguments) {
        assertThat(Script.of(exe, List.of(arguments), "/home/u")).isEqualTo(script);
    }
}
