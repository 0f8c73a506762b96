package org.outguard.nft;

/** Which run of this program has made a table, so that no instance takes out what another one counts with. */
public interface TableMaker {

    /** Names this run and no other: letters, digits and underscores, for the name of a table. */
    String word();

    /** Whether the run of that word has ended; false where that cannot be told. */
    boolean hasEnded(String word);
}
