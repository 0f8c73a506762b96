package org.outguard.app.option;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BtfFileTest {

    @TempDir
    private Path folder;

    private Path file(int... bytes) throws IOException {
        byte[] content = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            content[i] = (byte) bytes[i];
        }
        return Files.write(folder.resolve("some\u001b.btf"), content);
    }

    @Test
    void btfOfEitherByteOrderAndElfMayBeIt() throws IOException {
        assertThat(BtfFile.problem(file(0x9f, 0xeb, 1, 0, 24))).isEmpty();
        assertThat(BtfFile.problem(file(0xeb, 0x9f, 1, 0))).isEmpty();
        assertThat(BtfFile.problem(file(0x7f, 'E', 'L', 'F', 2))).isEmpty();
    }

    @Test
    void anythingElseIsNamedWithTheReason() throws IOException {
        for (int[] other : new int[][] {{}, {0x9f}, {0x7f, 'E', 'L'}, {'B', 'T', 'F', 0}}) {
            assertThat(BtfFile.problem(file(other)).orElseThrow())
                    .endsWith("some\\x1b.btf: neither BTF nor an ELF file with BTF");
        }
        assertThat(BtfFile.problem(folder)).contains(folder + ": not a file");
        assertThat(BtfFile.problem(folder.resolve("none")).orElseThrow()).endsWith("none: no such file");
    }
}
