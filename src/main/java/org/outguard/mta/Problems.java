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

    /**
     * What is said of messages that are not touched.
     *
     * @param gone how many are no longer in the queue
     * @param others how many ids belong to another message by now
     */
    public static List<String> notTheSame(int gone, int others) {
        List<String> problems = new ArrayList<>();
        if (gone > 0) {
            problems.add(gone + " no longer there");
        }
        if (others > 0) {
            problems.add(others + " left alone, since another message has the id by now");
        }
        return problems;
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
