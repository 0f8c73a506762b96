package org.outguard.app;

import java.util.concurrent.locks.LockSupport;

/** The program with an Error planted in one of its threads as soon as that is there. */
public final class PlantedError {

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

    /* The one way to let another thread meet an Error wherever it is: ThreadDeath is one. */
    @SuppressWarnings("deprecation")
    private static void plant(String name) {
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
