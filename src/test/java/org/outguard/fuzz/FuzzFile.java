package org.outguard.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** One file that holds the input of the moment, for parsers that want a file. It goes at the end. */
public final class FuzzFile {

    private final String name;
    private Path file;

    public FuzzFile(String name) {
        this.name = name;
    }

    /** The file with these bytes. */
    public Path holding(byte[] bytes) throws IOException {
        if (file == null) {
            Path folder = Files.createTempDirectory("outguard-fuzz");
            file = folder.resolve(name);
            folder.toFile().deleteOnExit();
            file.toFile().deleteOnExit();
        }
        return Files.write(file, bytes);
    }
}
