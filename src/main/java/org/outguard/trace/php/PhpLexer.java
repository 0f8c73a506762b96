package org.outguard.trace.php;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Takes PHP apart into words, as far as it matters who calls what with what: comments and what stands outside of the code are
 * left out, so a word in a text is no call. Never fails, whatever it is given. Bounded by the number of tokens.
 */
final class PhpLexer {

    private static final int MAX_TOKENS = 200_000;

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;

    private PhpLexer(String text) {
        this.text = text;
    }

    /** What a token is. */
    enum Kind {
        NAME,
        VARIABLE,
        STRING,
        BACKTICKS,
        NUMBER,
        SIGN
    }

    /**
     * A word.
     *
     * @param text names in lower case; of strings what is between the quotes, as it is written
     * @param line from 1
     */
    record Token(Kind kind, String text, int line) {

        boolean is(String sign) {
            return kind == Kind.SIGN && text.equals(sign);
        }

        boolean named(String name) {
            return kind == Kind.NAME && text.equals(name);
        }
    }

    /**
     * Tokens of all code in a text.
     *
     * @param text one character a byte
     */
    static List<Token> tokens(String text) {
        PhpLexer lexer = new PhpLexer(text);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (open() && tokens.size() < MAX_TOKENS) {
            while (at < text.length() && tokens.size() < MAX_TOKENS) {
                if (text.startsWith("?>", at)) {
                    at += 2;
                    break;
                }
                token();
            }
        }
    }

    /* To behind the next "<?php", "<?=" or "<?", but not that of XML. */
    private boolean open() {
        while (true) {
            int begin = text.indexOf("<?", at);
            if (begin < 0) {
                return false;
            }
            skipTo(begin + 2);
            if (text.regionMatches(true, at, "php", 0, 3)) {
                at += 3;
                return true;
            }
            if (!text.regionMatches(true, at, "xml", 0, 3) && !text.startsWith("xpacket", at)) {
                at += text.startsWith("=", at) ? 1 : 0;
                return true;
            }
        }
    }

    private void token() {
        char c = text.charAt(at);
        if (c == '\n') {
            line++;
            at++;
        } else if (c <= ' ') {
            at++;
        } else if (c == '#' && !text.startsWith("#[", at) || text.startsWith("//", at)) {
            lineComment();
        } else if (text.startsWith("/*", at)) {
            int end = text.indexOf("*/", at + 2);
            skipTo(end < 0 ? text.length() : end + 2);
        } else if (c == '\'' || c == '"' || c == '`') {
            quoted(c);
        } else if (text.startsWith("<<<", at) && heredoc()) {
            return;
        } else if (c == '$' && at + 1 < text.length() && inName(text.charAt(at + 1))) {
            int end = nameEnd(at + 1);
            add(Kind.VARIABLE, text.substring(at, end));
            at = end;
        } else if (inName(c) || c == '\\') {
            int end = nameEnd(at + 1);
            boolean number = c >= '0' && c <= '9';
            String word = text.substring(at, end);
            add(number ? Kind.NUMBER : Kind.NAME, word.startsWith("\\") ? lower(word.substring(1)) : lower(word));
            at = end;
        } else {
            add(Kind.SIGN, String.valueOf(c));
            at++;
        }
    }

    private static String lower(String word) {
        return word.toLowerCase(Locale.ROOT);
    }

    private void lineComment() {
        while (at < text.length() && text.charAt(at) != '\n' && !text.startsWith("?>", at)) {
            at++;
        }
    }

    private void quoted(char quote) {
        int end = at + 1;
        while (end < text.length() && text.charAt(end) != quote) {
            end += text.charAt(end) == '\\' ? 2 : 1;
        }
        end = Math.min(end, text.length());
        add(quote == '`' ? Kind.BACKTICKS : Kind.STRING, text.substring(at + 1, Math.max(at + 1, end)));
        skipTo(Math.min(end + 1, text.length()));
    }

    private boolean heredoc() {
        int name = at + 3;
        while (name < text.length() && (text.charAt(name) == ' ' || text.charAt(name) == '\t')) {
            name++;
        }
        char quote = name < text.length() ? text.charAt(name) : ' ';
        name += quote == '\'' || quote == '"' ? 1 : 0;
        int end = nameEnd(name);
        if (end == name) {
            return false;
        }
        String label = text.substring(name, end);
        int body = text.indexOf('\n', end);
        if (body < 0) {
            return false;
        }
        int from = body;
        int close = text.indexOf(label, body);
        while (close >= 0 && !onItsOwn(close, label.length())) {
            from = close + label.length();
            close = text.indexOf(label, from);
        }
        add(Kind.STRING, text.substring(body + 1, close < 0 ? text.length() : Math.max(body + 1, close)));
        skipTo(close < 0 ? text.length() : close + label.length());
        return true;
    }

    private boolean onItsOwn(int begin, int length) {
        int before = begin - 1;
        while (before >= 0 && (text.charAt(before) == ' ' || text.charAt(before) == '\t')) {
            before--;
        }
        int after = begin + length;
        return before >= 0 && text.charAt(before) == '\n' && (after >= text.length() || !inName(text.charAt(after)));
    }

    private void add(Kind kind, String word) {
        tokens.add(new Token(kind, word, line));
    }

    private void skipTo(int end) {
        for (int i = at; i < end; i++) {
            line += text.charAt(i) == '\n' ? 1 : 0;
        }
        at = end;
    }

    private int nameEnd(int from) {
        int end = from;
        while (end < text.length() && (inName(text.charAt(end)) || text.charAt(end) == '\\')) {
            end++;
        }
        return end;
    }

    private static boolean inName(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80;
    }
}
