package org.outguard.trace.php;

import java.util.Arrays;
import java.util.List;
import org.outguard.trace.php.PhpLexer.Kind;
import org.outguard.trace.php.PhpLexer.Token;

/**
 * How alike two scripts are by the order of their words: MinHash over four words each (Broder, "On the resemblance and
 * containment of documents", 1997). Names of variables, texts and layout do not count, since those are what an intruder varies.
 */
public final class Likeness {

    private static final int HASHES = 64;
    private static final int WINDOW = 4;
    private static final int LEAST_WORDS = 12;

    private final int[] smallest = new int[HASHES];
    private final boolean enough;

    private Likeness(List<Token> tokens) {
        Arrays.fill(smallest, Integer.MAX_VALUE);
        this.enough = tokens.size() >= LEAST_WORDS;
        for (int i = 0; i + WINDOW <= tokens.size(); i++) {
            int hash = 17;
            for (int j = i; j < i + WINDOW; j++) {
                hash = hash * 31 + word(tokens.get(j)).hashCode();
            }
            for (int k = 0; k < HASHES; k++) {
                int mixed = hash ^ (k * 0x9e3779b9);
                mixed *= 0x85ebca6b;
                mixed ^= mixed >>> 13;
                mixed *= 0xc2b2ae35;
                mixed ^= mixed >>> 16;
                smallest[k] = Math.min(smallest[k], mixed);
            }
        }
    }

    private static String word(Token token) {
        boolean varied = token.kind() == Kind.STRING
                || token.kind() == Kind.NUMBER
                || token.kind() == Kind.VARIABLE && !token.text().startsWith("$_");
        return varied ? token.kind().name() : token.text();
    }

    /** Of the beginning of a file. */
    public static Likeness of(byte[] head) {
        return new Likeness(PhpLexer.tokens(new String(head, java.nio.charset.StandardCharsets.ISO_8859_1)));
    }

    /** How much of both is the same: 0 to 100; 0 where one is too short to tell. */
    public int percent(Likeness other) {
        if (!enough || !other.enough) {
            return 0;
        }
        int same = 0;
        for (int k = 0; k < HASHES; k++) {
            same += smallest[k] == other.smallest[k] ? 1 : 0;
        }
        return same * 100 / HASHES;
    }
}
