package org.outguard.kernel;

import java.util.List;

/** Sizes and offsets of the records of {@code native/include/kernel_eye.h}; a test holds them against the compiler's. */
final class KernelLayout {

    /* struct eye_drain */
    static final int DRAIN_SIZE = 80;
    static final int DRAIN_SLOTS = 0;
    static final int DRAIN_NESTED = 4;
    static final int DRAIN_PACKETS = 8;
    static final int DRAIN_BYTES = 16;
    static final int DRAIN_UNOWNED_PACKETS = 24;
    static final int DRAIN_UNOWNED_BYTES = 32;
    static final int DRAIN_LOST_FACTS = 40;
    static final int DRAIN_WALL_OFFSET = 48;
    static final int DRAIN_HERTZ = 56;
    static final int DRAIN_LOST_SESSIONS = 64;
    static final int DRAIN_BEGUN = 72;

    /* struct eye_slot */
    static final int SLOT_SIZE = 128;
    static final int SLOT_REMOTE = 8;
    static final int SLOT_START = 24;
    static final int SLOT_TGID = 32;
    static final int SLOT_UID = 36;
    static final int SLOT_NETNS = 40;
    static final int SLOT_IFINDEX = 44;
    static final int SLOT_SECOND_TGID = 48;
    static final int SLOT_PORT = 52;
    static final int SLOT_PROTOCOL = 54;
    static final int SLOT_KIND = 55;
    static final int SLOT_LOCAL_PORT = 56;
    static final int SLOT_PACKETS = 64;
    static final int SLOT_BYTES = 72;
    static final int SLOT_FIRST = 80;
    static final int SLOT_LAST = 88;
    static final int SLOT_CONNECTS = 96;
    static final int SLOT_SECOND_UID = 100;
    static final int SLOT_SECOND_START = 104;
    static final int SLOT_LOCAL = 112;

    /* struct eye_lineage */
    static final int LINEAGE_SIZE = 72;
    static final int LINEAGE_PARENT_START = 0;
    static final int LINEAGE_PARENT_TGID = 8;
    static final int LINEAGE_ANCHOR_START = 16;
    static final int LINEAGE_ANCHOR_TGID = 24;
    static final int LINEAGE_COMMAND = 32;
    static final int LINEAGE_CGROUP = 48;
    static final int LINEAGE_UID = 56;
    static final int LINEAGE_NETNS = 60;
    static final int LINEAGE_FLAGS = 64;
    static final int LINEAGE_NUMBER = 68;

    /* struct eye_session */
    static final int SESSION_SIZE = 80;
    static final int SESSION_CLIENT = 0;
    static final int SESSION_SERVER = 16;
    static final int SESSION_USER_START = 32;
    static final int SESSION_USER_TGID = 40;
    static final int SESSION_BEGUN = 48;
    static final int SESSION_AT = 56;
    static final int SESSION_UID = 64;
    static final int SESSION_SERVER_PID = 68;
    static final int SESSION_CLIENT_PORT = 72;
    static final int SESSION_SERVER_PORT = 74;
    static final int SESSION_WORD = 76;

    /* struct eye_parent */
    static final int PARENT_SIZE = 32;
    static final int PARENT_START = 0;
    static final int PARENT_TGID = 8;
    static final int PARENT_COMMAND = 16;

    /* struct eye_facts */
    static final int FACTS_SIZE = 3_728;
    static final int FACTS_START = 8;
    static final int FACTS_TGID = 16;
    static final int FACTS_LINEAGE = 24;
    static final int FACTS_LOGIN_UID = 96;
    static final int FACTS_EXE_DEVICE = 100;
    static final int FACTS_EXE_INODE = 104;
    static final int FACTS_EXE_LENGTH = 112;
    static final int FACTS_CWD_LENGTH = 116;
    static final int FACTS_CGROUP_LENGTH = 120;
    static final int FACTS_ARGUMENTS_LENGTH = 124;
    static final int FACTS_PARENTS = 128;
    static final int FACTS_AT = 136;
    static final int FACTS_PARENT = 144;
    static final int FACTS_EXE = 400;
    static final int FACTS_CWD = 1_168;
    static final int FACTS_CGROUP = 1_936;
    static final int FACTS_ARGUMENTS = 2_704;

    static final int DRAIN_BUFFER = DRAIN_SIZE + (16_384 + 4_096) * SLOT_SIZE;
    static final int WORDS_BUFFER = 4_096;

    /** Every number above, in the order of {@link KernelPrograms#layout()}. */
    static final List<Integer> ALL = List.of(
            DRAIN_SIZE,
            DRAIN_SLOTS,
            DRAIN_NESTED,
            DRAIN_PACKETS,
            DRAIN_BYTES,
            DRAIN_UNOWNED_PACKETS,
            DRAIN_UNOWNED_BYTES,
            DRAIN_LOST_FACTS,
            DRAIN_WALL_OFFSET,
            DRAIN_HERTZ,
            DRAIN_LOST_SESSIONS,
            DRAIN_BEGUN,
            SLOT_SIZE,
            SLOT_REMOTE,
            SLOT_START,
            SLOT_TGID,
            SLOT_UID,
            SLOT_NETNS,
            SLOT_IFINDEX,
            SLOT_SECOND_TGID,
            SLOT_PORT,
            SLOT_PROTOCOL,
            SLOT_KIND,
            SLOT_LOCAL_PORT,
            SLOT_PACKETS,
            SLOT_BYTES,
            SLOT_FIRST,
            SLOT_LAST,
            SLOT_CONNECTS,
            SLOT_SECOND_UID,
            SLOT_SECOND_START,
            SLOT_LOCAL,
            LINEAGE_SIZE,
            LINEAGE_PARENT_START,
            LINEAGE_PARENT_TGID,
            LINEAGE_ANCHOR_START,
            LINEAGE_ANCHOR_TGID,
            LINEAGE_COMMAND,
            LINEAGE_CGROUP,
            LINEAGE_UID,
            LINEAGE_NETNS,
            LINEAGE_FLAGS,
            LINEAGE_NUMBER,
            SESSION_SIZE,
            SESSION_CLIENT,
            SESSION_SERVER,
            SESSION_USER_START,
            SESSION_USER_TGID,
            SESSION_BEGUN,
            SESSION_AT,
            SESSION_UID,
            SESSION_SERVER_PID,
            SESSION_CLIENT_PORT,
            SESSION_SERVER_PORT,
            SESSION_WORD,
            PARENT_SIZE,
            PARENT_START,
            PARENT_TGID,
            PARENT_COMMAND,
            FACTS_SIZE,
            FACTS_START,
            FACTS_TGID,
            FACTS_LINEAGE,
            FACTS_LOGIN_UID,
            FACTS_EXE_DEVICE,
            FACTS_EXE_INODE,
            FACTS_EXE_LENGTH,
            FACTS_CWD_LENGTH,
            FACTS_CGROUP_LENGTH,
            FACTS_ARGUMENTS_LENGTH,
            FACTS_PARENTS,
            FACTS_AT,
            FACTS_PARENT,
            FACTS_EXE,
            FACTS_CWD,
            FACTS_CGROUP,
            FACTS_ARGUMENTS,
            DRAIN_BUFFER,
            WORDS_BUFFER);

    private KernelLayout() {}
}
