package org.outguard.maillog.input;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.outguard.exec.ProgramOutput;

/**
 * Opens log files as logrotate(8) leaves them: plain, or compressed by gzip, xz, zstd or bzip2. Which it is says the file's
 * first bytes, not its name. All but gzip are decompressed by the machine's own program, which has also compressed them.
 */
public final class LogFiles {

    private static final int BUFFER = 64 * 1_024;

    private LogFiles() {}

    /** A form that begins with these bytes, as hexadecimal numbers. */
    private enum Form {
        GZIP("", "1f8b"),
        XZ("xz", "fd377a585a00"),
        ZSTD("zstd", "28b52ffd"),
        BZIP2("bzip2", "425a68");

        final String program;
        final String magic;

        Form(String program, String magic) {
            this.program = program;
            this.magic = magic;
        }
    }

    /**
     * The lines of a file.
     *
     * @throws IOException where it cannot be read, or its compression needs a program that is not there
     */
    public static InputStream open(Path path) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(path), BUFFER);
        raw.mark(Long.BYTES);
        String head = HexFormat.of().formatHex(raw.readNBytes(Long.BYTES));
        raw.reset();
        for (Form form : Form.values()) {
            if (head.startsWith(form.magic)) {
                return form == Form.GZIP ? new GZIPInputStream(raw, BUFFER) : decompressed(form, raw, path);
            }
        }
        return raw;
    }

    private static InputStream decompressed(Form form, InputStream raw, Path path) throws IOException {
        raw.close();
        for (String folder : List.of("/usr/bin/", "/bin/", "/usr/local/bin/")) {
            String program = folder + form.program;
            if (Files.isExecutable(Path.of(program))) {
                return ProgramOutput.of(
                        List.of(program, "-dc", "--", path.toAbsolutePath().toString()));
            }
        }
        throw new IOException("compressed with " + form.program + ", which is not installed; install the package "
                + (form == Form.XZ ? "xz-utils" : form.program));
    }
}
