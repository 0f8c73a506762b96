package org.outguard.tui;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.outguard.guard.Action;

/** What lies over the table and takes the keys. */
sealed interface Dialog {

    /** The times that are offered, shortest first. */
    List<Duration> LENGTHS = List.of(Duration.ofMinutes(1), Duration.ofMinutes(10), Duration.ofHours(1));

    int USUAL_LENGTH = 1;

    /** Nothing. */
    record None() implements Dialog {}

    /**
     * All keys.
     *
     * @param from first line that is shown
     */
    record Help(int from) implements Dialog {}

    /**
     * Asks whether to do something. All is fixed when it opens: rows and rates may change under it, what it names may not.
     *
     * @param offer what can be done
     * @param choice which of its choices
     * @param length which of {@link #LENGTHS}
     * @param draft what that choice does
     * @param plans its exact commands
     * @param typed what was typed so far, where something has to be
     * @param from first line of the text that is shown, where it is longer than the screen
     */
    record Ask(Offer offer, int choice, int length, Offer.Draft draft, List<Action.Plan> plans, String typed, int from)
            implements Dialog {

        public Ask {
            plans = List.copyOf(plans);
        }

        Ask withTyped(String text) {
            return new Ask(offer, choice, length, draft, plans, text, from);
        }

        Ask withFrom(int line) {
            return new Ask(offer, choice, length, draft, plans, typed, line);
        }

        Duration time() {
            return LENGTHS.get(length);
        }

        /** Whether nothing is missing to do it. */
        boolean ready() {
            return offer.toType().map(typed::equals).orElse(true);
        }

        List<String> commands() {
            return plans.stream().map(Action.Plan::command).toList();
        }

        Optional<String> undo() {
            String undo = plans.stream()
                    .map(Action.Plan::undo)
                    .filter(each -> !each.isEmpty())
                    .collect(Collectors.joining(" ; "));
            return Optional.of(undo).filter(text -> !text.isEmpty());
        }
    }
}
