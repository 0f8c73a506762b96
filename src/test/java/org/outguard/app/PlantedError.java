package org.outguard.app;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The program with an Error planted in one of its threads as soon as that is there. */
public final class PlantedError {

    /** In place of a thread's name: the heap is filled, and the error is caught where it is thrown. */
    static final String HEAP = "heap";

    private PlantedError() {}

    /** The first argument is the thread's name, the others are the program's. */
    public static void main(String[] arguments) {
        String name = arguments[0];
        Thread planter = new Thread(() -> plant(name), "planter");
        planter.setDaemon(true);
        planter.start();
        String[] rest = new String[arguments.length - 1];
        System.arraycopy(arguments, 1, rest, 0, rest.length);
        Main.main(rest);
    }

    /** What holds all memory that there was. */
    @SuppressWarnings("UnusedVariable")
    private static List<long[]> hoard = new ArrayList<>();

    /* Whoever asks for memory and catches what comes of it, as many libraries do, keeps the error from everybody else. */
    private static void exhaust() {
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

    /* The one way to let another thread meet an Error wherever it is: ThreadDeath is one. */
    @SuppressWarnings("deprecation")
    private static void plant(String name) {
        if (name.equals(HEAP)) {
            LockSupport.parkNanos(1_500_000_000L);
            exhaust();
        }
        while (true) {
            for (Thread thread : Thread.getAllStackTraces().keySet()) {
                if (thread.getName().equals(name)) {
                    // It has begun its work, and is not just being made.
                    LockSupport.parkNanos(1_500_000_000L);
                    System.out.println("planted");
                    System.out.flush();
                    thread.stop();
                    return;
                }
            }
            LockSupport.parkNanos(20_000_000L);
        }
    }
}
