package org.outguard.tui;

import java.util.ArrayList;
import java.util.List;

/** Numbers as heights and lengths, in eighths of a cell. */
final class Bars {

    private static final int BLOCK = 0x2588;
    private static final int LINE = 0x2501;
    private static final int HALF_LINE = 0x2578;

    private Bars() {}

    /**
     * The last minute, drawn over and over in the same place as an oscilloscope does: each second has its cells, the newest
     * stand left of the gap, the oldest right of it. What is over is not drawn again, so a second costs a cell, not a line.
     *
     * @param samples one for each second, oldest first
     * @param end the second after the newest, counted from anywhere
     */
    static void sweep(Canvas canvas, Box box, List<Long> samples, long end, Ink ink, Ground ground) {
        if (samples.isEmpty()) {
            foot(canvas, box, 0, box.width(), ground);
            return;
        }
        int cells = Math.max(1, box.width() / samples.size());
        long[] heights = slots(samples, end, box.width());
        double most = scale(greatest(samples));
        int gap = gap(samples, end, box.width());
        for (int slot = 0; slot < heights.length; slot++) {
            int from = box.column() + slot * cells;
            for (int cell = from; cell < from + cells; cell++) {
                if (slot == gap && heights.length > 2) {
                    blank(canvas, box, cell, ground);
                } else {
                    pillar(canvas, box, cell, heights[slot] / most, ink, ground);
                }
            }
        }
    }

    /**
     * The same as text, a character for a second or for some of them; the gap is a blank.
     *
     * @param width characters in a line that there is room for
     * @param height lines, the top one first
     */
    static List<String> text(List<Long> samples, long end, int width, int height) {
        long[] slots = slots(samples, end, width);
        int gap = gap(samples, end, width);
        double most = scale(greatest(samples));
        int full = full(height);
        List<String> lines = new ArrayList<>();
        for (int floor = (height - 1) * 8; floor >= 0; floor -= 8) {
            StringBuilder line = new StringBuilder();
            for (int slot = 0; slot < slots.length; slot++) {
                // One that sent nothing has a foot, as the minute has passed there too.
                int eighths = Math.max(floor == 0 ? 1 : 0, (int) Math.ceil(slots[slot] / most * full) - floor);
                line.append(slot == gap || eighths <= 0 ? ' ' : (char) (BLOCK - 8 + Math.min(8, eighths)));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static int perCell(List<Long> samples, int width) {
        return Math.max(1, (samples.size() + width - 1) / width);
    }

    private static long newest(List<Long> samples, long end, int width) {
        return Math.floorDiv(end - 1, (long) perCell(samples, width));
    }

    private static int gap(List<Long> samples, long end, int width) {
        int perCell = perCell(samples, width);
        return (int) Math.floorMod(newest(samples, end, width) + 1, (samples.size() + perCell - 1L) / perCell);
    }

    /* What stands in each place: the greatest of its seconds, so that no peak is lost where there is little room. */
    private static long[] slots(List<Long> samples, long end, int width) {
        int perCell = perCell(samples, width);
        int slots = (samples.size() + perCell - 1) / perCell;
        long[] heights = new long[slots];
        long newest = newest(samples, end, width);
        for (int i = 0; i < samples.size(); i++) {
            long bucket = Math.floorDiv(end - samples.size() + i, (long) perCell);
            if (bucket > newest - slots) {
                int slot = (int) Math.floorMod(bucket, (long) slots);
                heights[slot] = Math.max(heights[slot], samples.get(i));
            }
        }
        return heights;
    }

    /* Graphs of one row stand above each other: the last eighth keeps them apart. */
    private static int full(int height) {
        return height == 1 ? 7 : height * 8;
    }

    private static void foot(Canvas canvas, Box box, int from, int to, Ground ground) {
        for (int c = from; c < to; c++) {
            pillar(canvas, box, box.column() + c, 0, Ink.FAINT, ground);
        }
    }

    private static void blank(Canvas canvas, Box box, int column, Ground ground) {
        for (int row = box.row(); row <= box.bottom(); row++) {
            canvas.put(row, column, ' ', Ink.TEXT, ground);
        }
    }

    /* One column of a graph; the foot of an empty one is a faint line. */
    private static void pillar(Canvas canvas, Box box, int column, double part, Ink ink, Ground ground) {
        int eighths = (int) Math.ceil(part * full(box.height()));
        for (int r = 0; r < box.height(); r++) {
            int row = box.bottom() - r;
            int here = Math.max(0, Math.min(8, eighths - r * 8));
            if (here > 0) {
                boolean body = ink == Ink.ACCENT && eighths > (r + 1) * 8;
                canvas.put(row, column, BLOCK - 8 + here, body ? Ink.TRACE : ink, ground);
            } else {
                canvas.put(row, column, r == 0 ? BLOCK - 7 : ' ', Ink.FAINT, ground);
            }
        }
    }

    /** 1, 2 or 5 times a power of ten: the least that is not less. A scale that changes has the whole graph drawn anew. */
    static double scale(long greatest) {
        double power = 1;
        while (power * 10 <= greatest) {
            power *= 10;
        }
        for (double step : new double[] {1, 2, 5, 10}) {
            if (power * step >= greatest) {
                return power * step;
            }
        }
        return power * 10;
    }

    static long greatest(List<Long> samples) {
        return samples.stream().mapToLong(Long::longValue).max().orElse(0);
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
