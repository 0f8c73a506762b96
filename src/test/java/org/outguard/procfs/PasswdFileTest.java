package org.outguard.procfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswdFileTest {

    @TempDir
    Path folder;

    @Test
    void theFirstNameOfAnIdCounts() throws IOException {
        PasswdFile users =
                users("root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\n+::::::\nshort:x\n:x:5:5::/:\n#a:x:6:6::\n");

        assertThat(users.nameOf(0)).isEqualTo("root");
        assertThat(users.nameOf(5)).isEqualTo("5");
        assertThat(users.nameOf(6)).isEqualTo("6");
        assertThat(users.nameOf(-2)).isEqualTo("4294967294");
    }

    @Test
    void aNewUserIsSeen() throws IOException {
        PasswdFile users = users("root:x:0:0::/:/bin/sh\n");
        assertThat(users.nameOf(1001)).isEqualTo("1001");

        Files.writeString(folder.resolve("passwd"), "root:x:0:0::/:/bin/sh\nshop:x:1001:1001::/:/bin/sh\n");
        assertThat(users.nameOf(1001)).isEqualTo("shop");
    }

    @Test
    void withoutTheFileNumbersAreNames() throws IOException {
        PasswdFile users = users("root:x:0:0::/:/bin/sh\n");
        Files.delete(folder.resolve("passwd"));

        assertThat(users.nameOf(0)).isEqualTo("0");
    }

    private PasswdFile users(String text) throws IOException {
        Path file = folder.resolve("passwd");
        Files.writeString(file, text);
        return new PasswdFile(file);
    }
}
