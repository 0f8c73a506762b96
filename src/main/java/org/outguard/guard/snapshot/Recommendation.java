package org.outguard.guard.snapshot;

import java.time.Instant;
import java.util.Optional;
import org.outguard.guard.action.ProcessStep;

/**
 * What to stop next. Text from outside is in all of it.
 *
 * @param at when it was found
 * @param about id of the action that it follows from
 * @param reason what was seen: {@code "x7 is back as process 712, started by process 700 sh"}
 * @param step what would stop it; empty where no step of ours can
 * @param command what would stop it, as a person would type it
 */
public record Recommendation(
        Instant at, String about, String reason, Optional<ProcessStep.Kill> step, String command) {}
