package org.outguard.capture.live;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.nio.charset.StandardCharsets;

/**
 * Index and flags of network interfaces, in the network namespace of the thread that asks.
 *
 * <p>By libc, because the JDK lists only interfaces that have an address, and /sys shows the namespace that was there
 * when it was mounted. JNA is what pcap4j calls libpcap with.
 */
final class Interfaces {

    /** There is no such interface. */
    static final int NONE = 0;

    /** linux/if.h */
    static final int IFF_UP = 0x1;

    static final int IFF_LOOPBACK = 0x8;

    private static final int AF_INET = 2;
    private static final int SOCK_DGRAM = 2;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final long SIOCGIFFLAGS = 0x8913;
    /** struct ifreq of net/if.h: a name of 16 bytes and a union of 24. */
    private static final int IFREQ_BYTES = 40;

    private static final int NAME_BYTES = 16;

    private final Function nameToIndex;
    private final Function socket;
    private final Function ioctl;
    private final Function close;
    private final Memory request = new Memory(IFREQ_BYTES);

    Interfaces() {
        NativeLibrary libc = NativeLibrary.getInstance("c");
        nameToIndex = libc.getFunction("if_nametoindex");
        socket = libc.getFunction("socket");
        ioctl = libc.getFunction("ioctl");
        close = libc.getFunction("close");
    }

    /** Whether the kernel could have an interface of this name (dev_valid_name in net/core/dev.c). */
    static boolean validName(String name) {
        return !name.isEmpty()
                && name.getBytes(StandardCharsets.UTF_8).length < NAME_BYTES
                && name.chars().noneMatch(c -> c <= ' ' || c == '/' || c == ':');
    }

    /** The interface's index, {@link #NONE} where there is no such interface. */
    int index(String name) {
        return nameToIndex.invokeInt(new Object[] {name});
    }

    /** The interface's IFF_ flags; 0 where there is no such interface. */
    int flags(String name) {
        int fd = socket.invokeInt(new Object[] {AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0});
        if (fd < 0) {
            throw new IllegalStateException("socket: error " + Native.getLastError());
        }
        try {
            request.clear();
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            request.write(0, bytes, 0, Math.min(bytes.length, NAME_BYTES - 1));
            int result = ioctl.invokeInt(new Object[] {fd, SIOCGIFFLAGS, request});
            return result < 0 ? 0 : request.getShort(NAME_BYTES) & 0xffff;
        } finally {
            close.invokeInt(new Object[] {fd});
        }
    }

    /**
     * Why an interface that had this index cannot be watched any more; empty where it can. A device that was deleted and
     * made again under its name is another one, and the old socket receives nothing of it.
     */
    String problem(String name, int index) {
        int now = index(name);
        if (now == NONE) {
            return "the interface disappeared";
        }
        if (now != index) {
            return "the interface was replaced by another of its name";
        }
        return (flags(name) & IFF_UP) == 0 ? "the interface is down" : "";
    }
}
