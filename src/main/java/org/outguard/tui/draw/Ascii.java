package org.outguard.tui.draw;

/** What stands for our own signs where a terminal shows ASCII only. Text from outside that is none becomes a question mark. */
final class Ascii {

    private Ascii() {}

    /** A printable ASCII character. */
    static int of(int point) {
        if (point < 0x7f) {
            return point < ' ' ? '?' : point;
        }
        if (point >= 0x2581 && point <= 0x2588) {
            return "_.-:=+*#".charAt(point - 0x2581);
        }
        return switch (point) {
            case '●', '■' -> '*';
            case '▲' -> '!';
            case '·' -> '.';
            case '▓' -> '%';
            case '▒' -> ':';
            case '┄' -> '-';
            case '✓' -> '+';
            case '✗', '×' -> 'x';
            case '↩' -> '<';
            case '†' -> '+';
            case '…' -> '~';
            case '▸', '→' -> '>';
            case '←' -> '<';
            case '▾', '↓' -> 'v';
            case '▴', '↑' -> '^';
            case '↕' -> '|';
            case '━', '╸' -> '=';
            case '─', '—' -> '-';
            case '│' -> '|';
            case '╭', '╮', '╰', '╯' -> '+';
            case '└' -> '`';
            case '◌' -> 'o';
            default -> '?';
        };
    }
}
