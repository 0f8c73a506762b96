package org.outguard.app.intruder;

import java.nio.file.Path;
import java.util.List;
import org.outguard.app.output.OpenedFiles;
import org.outguard.trace.tree.ForeignText;
import org.outguard.trace.web.WebServers;

/** Folders that web servers serve from. */
public final class WebRoots {

    private WebRoots() {}

    /** By the servers' configuration, the usual ones, and those in home folders; some are not there. */
    public static List<String> of(Path root) {
        ForeignText texts = new ForeignText(root, new OpenedFiles());
        return WebServers.read(texts).roots(texts);
    }
}
