package org.outguard.headless;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.outguard.guard.action.NetworkStep;
import org.outguard.text.Numbers;
import org.outguard.text.SafeText;

/**
 * An offender's packets a second as a picture that stands in a page: SVG without scripts, styles and links, with its content
 * in words for who cannot see it.
 */
final class RateGraph {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 230;
    private static final int LEFT = 10;
    private static final int RIGHT = WIDTH - 10;
    private static final int TOP = 70;
    private static final int BOTTOM = HEIGHT - 25;
    private static final int MARK_ROWS = 3;
    private static final int MARK_ROW_HEIGHT = 14;
    private static final int MARK_TEXT_ROOM = 150;

    /** Most actions that are marked. */
    private static final int MOST_ACTIONS = 10;

    private final String name;
    private final RateCurve curve;
    private final List<Mark> marks = new ArrayList<>();
    private final double highest;
    private final double limit;
    private final double ceiling;
    private final StringBuilder out = new StringBuilder();

    /** A moment that is marked. */
    private record Mark(Instant at, String word) {}

    private RateGraph(PastOffender offender, String name, List<Incident.Deed> deeds) {
        this.name = name;
        this.curve = offender.rates();
        this.highest = curve.highest();
        this.limit = (double) offender.number("limitPacketsPerSecond");
        this.ceiling = Math.max(1, Math.max(highest, limit));
        marks.add(new Mark(offender.firstSeen(), "began"));
        deeds.stream()
                .filter(deed -> isAgainst(deed, offender))
                .limit(MOST_ACTIONS)
                .forEach(deed -> marks.add(
                        new Mark(deed.action().at(), deed.action().step().word())));
        offender.endedAt().ifPresent(at -> marks.add(new Mark(at, "ended")));
    }

    /**
     * As a figure of HTML; empty where no rates were recorded.
     *
     * @param number of the figure, for the names of its parts
     * @param name what it is of
     * @param deeds those against it are marked
     */
    static Optional<String> html(int number, PastOffender offender, String name, List<Incident.Deed> deeds) {
        return offender.rates().isEmpty()
                ? Optional.empty()
                : Optional.of(new RateGraph(offender, name, deeds).write(number));
    }

    /* The reason of what was done against a row begins with its name; one by an address is told by its lines. */
    private static boolean isAgainst(Incident.Deed deed, PastOffender offender) {
        return deed.action().step() instanceof NetworkStep.Timed
                && deed.result().startsWith("done")
                && ((deed.action().why() + " ").startsWith(offender.text("id") + " ")
                        || offender.isTargetOf(deed.action().id()));
    }

    private String write(int number) {
        String ids = "rate-title-" + number + " rate-text-" + number;
        out.append("<figure>\n<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" aria-labelledby=\"")
                .append(ids)
                .append("\" viewBox=\"0 0 " + WIDTH + " " + HEIGHT + "\" width=\"" + WIDTH
                        + "\" font-family=\"sans-serif\"")
                .append(" font-size=\"11\">\n<title id=\"rate-title-" + number + "\">")
                .append(escape("Packets per second: " + name))
                .append("</title>\n<desc id=\"rate-text-" + number + "\">")
                .append(escape(words()))
                .append("</desc>\n");
        bars();
        line(LEFT, BOTTOM, RIGHT, BOTTOM, "#333", "");
        text(LEFT, HEIGHT - 8, "start", at(curve.start()));
        text(RIGHT, HEIGHT - 8, "end", at(curve.end()));
        text(LEFT, TOP - 4, "start", rate(ceiling));
        if (limit > 0) {
            double y = y(limit);
            line(LEFT, y, RIGHT, y, "#b00", "6 3");
            text(RIGHT, y - 3, "end", "limit " + rate(limit));
        }
        for (int i = 0; i < marks.size(); i++) {
            mark(marks.get(i), MARK_ROW_HEIGHT * (1 + i % MARK_ROWS));
        }
        return out.append("</svg>\n<figcaption>")
                .append(escape(caption()))
                .append("</figcaption>\n</figure>\n")
                .toString();
    }

    private String words() {
        StringBuilder words = new StringBuilder("Highest rate " + rate(highest) + ", ");
        words.append(limit > 0 ? "limit " + rate(limit) : "no limit in packets/s was recorded");
        marks.forEach(mark -> words.append("; ").append(mark.word).append(' ').append(second(mark.at)));
        words.append('.');
        return words.toString();
    }

    private String caption() {
        String span = curve.width() == 1 ? "one second" : Numbers.count(curve.width()) + " s";
        return "Packets/s by UTC; each bar is the highest rate recorded in " + span
                + (curve.note().isEmpty() ? "" : ", " + curve.note()) + ". Where there is no bar, none was recorded. "
                + words();
    }

    private void bars() {
        double width = (double) (RIGHT - LEFT) / curve.spans();
        out.append("<path fill=\"#36c\" d=\"");
        for (int i = 0; i < curve.spans(); i++) {
            float rate = curve.highest(i);
            if (!Float.isNaN(rate)) {
                out.append('M').append(number(LEFT + i * width)).append(' ').append(BOTTOM);
                out.append('V').append(number(y(rate))).append('h').append(number(width));
                out.append('V').append(BOTTOM).append('z');
            }
        }
        out.append("\"/>\n");
    }

    /* One that lies outside the time of the curve stands at its border; its text says when it was. */
    private void mark(Mark mark, int row) {
        double part = (mark.at.getEpochSecond() - curve.start()) / (double) (curve.end() - curve.start());
        double x = LEFT + Math.max(0, Math.min(1, part)) * (RIGHT - LEFT);
        line(x, row + 2, x, BOTTOM, "#555", "2 2");
        boolean roomAtRight = x < RIGHT - MARK_TEXT_ROOM;
        text(x + (roomAtRight ? 3 : -3), row, roomAtRight ? "start" : "end", mark.word + " " + second(mark.at));
    }

    private double y(double rate) {
        return BOTTOM - (BOTTOM - TOP) * Math.min(1, rate / ceiling);
    }

    private void line(double fromX, double fromY, double toX, double toY, String color, String dashes) {
        out.append("<path stroke=\"").append(color).append('"');
        if (!dashes.isEmpty()) {
            out.append(" stroke-dasharray=\"").append(dashes).append('"');
        }
        out.append(" d=\"M").append(number(fromX)).append(' ').append(number(fromY));
        out.append('L').append(number(toX)).append(' ').append(number(toY)).append("\"/>\n");
    }

    private void text(double x, double y, String anchor, String text) {
        out.append("<text x=\"").append(number(x)).append("\" y=\"").append(number(y));
        out.append("\" text-anchor=\"").append(anchor).append("\">");
        out.append(escape(text)).append("</text>\n");
    }

    private static String escape(String text) {
        return IncidentReport.escapeHtml(SafeText.clean(text));
    }

    private static String rate(double rate) {
        return Numbers.count(Math.round(rate)) + " packets/s";
    }

    private static String at(long second) {
        return second(Instant.ofEpochSecond(second));
    }

    private static String second(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /* Two digits behind the point are less than can be seen. */
    private static String number(double value) {
        return Double.toString(Math.round(value * 100) / 100.0);
    }
}
