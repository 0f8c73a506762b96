package org.outguard.capture.live;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.lang.reflect.Field;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;

/**
 * Reaches the socket of an open capture behind libpcap's back, to give it a filter, see {@link LiveDevice} for why, or to take
 * it off its device.
 *
 * <p>pcap4j keeps libpcap's handle to itself, so it is taken by reflection. pcap4j is on the class path, where that is
 * allowed, and of a fixed version.
 */
final class CaptureSocket {

    private static final int OPTIMIZE = 1;
    /** PCAP_NETMASK_UNKNOWN of pcap/pcap.h. */
    private static final int NETMASK_UNKNOWN = 0xffff_ffff;
    /** asm-generic/socket.h */
    static final int SOL_SOCKET = 1;

    private static final int SO_ATTACH_FILTER = 26;

    /**
     * struct bpf_program of pcap/bpf.h and struct sock_fprog of linux/filter.h: a count, then a pointer to instructions
     * of the same form.
     */
    private static final int PROGRAM_BYTES = 16;

    private static final int INSTRUCTIONS_AT = 8;

    /* struct sockaddr_ll of linux/if_packet.h: family, protocol in network order, index of the device, and what is not asked for. */
    private static final int AF_PACKET = 17;
    private static final int ETH_P_ALL = 3;
    /* IEEE 802 sets it aside for experiments. The kernel shows what leaves to sockets for all protocols only. */
    private static final int NOBODYS_PROTOCOL = 0x88b5;
    private static final int PROTOCOL_AT = 2;
    private static final int INDEX_AT = 4;
    private static final int ADDRESS_BYTES = 20;

    private CaptureSocket() {}

    /**
     * Compiles the expression for the handle's link type and puts it on the handle's socket.
     *
     * @throws PcapNativeException where libpcap cannot compile it or the kernel does not take it
     */
    static void attach(PcapHandle handle, String expression) throws PcapNativeException {
        NativeLibrary libpcap = libpcap();
        Pointer pcap = pointer(handle);
        Memory program = new Memory(PROGRAM_BYTES);
        program.clear();
        int compiled = libpcap.getFunction("pcap_compile")
                .invokeInt(new Object[] {pcap, program, expression, OPTIMIZE, NETMASK_UNKNOWN});
        if (compiled != 0) {
            throw new PcapNativeException("the filter cannot be compiled");
        }
        try {
            if (!attach(fd(pcap), program(program.getInt(0), program.getPointer(INSTRUCTIONS_AT)))) {
                throw new PcapNativeException("the kernel does not take the filter");
            }
        } finally {
            libpcap.getFunction("pcap_freecode").invokeVoid(new Object[] {program});
        }
    }

    /** A struct sock_fprog. */
    static Memory program(int count, Pointer instructions) {
        Memory program = new Memory(PROGRAM_BYTES);
        program.clear();
        program.setShort(0, (short) count);
        program.setPointer(INSTRUCTIONS_AT, instructions);
        return program;
    }

    private static boolean attach(int socket, Memory program) {
        return NativeLibrary.getInstance("c")
                        .getFunction("setsockopt")
                        .invokeInt(new Object[] {socket, SOL_SOCKET, SO_ATTACH_FILTER, program, PROGRAM_BYTES})
                == 0;
    }

    /** Puts a program on a socket, instead of the one before. Whether the kernel took it. */
    static boolean attach(int socket, FlowProgram program) {
        Memory instructions = program.instructions();
        return attach(socket, program(program.count(), instructions));
    }

    /**
     * Binds the handle's socket to its device anew (packet(7)), for all protocols or for one that nobody uses.
     *
     * @return whether the kernel did it
     */
    static boolean bind(PcapHandle handle, int index, boolean all) {
        return bind(fd(handle), index, all);
    }

    static boolean bind(int socket, int index, boolean all) {
        Memory address = new Memory(ADDRESS_BYTES);
        address.clear();
        address.setShort(0, (short) AF_PACKET);
        int protocol = all ? ETH_P_ALL : NOBODYS_PROTOCOL;
        address.setByte(PROTOCOL_AT, (byte) (protocol >> 8));
        address.setByte(PROTOCOL_AT + 1, (byte) protocol);
        address.setInt(INDEX_AT, index);
        return NativeLibrary.getInstance("c").getFunction("bind").invokeInt(new Object[] {socket, address, ADDRESS_BYTES
                })
                == 0;
    }

    static int fd(PcapHandle handle) {
        return fd(pointer(handle));
    }

    private static int fd(Pointer pcap) {
        return libpcap().getFunction("pcap_fileno").invokeInt(new Object[] {pcap});
    }

    /** The libpcap that pcap4j has loaded. */
    static NativeLibrary libpcap() {
        return NativeLibrary.getInstance(System.getProperty("org.pcap4j.core.pcapLibName", "pcap"));
    }

    /** libpcap's own handle; valid until the handle is closed. */
    static Pointer pointer(PcapHandle handle) {
        try {
            Field field = PcapHandle.class.getDeclaredField("handle");
            field.setAccessible(true);
            return (Pointer) field.get(handle);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("another pcap4j than this was built for", e);
        }
    }
}
