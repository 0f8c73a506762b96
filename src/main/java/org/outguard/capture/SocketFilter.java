package org.outguard.capture;

import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.lang.reflect.Field;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;

/**
 * Gives the kernel a filter for an open capture behind libpcap's back; see {@link LiveDevice} for why.
 *
 * <p>pcap4j keeps libpcap's handle to itself, so it is taken by reflection. pcap4j is on the class path, where that is
 * allowed, and of a fixed version.
 */
final class SocketFilter {

    private static final int OPTIMIZE = 1;
    /** PCAP_NETMASK_UNKNOWN of pcap/pcap.h. */
    private static final int NETMASK_UNKNOWN = 0xffff_ffff;
    /** asm-generic/socket.h */
    private static final int SOL_SOCKET = 1;

    private static final int SO_ATTACH_FILTER = 26;

    /**
     * struct bpf_program of pcap/bpf.h and struct sock_fprog of linux/filter.h: a count, then a pointer to instructions
     * of the same form.
     */
    private static final int PROGRAM_BYTES = 16;

    private static final int INSTRUCTIONS_AT = 8;

    private SocketFilter() {}

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
            Memory socketProgram = new Memory(PROGRAM_BYTES);
            socketProgram.clear();
            socketProgram.setShort(0, (short) program.getInt(0));
            socketProgram.setPointer(INSTRUCTIONS_AT, program.getPointer(INSTRUCTIONS_AT));
            int fd = libpcap.getFunction("pcap_fileno").invokeInt(new Object[] {pcap});
            int attached = NativeLibrary.getInstance("c")
                    .getFunction("setsockopt")
                    .invokeInt(new Object[] {fd, SOL_SOCKET, SO_ATTACH_FILTER, socketProgram, PROGRAM_BYTES});
            if (attached != 0) {
                throw new PcapNativeException("the kernel does not take the filter");
            }
        } finally {
            libpcap.getFunction("pcap_freecode").invokeVoid(new Object[] {program});
        }
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
