package org.outguard.kernel;

import org.junit.jupiter.api.Test;
import org.outguard.Alone;
import org.outguard.app.Programs;

/** packaging/verify-kernels: the kernel eye is exact on the kernel that runs, without emulation. */
@Alone("senders are told by their ports alone, and other tests send to these, too")
class VerifyThisKernelIT {

    @Test
    void theKernelThatRunsHere() {
        Programs.requireRoot();
        VerifyKernelsIT.assertExact(VerifyKernelsIT.verify("here"), 1);
    }
}
