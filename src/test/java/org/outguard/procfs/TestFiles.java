package org.outguard.procfs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import org.outguard.exec.LogContent;

/** Files of a tree that the test has made itself, whose users are not those of this machine: nobody's rights are taken on. */
public final class TestFiles implements ForeignFiles {

    @Override
    public InputStream open(Path root, String below, Optional<Reader> reader) throws IOException {
        Path file = root.resolve(below);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("not a regular file");
        }
        return Files.newInputStream(file);
    }

    @Override
    public InputStream log(Path root, String below) throws IOException {
        return LogContent.of(open(root, below, Optional.empty()), root.resolve(below));
    }

    @Override
    public Folder folder(Path root, String below, Optional<Reader> reader) throws IOException {
        Path folder = root.resolve(below);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("not a folder");
        }
        return new Folder() {
            @Override
            public Path path() {
                return folder;
            }

            @Override
            public void close() {}
        };
    }
}
