package org.outguard.app.intruder;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.outguard.app.enforce.ProcessWiring;
import org.outguard.app.output.OpenedFiles;
import org.outguard.headless.Finding;
import org.outguard.trace.left.CheckInfo;
import org.outguard.trace.left.LeftChecks;
import org.outguard.trace.left.Leftover;
import org.outguard.trace.left.Scene;
import org.outguard.trace.tree.TreeBounds;

/** What intruders have left, as findings of {@code outguard doctor}. */
public final class IntruderFindings {

    private IntruderFindings() {}

    /**
     * Where it is looked.
     *
     * @param root {@code /}, or where another machine's disk is mounted
     * @param limit for each tree that is gone through
     */
    public static Scene scene(Path root, Duration limit) {
        return Scene.of(
                root,
                new OpenedFiles(),
                WebRoots.of(root),
                ProcessWiring.PROC,
                ProcessWiring.facts(),
                new TreeBounds(TreeBounds.USUAL.entries(), limit, TreeBounds.USUAL.waiting(), TreeBounds.USUAL.depth()),
                System::nanoTime,
                () -> Thread.currentThread().isInterrupted());
    }

    /** What is found there, the surest first. */
    public static List<Finding> look(Scene scene, Set<String> only, Consumer<String> progress) {
        return LeftChecks.look(scene, only, progress).stream()
                .map(IntruderFindings::finding)
                .toList();
    }

    public static Finding finding(Leftover left) {
        boolean cut = left.check().equals("not-all-seen");
        return new Finding(
                left.check(),
                left.severity(),
                cut ? Finding.Cost.HIDES_IT : Finding.Cost.LETS_IT_HAPPEN,
                left.subject(),
                left.what(),
                left.evidence(),
                LeftChecks.about(left.check()).map(CheckInfo::why).orElse(""),
                left.mend().command(),
                left.mend().undo());
    }
}
