package org.outguard.mta;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A machine whose files are below a folder.
 *
 * @param root that folder
 */
public record RootedHost(Path root) implements MailHost {

    @Override
    public Path path(Path inside) {
        return root.resolve(inside.toString().substring(1));
    }

    @Override
    public Path realPath(Path inside) throws IOException {
        return inside;
    }

    @Override
    public SeekableByteChannel open(Path reached) throws IOException {
        return ThisMachine.HERE.open(reached);
    }

    @Override
    public Optional<byte[]> content(Path inside) throws IOException {
        return ThisMachine.HERE.content(path(inside));
    }

    @Override
    public void replace(Path inside, byte[] content) throws IOException {
        ThisMachine.HERE.replace(path(inside), content);
    }

    @Override
    public void delete(Path inside) throws IOException {
        ThisMachine.HERE.delete(path(inside));
    }

    @Override
    public boolean exists(Path inside) {
        return ThisMachine.HERE.exists(path(inside));
    }

    @Override
    public List<String> argv(List<String> argv) {
        return argv;
    }

    @Override
    public List<String> networkArgv(List<String> argv) {
        return argv;
    }

    @Override
    public boolean has(long pid) {
        return false;
    }
}
