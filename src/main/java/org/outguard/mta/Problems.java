package org.outguard.mta;

import java.util.ArrayList;
import java.util.List;

/** Why not all of a step could be done; collected while it runs. */
public final class Problems {

    private final List<String> all = new ArrayList<>();
    private boolean failed;

    /** Something is otherwise than it was when the step was decided: nothing is wrong with the mail system. */
    public void add(String problem) {
        all.add(problem);
    }

    /** The same of several. */
    public void addAll(List<String> problems) {
        all.addAll(problems);
    }

    /** A program failed. */
    public void failed(String problem) {
        failed = true;
        all.add(problem);
    }

    /** How the step went. */
    public MailSystem.Done done(int count) {
        return new MailSystem.Done(count, all, failed);
    }
}
