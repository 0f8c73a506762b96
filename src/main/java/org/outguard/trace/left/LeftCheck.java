package org.outguard.trace.left;

import java.util.List;
import java.util.function.Consumer;

/** Looks at one kind of place where intruders leave things, and changes nothing. */
interface LeftCheck {

    /** All that it may find. */
    List<CheckInfo> about();

    /** Hands over what it finds. */
    void look(Scene scene, Consumer<Leftover> found);
}
