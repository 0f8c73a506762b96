package org.outguard.kernel;

import java.nio.file.Path;
import java.util.Optional;

/** Loads liboutguard.so once, from the folder that the system property {@code outguard.native} names. */
public final class NativeLibrary {

    private static final String FOLDER_PROPERTY = "outguard.native";
    private static final String INSTALLED = "/usr/lib/outguard";
    private static final Optional<String> PROBLEM = load();

    private NativeLibrary() {}

    /** Why it could not be loaded; empty where it is there. Callers of native methods ask first. */
    public static Optional<String> problem() {
        return PROBLEM;
    }

    private static Optional<String> load() {
        Path library = Path.of(System.getProperty(FOLDER_PROPERTY, INSTALLED))
                .toAbsolutePath()
                .resolve("liboutguard.so");
        try {
            System.load(library.toString());
            return Optional.empty();
        } catch (UnsatisfiedLinkError e) {
            return Optional.of("the native library " + library + " cannot be loaded: " + e.getMessage());
        }
    }
}
