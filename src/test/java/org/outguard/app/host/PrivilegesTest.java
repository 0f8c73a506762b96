package org.outguard.app.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PrivilegesTest {

    private static final long NET_RAW = 1L << 13;

    @Test
    void oneSentenceSaysWhatToTypeAndWhatWouldDo() {
        Privileges none = new Privileges(0);
        assertThat(none.none()).isTrue();
        assertThat(none.complaint(List.of("block", "--remote", "192.0.2.1; reboot")))
                .isEqualTo("outguard needs root: sudo outguard block --remote '192.0.2.1; reboot' (or CAP_KILL to stop"
                        + " processes of other users, CAP_NET_ADMIN to block, CAP_NET_RAW to capture packets,"
                        + " CAP_SYS_PTRACE to see which process of another user holds a socket)");
    }

    @Test
    void aPartIsNamed() {
        Privileges some = new Privileges(NET_RAW);
        assertThat(some.none()).isFalse();
        assertThat(some.complaint(List.of())).doesNotContain("CAP_NET_RAW").contains("CAP_NET_ADMIN to block");
        assertThat(new Privileges(~0L).complaint(List.of())).isEmpty();
    }
}
