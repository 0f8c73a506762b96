package org.outguard.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.outguard.app.demo.Lab;
import org.outguard.app.demo.LabResult;

/** The lab of the demo for a test, with the sender that was built for it. */
final class BuiltLab {

    private BuiltLab() {}

    static Lab build() {
        LabResult result = Lab.build(
                Programs.RUNNER,
                ProgramUnderTest.NATIVE.resolve("outguard-lab-sender"),
                ProcessHandle.current().pid());
        assertThat(result).isInstanceOf(LabResult.Ready.class);
        return ((LabResult.Ready) result).lab();
    }
}
