package org.outguard.capture.live;

/** Says which library is missing where the capture cannot be loaded. */
final class MissingLibrary {

    private MissingLibrary() {}

    /* JNA reports a library that it cannot load as a LinkageError, wrapped when it happens in a class initialiser. */
    static String reason(LinkageError e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        String text = String.valueOf(cause.getMessage());
        if (text.contains("jnidispatch") || text.contains("com/sun/jna")) {
            return "the native part of JNA cannot be loaded; its temporary directory must not be mounted noexec";
        }
        return cause instanceof UnsatisfiedLinkError
                ? "libpcap cannot be loaded: install it (apt-get install libpcap0.8)"
                : "a part of this program is missing: " + text;
    }
}
