package org.outguard.nft;

/**
 * A run by its word. A run has ended where its word ends with 0.
 *
 * @param word see {@link TableMaker#word}
 */
public record Maker(String word) implements TableMaker {
    @Override
    public boolean hasEnded(String other) {
        return other.endsWith("0");
    }
}
