package org.outguard.app.option;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.outguard.text.SafeText;

/** A file with the types of a kernel: BTF as in /sys/kernel/btf/vmlinux, or an ELF file with a section of it. */
public final class BtfFile {

    /* Documentation/bpf/btf.rst: 0xeb9f in the byte order of the machine that it is for. */
    private static final byte[] LITTLE_ENDIAN = {(byte) 0x9f, (byte) 0xeb};
    private static final byte[] BIG_ENDIAN = {(byte) 0xeb, (byte) 0x9f};
    private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

    private BtfFile() {}

    /** Why that file can be none, with its name; empty where it may be one. */
    public static Optional<String> problem(Path file) {
        return reason(file).map(reason -> SafeText.clean(file.toString()) + ": " + reason);
    }

    private static Optional<String> reason(Path file) {
        if (!Files.exists(file)) {
            return Optional.of("no such file");
        }
        if (!Files.isRegularFile(file)) {
            return Optional.of("not a file");
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(ELF.length);
            byte[] magic = Arrays.copyOf(start, 2);
            boolean may = Arrays.equals(start, ELF)
                    || Arrays.equals(magic, LITTLE_ENDIAN)
                    || Arrays.equals(magic, BIG_ENDIAN);
            return may ? Optional.empty() : Optional.of("neither BTF nor an ELF file with BTF");
        } catch (IOException e) {
            return Optional.of(
                    "cannot be read" + (Files.isReadable(file) ? ": " + e.getMessage() : ": permission denied"));
        }
    }
}
