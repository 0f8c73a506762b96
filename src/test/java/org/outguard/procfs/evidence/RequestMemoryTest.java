package org.outguard.procfs.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {

    @Test
    void namesAndValuesStandOneBehindTheOther() {
        RequestMemory memory = RequestMemory.empty();
        take(memory, "..\0SCRIPT_FILENAME\0/var/www/x7.php\0REQUEST_URI=/x7.php?go=1\0REMOTE_ADDR\000203.0.113.9\0");

        assertThat(memory.values().get("SCRIPT_FILENAME")).containsExactly("/var/www/x7.php");
        assertThat(memory.values().get("REQUEST_URI")).containsExactly("/x7.php?go=1");
        assertThat(memory.values().get("REMOTE_ADDR")).containsExactly("203.0.113.9");
    }

    @Test
    void theNameAloneIsNoValue() {
        RequestMemory memory = RequestMemory.empty();
        take(
                memory,
                "SCRIPT_FILENAME\0\0SCRIPT_FILENAME\0\u0001\u0002\0_SCRIPT_FILENAMES\0x\0SCRIPT_FILENAME\0cut off");

        assertThat(memory.values()).isEmpty();
    }

    @Test
    void aHostileMemoryCostsNoMoreThanItsBound() {
        RequestMemory memory = RequestMemory.empty();
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            many.append("REQUEST_URI\0/").append(i).append('\0');
        }
        take(
                memory,
                many.append("REQUEST_URI\0")
                        .append("x".repeat(5_000))
                        .append('\0')
                        .toString());

        assertThat(memory.values().get("REQUEST_URI")).hasSize(16).allMatch(value -> value.length() <= 1_024);
    }

    @Test
    void anyBytesAreTaken() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        RequestMemory memory = RequestMemory.empty();
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            byte[] name = "SCRIPT_FILENAME\0".getBytes(StandardCharsets.US_ASCII);
            if (bytes.length > name.length) {
                System.arraycopy(name, 0, bytes, random.nextInt(bytes.length - name.length), name.length);
            }
            memory.take(bytes, bytes.length);
        }
        assertThat(memory.values().values()).as("seed " + seed).allMatch(values -> values.size() <= 16);
    }

    private static void take(RequestMemory memory, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        memory.take(bytes, bytes.length);
    }
}
