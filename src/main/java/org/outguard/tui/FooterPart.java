package org.outguard.tui;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.outguard.guard.Snapshot;
import org.outguard.guard.Snapshot.Notice;
import org.outguard.text.SafeText;

/** The keys, and above them for some seconds what has just gone wrong. */
final class FooterPart {

    private static final Duration NOTICE_SHOWN = Duration.ofSeconds(8);

    private static final Set<Keys.Act> NOT_NARROW = Set.of(Keys.Act.DETAILS, Keys.Act.SORT, Keys.Act.PAUSE);

    private FooterPart() {}

    static void keys(Canvas canvas, int row, Snapshot snapshot, ViewState view) {
        canvas.fill(row, 0, canvas.columns(), Ground.BAR);
        boolean narrow = canvas.columns() < 60;
        int at = 0;
        for (Keys.Binding binding : Keys.TABLE) {
            // On a narrow screen the way out and the help are worth more than the rest.
            boolean left = narrow && NOT_NARROW.contains(binding.act());
            int width = binding.label().length() + binding.word().length() + 4;
            if (binding.word().isEmpty() || left || at + width > canvas.columns() + 1) {
                continue;
            }
            boolean works = binding.disabled(snapshot, view).isEmpty();
            at = canvas.text(
                    row, at, " " + binding.label() + " ", Ink.STRONG, works ? Ground.BADGE_ACCENT : Ground.BAR);
            at = canvas.text(row, at, " " + binding.word() + " ", works ? Ink.TEXT : Ink.FAINT, Ground.BAR);
        }
        if (canvas.columns() >= 100) {
            String sort = "sorted by " + view.sort().word() + " ";
            canvas.textLeftOf(row, canvas.columns(), sort, Ink.DIM, Ground.BAR);
        }
    }

    /** The answer to the last key, or else the newest warning if it is new. */
    static void notice(Canvas canvas, int row, Snapshot snapshot, ViewState view) {
        if (!view.message().isEmpty()) {
            line(canvas, row, "▸ " + SafeText.clean(view.message()), Ink.WARN);
            return;
        }
        newest(snapshot).ifPresent(notice -> {
            boolean error = notice.level() == Notice.Level.ERROR;
            line(canvas, row, (error ? "✗ " : "! ") + SafeText.clean(notice.text()), error ? Ink.BAD : Ink.WARN);
        });
    }

    private static Optional<Notice> newest(Snapshot snapshot) {
        return snapshot.notices().stream()
                .filter(notice -> notice.level() != Notice.Level.INFO)
                .filter(notice -> Duration.between(notice.at(), snapshot.at()).compareTo(NOTICE_SHOWN) < 0)
                .reduce((older, newer) -> newer);
    }

    private static void line(Canvas canvas, int row, String text, Ink ink) {
        canvas.fill(row, 0, canvas.columns(), Ground.NONE);
        canvas.text(row, 1, canvas.columns() - 2, text, ink, Ground.NONE);
    }
}
