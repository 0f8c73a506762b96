package org.outguard.app;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Where NDJSON goes: {@code -} is standard output, anything else a file that is appended to. */
final class JsonOutput {

    private JsonOutput() {}

    /**
     * Opens it.
     *
     * @throws IOException where the file cannot be written
     */
    static Writer open(String target) throws IOException {
        OutputStream out = target.equals("-")
                ? System.out
                : Files.newOutputStream(
                        Path.of(target),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.APPEND);
        return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }
}
