package org.outguard.capture.live;

import org.jspecify.annotations.Nullable;

/** Says which library is missing where the capture cannot be loaded. */
final class MissingLibrary {

    private static final String FOLDER = "jna.boot.library.path";

    private MissingLibrary() {}

    /** In words, with what to do. JNA reports a library that it cannot load as a LinkageError, wrapped when it happens in a class initialiser. */
    static String reason(LinkageError e) {
        return reason(e, System.getProperty(FOLDER));
    }

    /**
     * The same.
     *
     * @param folder where JNA's own library is looked for; null where it is unpacked at each start
     */
    static String reason(LinkageError e, @Nullable String folder) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String text = String.valueOf(cause.getMessage());
        if (text.contains("jnidispatch")
                || text.contains("com/sun/jna")
                || text.contains("com.sun.jna")
                || text.contains("JNA native")) {
            return folder == null
                    ? "the native part of JNA cannot be loaded; its temporary directory must not be mounted noexec"
                    : "libjnidispatch.so, the native part of JNA, cannot be loaded from " + folder
                            + ": it is missing there, or that folder is mounted noexec";
        }
        return cause instanceof UnsatisfiedLinkError
                ? "libpcap cannot be loaded: install it (apt-get install libpcap0.8, or dnf install libpcap)"
                : "a part of this program is missing: " + text;
    }
}
