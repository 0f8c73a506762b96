package org.outguard.procfs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A tree like /proc, in a folder of the test's own. */
public final class FakeProc {

    public final Path root;

    public FakeProc(Path root) {
        this.root = root;
    }

    /** A process with the least that makes one. */
    public FakeProc process(int pid, int parent, long startTicks, String command) throws IOException {
        write(pid, "stat", stat(pid, command, parent, startTicks));
        return this;
    }

    static String stat(int pid, String command, int parent, long startTicks) {
        return pid + " (" + command + ") S " + parent + " 0 0 0 -1 4194304 0 0 0 0 0 0 0 0 20 0 1 0 " + startTicks
                + " 0 0 18446744073709551615\n";
    }

    public FakeProc write(int pid, String name, String text) throws IOException {
        return write(pid, name, text.getBytes(StandardCharsets.UTF_8));
    }

    FakeProc write(int pid, String name, byte[] bytes) throws IOException {
        Files.write(inside(pid, name), bytes);
        return this;
    }

    public FakeProc link(int pid, String name, String target) throws IOException {
        Files.createSymbolicLink(inside(pid, name), Path.of(target));
        return this;
    }

    private Path inside(int pid, String name) throws IOException {
        Path file = root.resolve(Integer.toString(pid)).resolve(name);
        Files.createDirectories(file.getParent());
        return file;
    }
}
