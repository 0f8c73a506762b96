package org.outguard.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * For a short time in each build, what {@code packaging/fuzz} does for hours: no input makes a parser throw, or takes more than
 * two seconds. The seed is printed; {@code -Doutguard.seed=N} begins with it again.
 */
class FuzzTest {

    private static final Duration EACH = Duration.ofMillis(1_500);
    private static final long SEED = Long.getLong("outguard.seed", System.nanoTime());

    @TestFactory
    Stream<DynamicTest> nothingThatIsWrittenMakesAParserThrow() {
        System.out.println("FuzzTest seed " + SEED);
        return Fuzz.targets().stream()
                .map(target -> dynamicTest(target.name(), () -> {
                    FuzzLoop loop = new FuzzLoop(target, SEED);
                    Optional<FuzzLoop.Finding> finding = loop.run(EACH);
                    if (finding.isPresent()) {
                        Path kept = Fuzz.keep(Path.of("target", "fuzz"), target, finding.get());
                        throw new AssertionError(
                                "seed " + SEED + ", " + kept, finding.get().thrown());
                    }
                    assertThat(loop.inputs()).isPositive();
                }));
    }

    /** Throws at a word that its seed does not have, and at a number that is larger than its own. */
    private record Planted(String at) implements FuzzTarget {
        @Override
        public String name() {
            return "planted";
        }

        @Override
        public List<byte[]> seeds() {
            return List.of("length=12 end".getBytes(StandardCharsets.US_ASCII));
        }

        @Override
        public List<String> words() {
            return List.of("begin");
        }

        @Override
        public void feed(byte[] input) {
            String text = new String(input, StandardCharsets.ISO_8859_1);
            if (text.matches("(?s).*" + at + ".*")) {
                throw new IllegalStateException("planted");
            }
        }
    }

    @Test
    void aPlantedFaultIsFoundAndFoundAgain() throws Exception {
        for (String at : List.of("begin", "length=\\d{10}", "end.*end")) {
            Optional<FuzzLoop.Finding> first = new FuzzLoop(new Planted(at), 7).run(Duration.ofSeconds(20));
            Optional<FuzzLoop.Finding> again = new FuzzLoop(new Planted(at), 7).run(Duration.ofSeconds(20));
            assertThat(first).isPresent();
            assertThat(again.orElseThrow().input())
                    .isEqualTo(first.orElseThrow().input());
        }
    }
}
