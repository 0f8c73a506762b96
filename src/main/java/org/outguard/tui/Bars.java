package org.outguard.tui;

import java.util.List;

/** Numbers as heights and lengths, in eighths of a cell. */
final class Bars {

    private static final int BLOCK = 0x2588;
    private static final int LINE = 0x2501;
    private static final int HALF_LINE = 0x2578;

    private Bars() {}

    /**
     * The samples as so many columns: each column shows the greatest of the samples that fall into it, so that no peak is
     * lost where there is little room.
     */
    static long[] columns(List<Long> samples, int columns) {
        long[] heights = new long[columns];
        int count = samples.size();
        for (int c = 0; c < columns && count > 0; c++) {
            int from = c * count / columns;
            int to = Math.max(from + 1, (c + 1) * count / columns);
            for (int i = from; i < to; i++) {
                heights[c] = Math.max(heights[c], samples.get(i));
            }
        }
        return heights;
    }

    static long greatest(List<Long> samples) {
        return samples.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** A graph; the foot of an empty column is a faint line. */
    static void graph(Canvas canvas, Box box, List<Long> samples, Ink ink, Ground ground) {
        long[] heights = columns(samples, box.width());
        long most = Math.max(1, greatest(samples));
        // Graphs of one row stand above each other: the last eighth keeps them apart.
        int full = box.height() == 1 ? 7 : box.height() * 8;
        for (int c = 0; c < heights.length; c++) {
            int eighths = (int) Math.ceil((double) heights[c] / most * full);
            for (int r = 0; r < box.height(); r++) {
                int row = box.row() + box.height() - 1 - r;
                int part = Math.max(0, Math.min(8, eighths - r * 8));
                if (part > 0) {
                    boolean body = ink == Ink.ACCENT && eighths > (r + 1) * 8;
                    canvas.put(row, box.column() + c, BLOCK - 8 + part, body ? Ink.TRACE : ink, ground);
                } else if (r == 0) {
                    canvas.put(row, box.column() + c, BLOCK - 7, Ink.FAINT, ground);
                }
            }
        }
    }

    /** A line of that many hundredths of its width. */
    static void line(Canvas canvas, int row, int from, int width, int hundredths, Ink ink, Ground ground) {
        int halves = Math.round(Math.max(0, Math.min(100, hundredths)) * width * 2 / 100f);
        for (int c = 0; c < width; c++) {
            int left = halves - 2 * c;
            int point = left == 1 ? HALF_LINE : LINE;
            canvas.put(row, from + c, point, left > 0 ? ink : Ink.FAINT, ground);
        }
    }
}
