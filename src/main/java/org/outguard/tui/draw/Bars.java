package org.outguard.tui.draw;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Numbers as heights and lengths, in eighths of a cell. */
public final class Bars {

    static final int BLOCK = 0x2588;

    /** A second that is not over yet. */
    private static final long TO_COME = -1;

    private static final int NOTHING = -1;

    /** As {@link #TO_COME}, among indexes. */
    static final int IS_TO_COME = -2;

    private static final int LINE = 0x2501;
    private static final int HALF_LINE = 0x2578;

    private Bars() {}

    /**
     * The samples with the newest at the right. A place is a second, or the greatest of some where there is little room. The
     * whole moves to the left by steps: what is still to come within a step is blank, so a second costs a cell, not a line.
     *
     * @param samples one for each second, oldest first
     * @param end the second after the newest, counted from anywhere
     * @param step by how many seconds it moves at least
     */
    public static void scroll(
            Canvas canvas,
            Box box,
            List<Long> samples,
            long end,
            int step,
            TextRole textRole,
            BackgroundRole background) {
        if (samples.isEmpty()) {
            foot(canvas, box, 0, box.width(), background);
            return;
        }
        long[] heights = slots(samples, end, box.width(), step);
        int cells = Math.max(1, box.width() / heights.length);
        double most = scale(greatest(samples));
        int from = box.column() + box.width() - cells * heights.length;
        foot(canvas, box, 0, from - box.column(), background);
        for (long height : heights) {
            for (int cell = 0; cell < cells; cell++, from++) {
                if (height == TO_COME) {
                    blank(canvas, box, from, background);
                } else {
                    pillar(canvas, box, from, height / most, textRole, background);
                }
            }
        }
    }

    /**
     * The same as text, a character for a second or for some of them.
     *
     * @param width characters in a line that there is room for
     * @param height lines, the top one first
     */
    public static List<String> text(List<Long> samples, long end, int width, int height) {
        long[] slots = slots(samples, end, width, 1);
        double most = scale(greatest(samples));
        int full = full(height);
        List<String> lines = new ArrayList<>();
        for (int floor = (height - 1) * 8; floor >= 0; floor -= 8) {
            StringBuilder line = new StringBuilder();
            for (long slot : slots) {
                // One that sent nothing has a foot, as the minute has passed there too.
                int eighths = Math.max(floor == 0 ? 1 : 0, (int) Math.ceil(slot / most * full) - floor);
                line.append(eighths <= 0 ? ' ' : (char) (BLOCK - 8 + Math.min(8, eighths)));
            }
            lines.add(line.toString());
        }
        return lines;
    }

    /*
     * What stands in each place, from left to right: the greatest of its seconds, so that no peak is lost where there is
     * little room. Places begin at multiples of their length, so the seconds of one stay together while they move.
     */
    private static long[] slots(List<Long> samples, long end, int width, int step) {
        int[] greatest = greatest(samples, end, width, step);
        long[] heights = new long[greatest.length];
        for (int i = 0; i < greatest.length; i++) {
            heights[i] = greatest[i] < 0 ? greatest[i] == IS_TO_COME ? TO_COME : 0 : samples.get(greatest[i]);
        }
        return heights;
    }

    /** The sample that is shown in each place, by its index; {@link #IS_TO_COME} or another negative number for none. */
    static int[] greatest(List<Long> samples, long end, int width, int step) {
        int perCell = Math.max(1, (samples.size() + width - 1) / width);
        int slots = (samples.size() + perCell - 1) / perCell;
        long stepCells = Math.max(1, Math.min(slots, step / perCell));
        long newest = Math.floorDiv(end - 1, (long) perCell);
        long last = Math.floorDiv(newest, stepCells) * stepCells + stepCells - 1;
        int[] shown = new int[slots];
        Arrays.fill(shown, NOTHING);
        Arrays.fill(shown, slots - (int) (last - newest), slots, IS_TO_COME);
        for (int i = 0; i < samples.size(); i++) {
            int slot = (int) (slots - 1 - (last - Math.floorDiv(end - samples.size() + i, (long) perCell)));
            if (slot >= 0 && (shown[slot] < 0 || samples.get(i) > samples.get(shown[slot]))) {
                shown[slot] = i;
            }
        }
        return shown;
    }

    /* Graphs of one row stand above each other: the last eighth keeps them apart. */
    private static int full(int height) {
        return height == 1 ? 7 : height * 8;
    }

    private static void foot(Canvas canvas, Box box, int from, int to, BackgroundRole background) {
        for (int c = from; c < to; c++) {
            pillar(canvas, box, box.column() + c, 0, TextRole.FAINT, background);
        }
    }

    private static void blank(Canvas canvas, Box box, int column, BackgroundRole background) {
        for (int row = box.row(); row <= box.bottom(); row++) {
            canvas.put(row, column, ' ', TextRole.TEXT, background);
        }
    }

    /* One column of a graph; the foot of an empty one is a faint line. */
    private static void pillar(
            Canvas canvas, Box box, int column, double part, TextRole textRole, BackgroundRole background) {
        int eighths = (int) Math.ceil(part * full(box.height()));
        for (int r = 0; r < box.height(); r++) {
            int row = box.bottom() - r;
            int here = Math.max(0, Math.min(8, eighths - r * 8));
            if (here > 0) {
                boolean body = textRole == TextRole.ACCENT && eighths > (r + 1) * 8;
                canvas.put(row, column, BLOCK - 8 + here, body ? TextRole.TRACE : textRole, background);
            } else {
                canvas.put(row, column, r == 0 ? BLOCK - 7 : ' ', TextRole.FAINT, background);
            }
        }
    }

    /** 1, 2, 3 or 5 times a power of ten: the least that is not less. A scale that changes has the whole graph drawn anew. */
    public static double scale(long greatest) {
        double power = 1;
        while (power * 10 <= greatest) {
            power *= 10;
        }
        for (double step : new double[] {1, 2, 3, 5, 10}) {
            if (power * step >= greatest) {
                return power * step;
            }
        }
        return power * 10;
    }

    public static long greatest(List<Long> samples) {
        return samples.stream().mapToLong(Long::longValue).max().orElse(0);
    }

    /** A line of that many hundredths of its width. */
    public static void line(
            Canvas canvas, int row, int from, int width, int hundredths, TextRole textRole, BackgroundRole background) {
        int halves = Math.round(Math.max(0, Math.min(100, hundredths)) * width * 2 / 100f);
        for (int c = 0; c < width; c++) {
            int left = halves - 2 * c;
            int point = left == 1 ? HALF_LINE : LINE;
            canvas.put(row, from + c, point, left > 0 ? textRole : TextRole.FAINT, background);
        }
    }
}
