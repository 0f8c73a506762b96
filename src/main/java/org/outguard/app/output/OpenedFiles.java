package org.outguard.app.output;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.outguard.exec.LogContent;
import org.outguard.kernel.ForeignFile;
import org.outguard.procfs.ForeignFiles;

/** Files of others, as package kernel opens them. */
public final class OpenedFiles implements ForeignFiles {

    @Override
    public InputStream open(Path root, String below, Optional<Reader> reader) throws IOException {
        return opened(root, below, reader, false).stream();
    }

    @Override
    public InputStream log(Path root, String below) throws IOException {
        ForeignFile file = opened(root, below, Optional.empty(), false);
        return LogContent.of(file.stream(), file.path());
    }

    @Override
    public Folder folder(Path root, String below, Optional<Reader> reader) throws IOException {
        return new Held(opened(root, below, reader, true));
    }

    private static ForeignFile opened(Path root, String below, Optional<Reader> reader, boolean folder)
            throws IOException {
        int uid = reader.map(Reader::uid).orElse(ForeignFile.OWN_RIGHTS);
        int[] groups = reader.map(
                        who -> who.groups().stream().mapToInt(Integer::intValue).toArray())
                .orElseGet(() -> new int[0]);
        return ForeignFile.open(root, below, uid, groups, folder);
    }

    private record Held(ForeignFile folder) implements Folder {

        @Override
        public Path path() {
            return folder.path();
        }

        @Override
        public void close() {
            folder.close();
        }
    }
}
