package org.outguard.mta;

import java.util.HashMap;
import java.util.Map;
import org.outguard.mta.SpoolLayout.Folder;

/** What is known of a folder. */
final class SpoolFolder {
    final Folder folder;
    final Map<String, SpoolEntry> entries = new HashMap<>();
    long changed = Long.MIN_VALUE;
    boolean settled;
    boolean everListed;
    long notBefore = Long.MIN_VALUE;
    long cost;
    int uncounted;

    SpoolFolder(Folder folder) {
        this.folder = folder;
    }
}
