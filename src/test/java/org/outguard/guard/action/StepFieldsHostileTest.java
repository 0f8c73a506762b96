package org.outguard.guard.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.outguard.flow.Protocol;
import org.outguard.owner.ProcessId;

/** Who may write a line of steps: each is what its fields say or none, never a wider one. */
class StepFieldsHostileTest {

    private static final List<Object> VALUES = List.of(
            0L,
            -1L,
            4_294_967_296L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            1.5,
            true,
            "../../etc/shadow",
            "; reboot",
            "\u0000\n\u202e",
            "0.0.0.0/0",
            List.of(),
            List.of("x"),
            Map.of(),
            List.of(Map.of()));

    private static final NetworkStep.Block OF_PROCESS =
            new NetworkStep.Block(BlockTarget.ofProcess(new ProcessId(4711, 99), 1000), Duration.ofMinutes(5));

    private static final NetworkStep.Block OF_CLIENT = new NetworkStep.Block(
            BlockTarget.ofClient(BlockTarget.Remote.parse("192.0.2.0/24").orElseThrow()), Duration.ofMinutes(5));

    @Test
    void aChangedFieldIsReadAsItStandsOrRefused() {
        for (Step step : steps()) {
            for (String name : step.fields().keySet()) {
                for (Object value : VALUES) {
                    Map<String, Object> changed = new LinkedHashMap<>(step.fields());
                    changed.put(name, value);
                    readAsItStands(step.word(), changed);
                }
            }
        }
    }

    @Test
    void aFieldThatIsMissingIsNotMadeUp() {
        for (Step step : steps()) {
            for (String name : step.fields().keySet()) {
                Map<String, Object> changed = new LinkedHashMap<>(step.fields());
                changed.remove(name);
                read(step.word(), changed)
                        .ifPresent(read -> assertThat(read.fields()).containsAllEntriesOf(changed));
            }
        }
    }

    @Test
    void aUserIsNotCutToRoot() {
        Map<String, Object> fields = new LinkedHashMap<>(OF_PROCESS.fields());
        fields.put("uid", 4_294_967_296L);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepFields.read("block", fields))
                .withMessage("uid 4294967296");
    }

    @Test
    void aBlockOfAProcessIsNotReadAsOneOfItsUser() {
        Map<String, Object> fields = new LinkedHashMap<>(OF_PROCESS.fields());
        fields.put("pid", 0L);
        assertThatIllegalArgumentException().isThrownBy(() -> StepFields.read("block", fields));
    }

    @ParameterizedTest
    @ValueSource(strings = {"remote", "port", "protocol", "cgroup"})
    void aBlockOfAProcessHasNoOtherPart(String part) {
        Map<String, Object> fields = new LinkedHashMap<>(OF_PROCESS.fields());
        fields.put(part, part.equals("port") ? (Object) 25L : "tcp");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepFields.read("block", fields))
                .withMessage("no target");
    }

    @ParameterizedTest
    @ValueSource(strings = {"remote", "port", "protocol", "uid", "cgroup", "pid", "startTicks"})
    void aBlockOfAClientHasNoOtherPart(String part) {
        Map<String, Object> fields = new LinkedHashMap<>(OF_CLIENT.fields());
        fields.put(part, part.matches("remote|protocol|cgroup") ? "tcp" : (Object) 25L);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepFields.read("block", fields))
                .withMessage("no target");
    }

    @ParameterizedTest
    @ValueSource(strings = {"flush", "hold", "release", "delete", "requeue"})
    void messagesThatAreNotThereAreNotTheWholeQueue(String word) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepFields.read(word, Map.of("site", "", "savedTo", "")))
                .withMessage("no messages");
    }

    @Test
    void aLockdownWithoutItsListIsNotOneThatLetsNothingOut() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepFields.read("lockdown", Map.of()))
                .withMessage("no allowed");
    }

    private static List<Step> steps() {
        BlockTarget narrow = new BlockTarget(
                BlockTarget.Remote.parse("192.0.2.7"),
                OptionalInt.of(25),
                Optional.of(Protocol.TCP),
                OptionalInt.of(1000),
                Optional.empty());
        List<Step> steps = new ArrayList<>(Steps.all(new Random(1), random -> "text"));
        steps.add(OF_PROCESS);
        steps.add(new NetworkStep.Block(narrow, Duration.ofMinutes(5)));
        steps.add(OF_CLIENT);
        steps.add(new NetworkStep.Limit(narrow, 10, Duration.ofMinutes(5)));
        steps.add(new NetworkStep.Unlimit(narrow, "a-1"));
        return steps;
    }

    private static void readAsItStands(String word, Map<String, Object> changed) {
        read(word, changed).ifPresent(step -> {
            assertThat(step.word()).isEqualTo(word);
            Stream.of(
                            "remote",
                            "port",
                            "protocol",
                            "uid",
                            "cgroup",
                            "pid",
                            "startTicks",
                            "startTime",
                            "rate",
                            "line",
                            "from")
                    .filter(changed::containsKey)
                    .forEach(name -> assertThat(step.fields()).containsEntry(name, changed.get(name)));
        });
    }

    /* Only what its Javadoc names may come out of it. */
    private static Optional<Step> read(String word, Map<String, Object> fields) {
        try {
            return Optional.of(StepFields.read(word, fields));
        } catch (IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }
}
