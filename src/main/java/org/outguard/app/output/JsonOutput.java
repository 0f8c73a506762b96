package org.outguard.app.output;

import java.io.BufferedWriter;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.outguard.app.host.StandardStreams;
import org.outguard.headless.History;
import org.outguard.headless.RotatingFile;

/** Where NDJSON goes: {@code -} is standard output, anything else a file that is appended to. */
public final class JsonOutput {

    private JsonOutput() {}

    /**
     * Opens it.
     *
     * @throws IOException where the file cannot be written
     */
    public static Writer open(String target) throws IOException {
        return writer(target.equals("-") ? standardOutput() : RotatingFile.append(Path.of(target)));
    }

    /**
     * The same for what goes on for months: a file is put aside before it is too large, see {@link RotatingFile}. The folder of
     * logs is made where it is missing, for root and its group alone.
     *
     * @throws IOException where the file cannot be written
     */
    public static Writer bounded(String target) throws IOException {
        if (target.equals("-")) {
            return open(target);
        }
        Path file = Path.of(target).toAbsolutePath();
        Path folder = file.getParent();
        if (folder != null && folder.equals(History.DEFAULT_FOLDER) && !Files.exists(folder)) {
            Files.createDirectory(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
        }
        return writer(RotatingFile.open(file, RotatingFile.MOST_BYTES));
    }

    /* A PrintStream says nothing of a full disk or of a reader that is gone; on a terminal it is what keeps text harmless. */
    private static OutputStream standardOutput() {
        return StandardStreams.isTerminal(StandardStreams.OUT) ? System.out : new FileOutputStream(FileDescriptor.out);
    }

    /** Whether something could not be written because nobody reads any more, as behind {@code head}. */
    public static boolean isReaderGone(String reason) {
        return reason.contains("Broken pipe");
    }

    private static Writer writer(OutputStream out) {
        return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }
}
