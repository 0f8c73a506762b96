package org.outguard.exec;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * The content of log files as logrotate(8) leaves them: plain, or compressed by gzip, xz, zstd or bzip2. Which it is says the
 * file's first bytes, not its name. All but gzip are decompressed by the machine's own program, which has also compressed
 * them; it gets the file as its input, never by name.
 */
public final class LogContent {

    private static final int BUFFER = 64 * 1_024;
    private static final int LONGEST_MAGIC = 6;

    private LogContent() {}

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
     * The content of a file of this machine's own.
     *
     * @throws IOException where it cannot be read, or its compression needs a program that is not there
     */
    public static InputStream open(Path path) throws IOException {
        return of(Files.newInputStream(path), path);
    }

    /**
     * What the file has in it, decompressed where it has to be.
     *
     * @param stored its bytes from the first on; closed with what is returned, and where this fails
     * @param same leads to the very same file, as long as that stream is open
     * @throws IOException where it cannot be read, or its compression needs a program that is not there
     */
    public static InputStream of(InputStream stored, Path same) throws IOException {
        try {
            InputStream raw = new BufferedInputStream(stored, BUFFER);
            raw.mark(LONGEST_MAGIC);
            String head = HexFormat.of().formatHex(raw.readNBytes(LONGEST_MAGIC));
            raw.reset();
            for (Form form : Form.values()) {
                if (head.startsWith(form.magic)) {
                    return form == Form.GZIP ? new GZIPInputStream(raw, BUFFER) : decompressed(form, stored, same);
                }
            }
            return raw;
        } catch (IOException | RuntimeException e) {
            stored.close();
            throw e;
        }
    }

    private static InputStream decompressed(Form form, InputStream stored, Path same) throws IOException {
        for (String folder : List.of("/usr/bin/", "/bin/", "/usr/local/bin/")) {
            String program = folder + form.program;
            if (Files.isExecutable(Path.of(program))) {
                InputStream content = ProgramOutput.of(List.of(program, "-dc"), same);
                // The program has the file open itself by now.
                stored.close();
                return content;
            }
        }
        throw new IOException("compressed with " + form.program + ", which is not installed; install the package "
                + (form == Form.XZ ? "xz-utils" : form.program));
    }
}
