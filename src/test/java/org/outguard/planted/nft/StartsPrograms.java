package org.outguard.planted.nft;

import java.io.IOException;

/** Programs are started in exec alone. */
final class StartsPrograms {
    Process withBuilder() throws IOException {
        return new ProcessBuilder("nft", "list", "ruleset").start();
    }

    Process withRuntime() throws IOException {
        return Runtime.getRuntime().exec(new String[] {"nft", "list", "ruleset"});
    }
}
