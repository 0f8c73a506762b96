package org.outguard.trace;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.outguard.owner.Owner;

/**
 * What is to be traced.
 *
 * @param asked as it was asked for
 * @param process that is at it, where it still runs
 * @param file path of the script or program, or its bare name; empty where neither is known
 * @param at when it was at work, where that is known
 * @param facts what is known beside, for people
 * @param request what the worker's memory says of the request that it is at: names and values of the CGI variables
 */
public record Question(
        String asked,
        Optional<Owner> process,
        String file,
        Optional<Instant> at,
        List<String> facts,
        java.util.Map<String, List<String>> request) {

    public Question {
        facts = List.copyOf(facts);
        request = java.util.Map.copyOf(request);
    }
}
