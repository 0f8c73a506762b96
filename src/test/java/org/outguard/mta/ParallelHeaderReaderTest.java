package org.outguard.mta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many files are read by several threads, in order; an Error in any of them ends whoever waits. */
class ParallelHeaderReaderTest {

    private static final int FILES = 200;

    private final Thread here = Thread.currentThread();
    private final ParallelHeaderReader readers = new ParallelHeaderReader(
            new ParallelHeaderReader.Helpers(
                    work -> {
                        Thread thread = new Thread(work, "queue files");
                        thread.start();
                        join(thread);
                    },
                    1),
            () -> 0);

    /* So that the helper has them all. */
    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ArrayDeque<Integer> waiting() {
        return new ArrayDeque<>(IntStream.range(0, FILES).boxed().toList());
    }

    @Test
    void resultsAreInOrder() {
        List<Integer> taken = new ArrayList<>();
        readers.run(waiting(), 0, one -> 2 * one, (one, twice) -> taken.add(twice));
        assertThat(taken)
                .isEqualTo(IntStream.range(0, FILES).map(i -> 2 * i).boxed().toList());
    }

    @Test
    void anErrorOfAHelperIsThrownOn() {
        assertThatThrownBy(() -> readers.run(
                        waiting(),
                        0,
                        one -> {
                            if (Thread.currentThread() != here) {
                                throw new LinkageError("planted");
                            }
                            return one;
                        },
                        (one, same) -> {}))
                .isInstanceOf(LinkageError.class);
    }
}
