package org.outguard.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The program with an Error to be thrown in one of its threads, by a {@link Debugger}, or with all of its memory taken. */
public final class PlantedError {

    /** In place of a thread's name: the heap is filled, and the error is caught where it is thrown. */
    static final String HEAP = "heap";

    /** What a debugger throws. */
    static final Object PLANTED = new Error("planted");

    private PlantedError() {}

    /** The first argument is {@link #HEAP} or empty, the others are the program's. */
    public static void main(String[] arguments) {
        if (arguments[0].equals(HEAP)) {
            Thread planter = new Thread(PlantedError::exhaust, "planter");
            planter.setDaemon(true);
            planter.start();
        }
        String[] rest = new String[arguments.length - 1];
        System.arraycopy(arguments, 1, rest, 0, rest.length);
        Main.main(rest);
    }

    /** What holds all memory that there was. */
    @SuppressWarnings("UnusedVariable")
    private static List<long[]> hoard = new ArrayList<>();

    /* Whoever asks for memory and catches what comes of it, as many libraries do, keeps the error from everybody else. */
    private static void exhaust() {
        LockSupport.parkNanos(1_500_000_000L);
        System.out.println("planted");
        System.out.flush();
        while (true) {
            try {
                hoard.add(new long[1 << 14]);
            } catch (OutOfMemoryError e) {
                hoard = new ArrayList<>();
            }
        }
    }
}
