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
 * @param into where its output goes; empty for the terminal
 */
record InputLine(List<String> words, List<List<String>> filters, Optional<Target> into) {

    /**
     * A file behind {@code >} or {@code >>}.
     *
     * @param file its name, as it was typed
     * @param appends whether what is in it stays
     */
    record Target(String file, boolean appends) {}

    private static final String ONE_FILE = "> needs one file, at the end of the line";

    InputLine {
        words = List.copyOf(words);
        filters = filters.stream().map(List::copyOf).toList();
    }

    /** What reading a line gives. */
    sealed interface Reading {}

    /** It can be run. */
    record Read(InputLine line) implements Reading {}

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
        int arrow = -1;
        boolean appends = false;
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
            if (c == '>' && !inWord) {
                if (arrow >= 0) {
                    return new Wrong(ONE_FILE);
                }
                arrow = words.size();
                appends = at + 1 < text.length() && text.charAt(at + 1) == '>';
                at += appends ? 1 : 0;
                continue;
            }
            if (c == '|' && arrow >= 0) {
                return new Wrong(ONE_FILE);
            }
            if (c == '#' && !inWord && parts.isEmpty() && words.isEmpty()) {
                return new Read(new InputLine(List.of(), List.of(), Optional.empty()));
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
        Optional<Target> into = Optional.empty();
        if (arrow >= 0) {
            if (words.size() != arrow + 1) {
                return new Wrong(ONE_FILE);
            }
            into = Optional.of(new Target(words.remove(arrow), appends));
        }
        parts.add(words);
        InputLine line = new InputLine(parts.get(0), parts.subList(1, parts.size()), into);
        return complaint(line).<Reading>map(Wrong::new).orElseGet(() -> new Read(line));
    }

    private static Optional<String> complaint(InputLine line) {
        boolean noCommand = line.words().isEmpty();
        if (line.filters().stream().anyMatch(List::isEmpty)
                || noCommand && !line.filters().isEmpty()) {
            return Optional.of("something is missing beside a |");
        }
        return noCommand && line.into().isPresent() ? Optional.of("no command before the >") : Optional.empty();
    }
}
