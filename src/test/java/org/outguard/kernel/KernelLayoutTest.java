package org.outguard.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The C compiler and Java agree on where each member of the shared records lies. */
class KernelLayoutTest {

    @Test
    void everyOffsetIsThatOfTheCompiler() {
        assertThat(NativeLibrary.problem()).isEmpty();
        assertThat(Arrays.stream(KernelPrograms.layout()).boxed().toList()).isEqualTo(KernelLayout.ALL);
    }
}
