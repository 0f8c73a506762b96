package org.outguard.trace;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.outguard.trace.php.Likeness;
import org.outguard.trace.php.PhpScorer;
import org.outguard.trace.tree.FileEntry;
import org.outguard.trace.tree.ForeignText;
import org.outguard.trace.tree.TreeWalk;

/** Files that came with another: of the same minutes and user, of the same content, or written alike. */
final class Relatives {

    private static final Duration MINUTES = Duration.ofMinutes(10);
    private static final int MAX_RELATED = 100;
    private static final int MAX_COMPARED = 20_000;
    private static final int ALIKE = 70;
    private static final long MOST_BYTES = 64L << 20;
    private static final Set<String> NOT_ENTERED = Set.of("node_modules", ".git", ".svn");

    private final ForeignText texts;
    private final Trace.Suspect file;
    private final Instant written;
    private final @Nullable Likeness likeness;
    private final List<Trace.Related> found = new ArrayList<>();
    private final List<Trace.Related> sameMinutes = new ArrayList<>();
    private int compared;
    private int neighbours;

    Relatives(ForeignText texts, Trace.Suspect file, Instant written) {
        this.texts = texts;
        this.file = file;
        this.written = written;
        this.likeness = file.score().isPresent()
                ? texts.head(file.entry().path(), PhpScorer.MOST_BYTES)
                        .map(Likeness::of)
                        .orElse(null)
                : null;
    }

    List<Trace.Related> in(List<String> roots, TreeWalk walk) {
        List<String> outermost = roots.stream()
                .filter(root -> roots.stream().noneMatch(other -> root.startsWith(other + "/")))
                .distinct()
                .toList();
        for (String root : outermost) {
            walk.walk(root, path -> NOT_ENTERED.contains(path.substring(path.lastIndexOf('/') + 1)), this::look);
        }
        found.sort(Comparator.comparing(one -> !one.how().startsWith("has the same")));
        found.addAll(sameMinutes);
        return found;
    }

    /** Files of the same minutes that are not listed, since they are no code or there are too many. */
    int neighbours() {
        return neighbours;
    }

    /* An update writes thousands of files in a minute: they must not crowd out a copy that the walk comes to later. */
    private void look(FileEntry entry) {
        if (!entry.isFile() || entry.path().equals(file.entry().path())) {
            return;
        }
        Optional<String> same = found.size() < MAX_RELATED ? copy(entry).or(() -> alike(entry)) : Optional.empty();
        same.ifPresentOrElse(
                how -> found.add(new Trace.Related(entry, how)),
                () -> neighbour(entry).ifPresent(how -> {
                    if (sameMinutes.size() < MAX_RELATED) {
                        sameMinutes.add(new Trace.Related(entry, how));
                    } else {
                        neighbours++;
                    }
                }));
    }

    private Optional<String> copy(FileEntry entry) {
        boolean may = entry.size() == file.entry().size()
                && entry.size() > 0
                && !file.sha256().isEmpty();
        return may
                        && texts.digest(entry.path(), "SHA-256", MOST_BYTES)
                                .filter(file.sha256()::equals)
                                .isPresent()
                ? Optional.of("has the same content")
                : Optional.empty();
    }

    private Optional<String> alike(FileEntry entry) {
        long size = file.entry().size();
        Likeness mine = likeness;
        boolean may = isCode(entry) && entry.size() * 2 >= size && entry.size() <= size * 2 && compared < MAX_COMPARED;
        if (mine == null || !may) {
            return Optional.empty();
        }
        compared++;
        int percent = texts.head(entry.path(), PhpScorer.MOST_BYTES)
                .map(head -> Likeness.of(head).percent(mine))
                .orElse(0);
        return percent >= ALIKE ? Optional.of("is written alike (" + percent + " %)") : Optional.empty();
    }

    private Optional<String> neighbour(FileEntry entry) {
        // Of a restored tree the kernel's time is that of the restore; the other one still tells the minute.
        Duration byContent = Duration.between(written, entry.modified());
        Duration byInode = Duration.between(written, entry.changed());
        Duration apart = byContent.abs().compareTo(byInode.abs()) < 0 ? byContent : byInode;
        if (entry.uid() != file.entry().uid() || apart.abs().compareTo(MINUTES) > 0) {
            return Optional.empty();
        }
        if (!isCode(entry) && !entry.executable() && !entry.name().startsWith(".")) {
            neighbours++;
            return Optional.empty();
        }
        long seconds = apart.toSeconds();
        return Optional.of(
                "was changed by the same user " + Math.abs(seconds) + (seconds < 0 ? " s before it" : " s after it"));
    }

    private static boolean isCode(FileEntry entry) {
        return entry.name().matches("(?is).*\\.(php\\d?|phtml?|pht|phar|inc|pl|py|cgi|sh)(\\..*)?")
                && entry.size() <= PhpScorer.MOST_BYTES;
    }
}
