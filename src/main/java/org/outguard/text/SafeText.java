package org.outguard.text;

/**
 * Makes foreign text safe to print: what could move a cursor, change a colour, reverse the reading order, hide or pile
 * up is shown by its code instead. What is cleaned stays the same when it is cleaned again.
 */
public final class SafeText {

    /** Longer text is cut; nothing that a person reads on one line is longer. */
    public static final int MAX_CHARS = 8_192;

    private static final int MAX_MARKS = 2;
    private static final String BASE_FOR_MARK = "\u25cc";

    private SafeText() {}

    /** The text with everything unsafe shown by its code, {@code \x1b} or {@code \u202e}; the same object if safe. */
    public static String clean(String text) {
        if (isPlainAscii(text)) {
            return text;
        }
        StringBuilder safe = new StringBuilder(Math.min(text.length(), MAX_CHARS) + 16);
        int marks = -1;
        for (int at = 0; at < text.length() && safe.length() <= MAX_CHARS; ) {
            int before = safe.length();
            int point = text.codePointAt(at);
            at += Character.charCount(point);
            marks = append(safe, point, marks);
            if (safe.length() > MAX_CHARS) {
                safe.setLength(before);
                break;
            }
        }
        return safe.toString().equals(text) ? text : safe.toString();
    }

    /** Cleaned, and cut to that many columns with an ellipsis. */
    public static String clean(String text, int maxColumns) {
        return Columns.cut(clean(text), maxColumns);
    }

    /* Takes and gives the number of marks since the last base; -1 where there was no base yet. */
    private static int append(StringBuilder safe, int point, int marks) {
        if (isMark(point)) {
            if (marks < 0) {
                safe.append(BASE_FOR_MARK);
            }
            if (marks < MAX_MARKS) {
                safe.appendCodePoint(point);
            }
            return Math.min(MAX_MARKS, Math.max(marks, 0) + 1);
        }
        if (isSafe(point)) {
            safe.appendCodePoint(point);
        } else if (Character.getType(point) == Character.SPACE_SEPARATOR) {
            safe.append(' ');
        } else {
            appendCode(safe, point);
        }
        return 0;
    }

    private static boolean isPlainAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return text.length() <= MAX_CHARS;
    }

    private static boolean isMark(int point) {
        int type = Character.getType(point);
        boolean mark = type == Character.NON_SPACING_MARK
                || type == Character.ENCLOSING_MARK
                || type == Character.COMBINING_SPACING_MARK;
        return mark && !isInvisible(point);
    }

    private static boolean isSafe(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> point == ' ';
            default -> !isInvisible(point);
        };
    }

    /* Default_Ignorable_Code_Point of Unicode, as far as it is not of type FORMAT: fillers and selectors. */
    private static boolean isInvisible(int point) {
        return point == 0x034F
                || point == 0x115F
                || point == 0x1160
                || point == 0x17B4
                || point == 0x17B5
                || point >= 0x180B && point <= 0x180F
                || point == 0x3164
                || point >= 0xFE00 && point <= 0xFE0F
                || point == 0xFFA0
                || point >= 0xE0000 && point <= 0xE0FFF;
    }

    private static void appendCode(StringBuilder safe, int point) {
        if (point <= 0xff) {
            safe.append("\\x").append(hex(point, 2));
        } else if (point <= 0xffff) {
            safe.append("\\u").append(hex(point, 4));
        } else {
            safe.append("\\U").append(hex(point, 8));
        }
    }

    private static String hex(int value, int digits) {
        String hex = Integer.toHexString(value);
        return "0".repeat(Math.max(0, digits - hex.length())) + hex;
    }
}
