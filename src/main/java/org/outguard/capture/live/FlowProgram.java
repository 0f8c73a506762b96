package org.outguard.capture.live;

import com.sun.jna.Memory;
import java.util.ArrayList;
import java.util.List;
import org.outguard.flow.FlowKey;
import org.outguard.flow.IpAddress;
import org.outguard.flow.Protocol;

/**
 * A program of the kernel's packet filter (linux/filter.h) that answers 1 for the datagrams of one flow that are of one length and
 * leave by an Ethernet device, 0 for everything else. What has tags, options, extension headers or is a fragment is something
 * else.
 */
final class FlowProgram {

    /* linux/bpf_common.h: a load of 4, 2 or 1 bytes, of the packet's length, a jump, an end. */
    private static final int WORD = 0x20;
    private static final int HALF = 0x28;
    private static final int BYTE = 0x30;
    private static final int LENGTH = 0x80;
    private static final int MASK = 0x54;
    private static final int IF_EQUAL = 0x15;
    private static final int RETURN = 0x06;

    /* linux/filter.h: what is known of a packet beside its bytes, and where its network header begins. */
    private static final int ABOUT = -0x1000;
    private static final int ETHER_TYPE = ABOUT;
    private static final int PACKET_TYPE = ABOUT + 4;
    private static final int NETWORK = -0x10_0000;

    /* linux/if_packet.h */
    private static final int OUTGOING = 4;
    private static final int ETHER_IPV4 = 0x0800;
    private static final int ETHER_IPV6 = 0x86dd;
    private static final int ETHERNET_BYTES = 14;

    /* RFC 791, RFC 8200, RFC 768 */
    private static final int VERSION_AND_LENGTH_4 = 0x45;
    private static final int FRAGMENT_BITS = 0x3fff;
    private static final int HEADER_6 = 40;
    private static final int UDP_HEADER = 8;
    private static final int MOST_BYTES = 1500;

    private static final int INSTRUCTION_BYTES = 8;

    /** Counts nothing. */
    static final FlowProgram NOTHING = new FlowProgram(List.of(new Instruction(RETURN, 0)));

    /** Takes everything. */
    static final FlowProgram EVERYTHING = new FlowProgram(List.of(new Instruction(RETURN, 1)));

    private record Instruction(int code, int value) {}

    private final List<Instruction> instructions;

    private FlowProgram(List<Instruction> instructions) {
        this.instructions = instructions;
    }

    /** Whether datagrams of a flow can be told by such a program. */
    static boolean tells(FlowKey key, long bytes) {
        boolean v6 = key.remote().address().v6();
        return key.protocol() == Protocol.UDP
                && key.local().address().v6() == v6
                && key.local().port() != 0
                && key.remote().port() != 0
                && bytes >= (v6 ? HEADER_6 : 20) + UDP_HEADER
                && bytes <= MOST_BYTES;
    }

    /**
     * One flow.
     *
     * @param key that {@link #tells}
     * @param bytes length of each datagram, IP header included
     */
    static FlowProgram of(FlowKey key, int bytes) {
        List<Instruction> all = new ArrayList<>();
        IpAddress local = key.local().address();
        IpAddress remote = key.remote().address();
        int ports = key.local().port() << 16 | key.remote().port();
        expect(all, LENGTH, 0, bytes + ETHERNET_BYTES);
        expect(all, BYTE, PACKET_TYPE, OUTGOING);
        if (remote.v6()) {
            expect(all, HALF, ETHER_TYPE, ETHER_IPV6);
            expect(all, HALF, NETWORK + 4, bytes - HEADER_6);
            expect(all, BYTE, NETWORK + 6, Protocol.UDP.number());
            expectHalf(all, NETWORK + 8, local.high());
            expectHalf(all, NETWORK + 16, local.low());
            expectHalf(all, NETWORK + 24, remote.high());
            expectHalf(all, NETWORK + 32, remote.low());
            expect(all, WORD, NETWORK + 40, ports);
        } else {
            expect(all, HALF, ETHER_TYPE, ETHER_IPV4);
            expect(all, BYTE, NETWORK, VERSION_AND_LENGTH_4);
            expect(all, HALF, NETWORK + 2, bytes);
            all.add(new Instruction(HALF, NETWORK + 6));
            all.add(new Instruction(MASK, FRAGMENT_BITS));
            all.add(new Instruction(IF_EQUAL, 0));
            expect(all, BYTE, NETWORK + 9, Protocol.UDP.number());
            expect(all, WORD, NETWORK + 12, (int) local.low());
            expect(all, WORD, NETWORK + 16, (int) remote.low());
            expect(all, WORD, NETWORK + 20, ports);
        }
        all.add(new Instruction(RETURN, 1));
        all.add(new Instruction(RETURN, 0));
        return new FlowProgram(all);
    }

    private static void expectHalf(List<Instruction> all, int at, long half) {
        expect(all, WORD, at, (int) (half >>> 32));
        expect(all, WORD, at + 4, (int) half);
    }

    private static void expect(List<Instruction> all, int load, int at, int value) {
        all.add(new Instruction(load, at));
        all.add(new Instruction(IF_EQUAL, value));
    }

    int count() {
        return instructions.size();
    }

    /** As struct sock_filter: code, two jumps, a number. What is not equal goes to the last instruction. */
    Memory instructions() {
        Memory memory = new Memory((long) count() * INSTRUCTION_BYTES);
        for (int i = 0; i < count(); i++) {
            Instruction one = instructions.get(i);
            long at = (long) i * INSTRUCTION_BYTES;
            memory.setShort(at, (short) one.code());
            memory.setByte(at + 2, (byte) 0);
            memory.setByte(at + 3, (byte) (one.code() == IF_EQUAL ? count() - 2 - i : 0));
            memory.setInt(at + 4, one.value());
        }
        return memory;
    }
}
