package org.outguard.nft;

import java.util.List;

/** How a script gets to nft. */
final class NftScript {

    /**
     * Arguments that have nft read its standard input. {@code -f -} would open /dev/stdin, which is not there in every
     * container; /proc is, or nothing of this program works.
     */
    static final List<String> FROM_STANDARD_INPUT = List.of("-f", "/proc/self/fd/0");

    private NftScript() {}
}
