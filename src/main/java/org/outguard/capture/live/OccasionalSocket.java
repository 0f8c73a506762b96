package org.outguard.capture.live;

import java.util.Optional;
import java.util.function.Consumer;

/**
 * A capture socket beside the one that counts. It is opened when it is first wanted, and later taken off the device and attached
 * again. Where it is refused, that is told once and not tried again. One thread uses it.
 */
final class OccasionalSocket implements AutoCloseable {

    private final String name;
    private final boolean loopback;
    private final int index;
    private final LiveDevice.Use use;
    private final Consumer<String> refused;
    private LiveDevice.Opening opening = new LiveDevice.Opening.NotThere("not wanted yet");
    private boolean attached;

    /**
     * One that is not open yet.
     *
     * @param index of the interface, {@link Interfaces#NONE} for all of them
     * @param refused takes the reason why it cannot be opened
     */
    OccasionalSocket(String name, boolean loopback, int index, LiveDevice.Use use, Consumer<String> refused) {
        this.name = name;
        this.loopback = loopback;
        this.index = index;
        this.use = use;
        this.refused = refused;
    }

    /** Opens, attaches or detaches it. */
    void listen(boolean wanted) {
        if (wanted && opening instanceof LiveDevice.Opening.NotThere) {
            opening = LiveDevice.open(name, loopback, use);
            attached = opening instanceof LiveDevice.Opening.Opened;
            if (opening instanceof LiveDevice.Opening.Refused problem) {
                refused.accept(problem.reason());
            }
        }
        if (opening instanceof LiveDevice.Opening.Opened opened && attached != wanted) {
            attached = opened.device().attach(index, wanted) == wanted;
        }
    }

    /** Whether it receives. */
    boolean attached() {
        return attached;
    }

    /** What is in the ring of a socket that was taken off its device can be read all the same; empty where none is open. */
    Optional<LiveDevice> device() {
        return opening instanceof LiveDevice.Opening.Opened opened ? Optional.of(opened.device()) : Optional.empty();
    }

    @Override
    public void close() {
        device().ifPresent(LiveDevice::close);
        opening = new LiveDevice.Opening.Refused("closed");
        attached = false;
    }
}
