package org.outguard.kernel;

/** What a start needs and a run does not: pages of programs and of the archive of classes, and what malloc keeps. */
public final class StartupMemory {

    private StartupMemory() {}

    /**
     * Gives it back to the kernel. What is touched again comes back from the page cache, so it is called when all has
     * begun, and not again and again. Does nothing without the native library.
     *
     * @return kB that are not resident any more; 0 where nothing was done
     */
    public static long release() {
        return NativeLibrary.problem().isPresent() ? 0 : Math.max(0, giveBack());
    }

    private static native long giveBack();
}
