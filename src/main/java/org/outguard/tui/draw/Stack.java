package org.outguard.tui.draw;

import java.util.ArrayList;
import java.util.List;

/** Samples of several upon each other, the newest at the right, with a line where a limit is. */
public final class Stack {

    private static final int LIMIT = 0x2504;

    private Stack() {}

    /**
     * One of them.
     *
     * @param samples one for each second, oldest first; as many as those of the others
     * @param body what fills a cell
     * @param ink its colour
     */
    public record Series(List<Long> samples, int body, TextRole ink) {
        public Series {
            samples = List.copyOf(samples);
        }
    }

    /** Where the seconds of a graph stand. */
    public record Scale(int from, int cells, int[] shown) {

        /** The column of a sample, or of the one in whose place it is; -1 where it is not shown. */
        public int column(int sample) {
            int at = -1;
            for (int i = 0; i < shown.length; i++) {
                if (shown[i] >= 0 && (at < 0 || Math.abs(shown[i] - sample) < Math.abs(shown[at] - sample))) {
                    at = i;
                }
            }
            return at < 0 ? -1 : from + at * cells;
        }
    }

    /**
     * Draws them.
     *
     * @param bottomFirst the lowest first
     * @param limit where the line is; none where it is 0 or above the scale
     * @param end the second after the newest, counted from anywhere
     * @param step by how many seconds it moves at least
     */
    public static Scale draw(Canvas canvas, Box box, List<Series> bottomFirst, long limit, long end, int step) {
        List<Long> sums = sums(bottomFirst);
        int[] shown = Bars.greatest(sums, end, box.width(), step);
        int cells = Math.max(1, box.width() / Math.max(1, shown.length));
        int from = box.column() + box.width() - cells * shown.length;
        double most = Bars.scale(Bars.greatest(sums));
        int line = limit <= 0 || limit > most ? -1 : (int) Math.ceil(limit / most * box.height()) - 1;
        canvas.repeat(box.bottom(), box.column(), box.width(), Bars.BLOCK - 7, TextRole.FAINT, BackgroundRole.NONE);
        if (line >= 0) {
            canvas.repeat(box.bottom() - line, box.column(), box.width(), LIMIT, TextRole.WARN, BackgroundRole.NONE);
            canvas.text(box.bottom() - line, box.column() + 1, " limit ", TextRole.WARN, BackgroundRole.NONE);
        }
        for (int i = 0; i < shown.length; i++) {
            for (int cell = 0; cell < cells; cell++) {
                if (shown[i] >= 0) {
                    pillar(canvas, box, from + i * cells + cell, bottomFirst, shown[i], most, line);
                }
            }
        }
        return new Scale(from, cells, shown);
    }

    /** What all of them are together. */
    public static List<Long> sums(List<Series> all) {
        List<Long> sums = new ArrayList<>();
        int count = all.isEmpty() ? 0 : all.get(0).samples().size();
        for (int i = 0; i < count; i++) {
            sums.add(sum(all, i));
        }
        return sums;
    }

    private static long sum(List<Series> all, int sample) {
        long sum = 0;
        for (Series one : all) {
            sum += one.samples().get(sample);
        }
        return sum;
    }

    /* A cell is whose most of it is; the topmost is as high as there is. */
    private static void pillar(
            Canvas canvas, Box box, int column, List<Series> all, int sample, double most, int line) {
        int full = box.height() * 8;
        int eighths = (int) Math.ceil(sum(all, sample) / most * full);
        for (int floor = 0; floor < eighths; floor += 8) {
            int here = Math.min(8, eighths - floor);
            Series whose = at(all, sample, (floor + here / 2.0) / full * most);
            boolean top = here < 8;
            if (here == 1 && line == floor / 8) {
                return; // the line says more than an eighth
            }
            canvas.put(
                    box.bottom() - floor / 8,
                    column,
                    top ? Bars.BLOCK - 8 + here : whose.body(),
                    whose.ink(),
                    BackgroundRole.NONE);
        }
    }

    private static Series at(List<Series> all, int sample, double height) {
        long below = 0;
        for (Series one : all) {
            below += one.samples().get(sample);
            if (height <= below) {
                return one;
            }
        }
        return all.get(all.size() - 1);
    }
}
