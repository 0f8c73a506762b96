package org.outguard.capture.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the words of JNA 5.19. */
class MissingLibraryTest {

    private static final String FOLDER = "/usr/lib/outguard/native";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Could not find JNA native support",
                "Unable to load library from path: /usr/lib/outguard/native/libjnidispatch.so",
                "Could not initialize class com.sun.jna.Native"
            })
    void thatOfJnaIsNamedWithItsFolder(String words) {
        for (LinkageError error :
                new LinkageError[] {new UnsatisfiedLinkError(words), new NoClassDefFoundError(words)}) {
            assertThat(MissingLibrary.reason(error, FOLDER))
                    .startsWith("libjnidispatch.so, the native part of JNA, cannot be loaded from " + FOLDER);
        }
    }

    @Test
    void whereItIsUnpackedTheTemporaryDirectoryIsNamed() {
        assertThat(MissingLibrary.reason(
                        new UnsatisfiedLinkError("Failed to create temporary file for /com/sun/jna/linux-x86-64/x"),
                        null))
                .contains("temporary directory", "noexec");
    }

    @Test
    void thatOfLibpcapIsNamedWithItsPackage() {
        assertThat(MissingLibrary.reason(new UnsatisfiedLinkError("Unable to load library 'pcap'"), FOLDER))
                .startsWith("libpcap cannot be loaded")
                .contains("libpcap0.8");
    }
}
