package org.outguard.app.output;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.outguard.kernel.ExtendedAttributes;
import org.outguard.trace.store.FileAttributes;

/** Extended attributes, as package kernel reads and sets them. */
public final class KernelAttributes implements FileAttributes {

    @Override
    public Map<String, byte[]> of(Path file) throws IOException {
        return ExtendedAttributes.of(file);
    }

    @Override
    public void set(Path file, String name, byte[] value) throws IOException {
        ExtendedAttributes.set(file, name, value);
    }

    @Override
    public void remove(Path file, String name) throws IOException {
        ExtendedAttributes.remove(file, name);
    }
}
