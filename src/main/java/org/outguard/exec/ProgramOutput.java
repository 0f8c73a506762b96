package org.outguard.exec;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * What a program prints, as a stream that is read as it comes, for programs that say more than {@link CommandRunner}
 * keeps. No shell has a part in it. A program that ends with a status other than 0 ends the stream with an error that has
 * its message. One thread at a time uses it.
 */
public final class ProgramOutput extends InputStream {

    private static final int LONGEST_MESSAGE = 400;

    private final String name;
    private final Process process;
    private final InputStream output;
    private boolean judged;

    private ProgramOutput(String name, Process process) {
        this.name = name;
        this.process = process;
        this.output = process.getInputStream();
    }

    /**
     * Starts a program in the root folder, with an environment that says nothing about ours and no input.
     *
     * @param argv the program by its absolute path, and its arguments
     * @throws IOException where it cannot be started
     */
    public static ProgramOutput of(List<String> argv) throws IOException {
        return of(argv, Path.of("/dev/null"));
    }

    /**
     * The same with a file as its input. This program opens it: it may be a name in proc(5) of a file that is held open.
     *
     * @throws IOException where it cannot be started, or the file cannot be opened
     */
    public static ProgramOutput of(List<String> argv, Path input) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(argv)
                .directory(new File("/"))
                .redirectInput(ProcessBuilder.Redirect.from(input.toFile()));
        builder.environment().clear();
        builder.environment().put("LC_ALL", "C");
        builder.environment().put("PATH", ProcessRunner.PATH);
        return new ProgramOutput(argv.get(0), builder.start());
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
        int count = output.read(into, from, length);
        if (count < 0 && !judged) {
            judged = true;
            judge();
        }
        return count;
    }

    private void judge() throws IOException {
        String message = new String(process.getErrorStream().readNBytes(LONGEST_MESSAGE), StandardCharsets.UTF_8);
        try {
            int status = process.waitFor();
            if (status != 0) {
                throw new IOException(name + " ended with status " + status + ": " + message.strip());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + name + " ended", e);
        }
    }

    /** Ends the program where it has not ended. */
    @Override
    public void close() throws IOException {
        process.toHandle().destroyForcibly();
        output.close();
        process.getErrorStream().close();
    }
}
