package org.outguard.fuzz;

import java.util.List;

/** A parser that is given what an attacker might write. */
public interface FuzzTarget {

    /** Names it on the command line; small letters and dashes. */
    String name();

    /** Sound inputs that others are made from. */
    List<byte[]> seeds() throws Exception;

    /** Words that the format knows, to be put in anywhere. */
    default List<String> words() {
        return List.of();
    }

    /** Parses one input. Whatever it throws is a finding. */
    void feed(byte[] input) throws Exception;
}
