package org.outguard.notify;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Something that nobody may read: it is in a file, and is read each time that it is used. It is never printed. */
public sealed interface Secret {

    /**
     * The secret, without the newline at its end.
     *
     * @throws IOException where it cannot be read; the message names the file and not what is in it
     */
    String read() throws IOException;

    /** There is none. */
    record None() implements Secret {
        @Override
        public String read() {
            return "";
        }
    }

    /** The first 16 kB of a file. */
    record InFile(Path file) implements Secret {
        private static final int MOST = 16_384;

        @Override
        public String read() throws IOException {
            try (var in = Files.newInputStream(file)) {
                return new String(in.readNBytes(MOST), StandardCharsets.UTF_8).strip();
            } catch (IOException e) {
                throw new IOException(
                        "the secret in " + file + " cannot be read: "
                                + e.getClass().getSimpleName(),
                        e);
            }
        }
    }

    /** A credential that systemd hands to the service (LoadCredential= of systemd.exec(5)). */
    record Credential(String name, String folder) implements Secret {
        @Override
        public String read() throws IOException {
            if (folder.isEmpty()) {
                throw new IOException("there is no credential " + name + ": CREDENTIALS_DIRECTORY is not set");
            }
            return new InFile(Path.of(folder, name)).read();
        }
    }
}
