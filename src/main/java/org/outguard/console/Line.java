package org.outguard.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A line as it was typed: a command, and what its output goes through. Quotes keep blanks, a backslash keeps the character
 * behind it; nothing else is special, because no shell reads it.
 *
 * @param words the command; empty for an empty line or a comment
 * @param filters what stands behind each {@code |}, each with at least one word
 */
record Line(List<String> words, List<List<String>> filters) {

    Line {
        words = List.copyOf(words);
        filters = filters.stream().map(List::copyOf).toList();
    }

    /** What reading a line gives. */
    sealed interface Reading {}

    /** It can be run. */
    record Read(Line line) implements Reading {}

    /**
     * It cannot.
     *
     * @param reason why
     */
    record Wrong(String reason) implements Reading {}

    static Reading read(String text) {
        List<List<String>> parts = new ArrayList<>();
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        char quote = 0;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (quote != 0) {
                if (c == quote) {
                    quote = 0;
                } else if (c == '\\' && quote == '"' && at + 1 < text.length()) {
                    word.append(text.charAt(++at));
                } else {
                    word.append(c);
                }
                continue;
            }
            boolean blank = c == ' ' || c == '\t';
            if ((blank || c == '|') && inWord) {
                words.add(word.toString());
                word.setLength(0);
                inWord = false;
            }
            if (c == '#' && !inWord && parts.isEmpty() && words.isEmpty()) {
                return new Read(new Line(List.of(), List.of()));
            }
            if (c == '|') {
                parts.add(words);
                words = new ArrayList<>();
            } else if (!blank) {
                inWord = true;
                if (c == '\'' || c == '"') {
                    quote = c;
                } else if (c == '\\' && at + 1 < text.length()) {
                    word.append(text.charAt(++at));
                } else {
                    word.append(c);
                }
            }
        }
        if (quote != 0) {
            return new Wrong("a " + quote + " is open at the end of the line");
        }
        if (inWord) {
            words.add(word.toString());
        }
        parts.add(words);
        return complaint(parts)
                .<Reading>map(Wrong::new)
                .orElseGet(() -> new Read(new Line(parts.get(0), parts.subList(1, parts.size()))));
    }

    private static Optional<String> complaint(List<List<String>> parts) {
        boolean missing = parts.size() > 1 && parts.stream().anyMatch(List::isEmpty);
        return missing ? Optional.of("something is missing beside a |") : Optional.empty();
    }
}
