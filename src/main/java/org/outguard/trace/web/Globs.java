package org.outguard.trace.web;

import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.outguard.trace.tree.FileEntry;
import org.outguard.trace.tree.ForeignText;

/** Files that a pattern of a configuration names; a folder stands for all files in it. Bounded. */
final class Globs {

    private static final int MAX_FOUND = 4_096;

    private Globs() {}

    static List<String> matching(ForeignText texts, String pattern) {
        List<String> found = List.of("");
        for (String part : pattern.replaceAll("/+", "/").substring(1).split("/")) {
            List<String> next = new ArrayList<>();
            for (String folder : found) {
                if (!part.matches(".*[*?\\[].*")) {
                    next.add(folder + "/" + part);
                } else {
                    below(texts, folder, part, next);
                }
            }
            found = next;
        }
        List<String> files = new ArrayList<>();
        for (String one : found) {
            boolean folder = texts.entry(one).filter(FileEntry::isFolder).isPresent();
            files.addAll(folder ? texts.in(one) : List.of(one));
        }
        return files;
    }

    private static void below(ForeignText texts, String folder, String part, List<String> next) {
        try {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + part);
            for (String path : texts.in(folder.isEmpty() ? "/" : folder)) {
                if (next.size() < MAX_FOUND && matcher.matches(Path.of(path).getFileName())) {
                    next.add(path);
                }
            }
        } catch (PatternSyntaxException e) {
            // No pattern that the server would read either.
        }
    }
}
