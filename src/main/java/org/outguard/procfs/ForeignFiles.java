package org.outguard.procfs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Port: opens what an attacker may own, or may have named. Nothing but regular files and folders is opened, nothing is waited
 * for, no path leads out of the root that is given, and who may not read a file does not get it read by naming it.
 */
public interface ForeignFiles {

    /**
     * Opens a regular file for reading.
     *
     * @param root a directory; absolute links below it lead to places below it
     * @param below path of the file below that root, without a slash in front
     * @param reader whose rights count; empty for this program's own
     * @throws IOException where it is none, is not there, or must not be read
     */
    InputStream open(Path root, String below, Optional<Reader> reader) throws IOException;

    /**
     * Opens a log file with this program's own rights, and decompresses it where it is compressed.
     *
     * @throws IOException where it is no regular file, is not there, or the program that decompresses it is not
     */
    InputStream log(Path root, String below) throws IOException;

    /**
     * Opens a folder, to be listed by {@link Folder#path()}.
     *
     * @throws IOException where it is none, is not there, or must not be read
     */
    Folder folder(Path root, String below, Optional<Reader> reader) throws IOException;

    /**
     * Whose rights count.
     *
     * @param uid user
     * @param groups group and supplementary groups, the group first; not empty
     */
    record Reader(int uid, List<Integer> groups) {
        public Reader {
            groups = List.copyOf(groups);
        }
    }

    /** A folder that is held open. */
    interface Folder extends AutoCloseable {

        /** Leads to this very folder, for as long as it is open. */
        Path path();

        @Override
        void close();
    }
}
