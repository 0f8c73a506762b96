package org.outguard.config;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.tomlj.Toml;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;

/**
 * A file of TOML (v1.0.0) without the blank lines and comments that follow others, and with the number that each line has in the
 * file. The parser looks ahead to the end of such a run at each of its lines: 950 of them take it half a minute.
 */
final class CondensedToml {

    private static final Pattern MULTI_LINE_STRING = Pattern.compile("\"\"\"|'''");
    private static final Pattern LINE_IN_MESSAGE = Pattern.compile("(?<=\\bline )\\d{1,7}");

    private final String text;
    private final int[] lines;

    private CondensedToml(String text, int[] lines) {
        this.text = text;
        this.lines = lines;
    }

    static CondensedToml of(String text) {
        // In such a string every line counts.
        boolean asItIs = MULTI_LINE_STRING.matcher(text).find();
        StringBuilder kept = new StringBuilder(text.length());
        int[] lines = new int[64];
        int count = 0;
        int number = 0;
        boolean saidNothing = false;
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('\n', from);
            int next = end < 0 ? text.length() : end + 1;
            boolean saysNothing = saysNothing(text, from, next);
            number++;
            if (asItIs || !saysNothing || !saidNothing) {
                kept.append(text, from, next);
                if (count == lines.length) {
                    lines = Arrays.copyOf(lines, 2 * count);
                }
                lines[count++] = number;
            }
            saidNothing = saysNothing;
            from = next;
        }
        return new CondensedToml(kept.toString(), Arrays.copyOf(lines, count));
    }

    private static boolean saysNothing(String text, int from, int to) {
        int at = from;
        while (at < to && (text.charAt(at) == ' ' || text.charAt(at) == '\t' || text.charAt(at) == '\r')) {
            at++;
        }
        return at == to || text.charAt(at) == '\n' || text.charAt(at) == '#';
    }

    TomlParseResult parse() {
        return Toml.parse(text);
    }

    /** The number in the file of a line of what is parsed; 0 stays what it is, which is none. */
    int lineInFile(int line) {
        return line < 1 || line > lines.length ? line : lines[line - 1];
    }

    /** What the parser says, by lines of the file: its message may name one, too. */
    PolicyResult.Fault fault(String file, TomlParseError error) {
        String text = LINE_IN_MESSAGE
                .matcher(String.valueOf(error.getMessage()))
                .replaceAll(found -> Integer.toString(lineInFile(Integer.parseInt(found.group()))));
        return new PolicyResult.Fault(file, lineInFile(error.position().line()), "", text);
    }

    /** The same fault, by the line of the file. What it quotes stays as it is. */
    PolicyResult.Fault inFile(PolicyResult.Fault fault) {
        return new PolicyResult.Fault(fault.file(), lineInFile(fault.line()), fault.key(), fault.text());
    }
}
