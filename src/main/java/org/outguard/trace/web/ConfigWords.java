package org.outguard.trace.web;

import java.util.ArrayList;
import java.util.List;

/** Configuration of nginx and Caddy as words: quotes taken off, comments left out, brackets and semicolons by themselves. */
final class ConfigWords {

    private static final int MAX_WORDS = 200_000;

    private ConfigWords() {}

    static List<String> of(String text) {
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < text.length() && words.size() < MAX_WORDS) {
            char c = text.charAt(at);
            if (c == '#') {
                at = Math.max(at, text.indexOf('\n', at));
                at = text.indexOf('\n', at) < 0 ? text.length() : at;
            } else if (c == '\n') {
                words.add("\n");
                at++;
            } else if (c <= ' ') {
                at++;
            } else if (c == '{' && !text.startsWith("{$", at) || c == '}' || c == ';') {
                words.add(String.valueOf(c));
                at++;
            } else if (c == '"' || c == '\'' || c == '`') {
                StringBuilder word = new StringBuilder();
                at++;
                while (at < text.length() && text.charAt(at) != c) {
                    if (text.charAt(at) == '\\' && at + 1 < text.length() && text.charAt(at + 1) == c) {
                        at++;
                    }
                    word.append(text.charAt(at++));
                }
                at++;
                words.add(word.toString());
            } else {
                int end = at;
                while (end < text.length() && " \t\r\n;{}".indexOf(text.charAt(end)) < 0
                        || end < text.length() && text.charAt(end) == '{' && end > at && text.charAt(end - 1) == '$') {
                    end++;
                }
                end = Math.max(end, at + 1);
                words.add(text.substring(at, end));
                at = end;
            }
        }
        return words;
    }
}
