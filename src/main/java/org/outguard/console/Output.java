package org.outguard.console;

import java.util.List;

/** Where the console writes. */
interface Output {

    /** One line. */
    void line(String text);

    /** Many lines, page by page where somebody can turn pages, else one after the other. */
    void pages(List<String> lines);

    /** Clears what is shown, where that is no harm to whoever has it read aloud. */
    void clear();

    /**
     * Waits, and tells whether somebody has pressed a key meanwhile.
     *
     * @param millis how long at most
     */
    boolean pressed(long millis);
}
