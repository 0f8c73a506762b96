package org.outguard.trace.left;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** All checks for what intruders leave. */
public final class LeftChecks {

    private static final List<LeftCheck> ALL = List.of(
            new RunningPrograms(),
            new TemporaryFiles(),
            new ScheduledJobs(),
            new StartFiles(),
            new Accounts(),
            new WebTrees(),
            new Packages());

    private LeftChecks() {}

    /** What each looks at. */
    public static List<CheckInfo> about() {
        List<CheckInfo> all = new ArrayList<>();
        ALL.forEach(check -> all.addAll(check.about()));
        all.add(Walks.CUT);
        return List.copyOf(all);
    }

    /** What a check is about; empty where there is none of that name. */
    public static Optional<CheckInfo> about(String id) {
        return about().stream().filter(info -> info.id().equals(id)).findFirst();
    }

    /**
     * Looks at all of a machine; what is found is in order of severity.
     *
     * @param only checks by name; empty for all
     * @param progress is told what is looked at now
     */
    public static List<Leftover> look(Scene scene, Set<String> only, Consumer<String> progress) {
        List<Leftover> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (LeftCheck check : ALL) {
            boolean wanted = only.isEmpty() || check.about().stream().anyMatch(info -> only.contains(info.id()));
            if (wanted && !scene.stop().getAsBoolean()) {
                progress.accept(check.about().get(0).looksAt());
                check.look(scene, one -> {
                    boolean asked = only.isEmpty()
                            || only.contains(one.check())
                            || one.check().equals(Walks.CUT.id());
                    if (asked && seen.add(one.check() + " " + one.subject())) {
                        found.add(one);
                    }
                });
            }
        }
        found.sort(Comparator.comparing(Leftover::severity));
        return List.copyOf(found);
    }
}
