package org.outguard.headless;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who did something that a complaint shows. Text from outside is in it.
 *
 * @param about what of the complaint it answers
 * @param owner who did it, as NDJSON has owners; empty where the sender is unknown
 * @param name the same in words
 * @param match {@code EXACT}, {@code PROBABLE} or {@code NONE}
 * @param evidence what it is known from
 * @param facts more about it, one line each
 * @param stopped what was done about it; empty where nothing was
 * @param goesOn whether it was still so at the last record
 * @param commands what stops it
 */
public record Answer(
        String about,
        Map<String, Object> owner,
        String name,
        String match,
        String evidence,
        List<String> facts,
        Optional<String> stopped,
        boolean goesOn,
        List<String> commands) {

    public Answer {
        owner = new LinkedHashMap<>(owner);
        facts = List.copyOf(facts);
        commands = List.copyOf(commands);
    }
}
