package org.outguard.tui.dialog;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.Command;
import org.outguard.guard.safety.Objection;
import org.outguard.guard.snapshot.Snapshot;

/** What lies over the table and takes the keys. */
public sealed interface Dialog {

    /** Nothing. */
    record None() implements Dialog {}

    /**
     * All keys.
     *
     * @param from first line that is shown
     */
    record Help(int from) implements Dialog {}

    /**
     * What can be copied.
     *
     * @param items one for each line, at least one
     * @param chosen which of them
     */
    record Copy(List<Item> items, int chosen) implements Dialog {

        /** How many there are at most: each has a digit. */
        public static final int MOST = 9;

        public Copy {
            items = List.copyOf(items);
        }

        /**
         * One of them.
         *
         * @param what it is
         * @param text itself; safe to print
         */
        public record Item(String what, String text) {}
    }

    /**
     * Which columns are shown.
     *
     * @param titles all of the view
     * @param hidden those that are not wanted
     * @param chosen which of them keys act on
     */
    record Columns(List<String> titles, Set<String> hidden, int chosen) implements Dialog {
        public Columns {
            titles = List.copyOf(titles);
            hidden = Set.copyOf(hidden);
        }

        public Columns moved(int by) {
            return new Columns(titles, hidden, Math.floorMod(chosen + by, titles.size()));
        }

        /** With the chosen one shown or hidden; the first always stays. */
        public Columns toggled() {
            Set<String> other = new TreeSet<>(hidden);
            String title = titles.get(chosen);
            if (chosen > 0 && !other.remove(title)) {
                other.add(title);
            }
            return new Columns(titles, other, chosen);
        }
    }

    /**
     * Asks whether to do something. All is fixed when it opens: rows and rates may change under it, what it names may not.
     *
     * @param offer what can be done
     * @param pick what is chosen of it
     * @param draft what that choice does
     * @param plans its exact commands
     * @param objections what speaks against it, see {@link org.outguard.guard.safety.GuardRails}
     * @param typed what was typed so far, where something has to be
     * @param from first line of the text that is shown, where it is longer than the screen
     * @param folded whether each command is cut to a line
     */
    record Ask(
            Proposal offer,
            Proposal.Pick pick,
            Proposal.Draft draft,
            List<Action.Plan> plans,
            List<Objection> objections,
            String typed,
            int from,
            boolean folded)
            implements Dialog {

        /** What is typed to do something in spite of an objection. */
        static final String ANYWAY = "anyway";

        public Ask {
            plans = List.copyOf(plans);
            objections = List.copyOf(objections);
        }

        public Ask withTyped(String text) {
            return new Ask(offer, pick, draft, plans, objections, text, from, folded);
        }

        public Ask withFrom(int line) {
            return new Ask(offer, pick, draft, plans, objections, typed, line, folded);
        }

        /** With each command cut to a line, or whole again. */
        public Ask folding() {
            return new Ask(offer, pick, draft, plans, objections, typed, 0, !folded);
        }

        /** Why it is refused whatever is typed; empty where it is not. */
        public Optional<String> refusal() {
            return objections.stream()
                    .filter(Objection::last)
                    .map(Objection::reason)
                    .findFirst();
        }

        /** What has to be typed; empty where nothing has to be. */
        public Optional<String> toType() {
            if (refusal().isPresent()) {
                return Optional.empty();
            }
            return objections.isEmpty() ? offer.toType() : Optional.of(ANYWAY);
        }

        /** Whether nothing is missing to do it. */
        public boolean ready() {
            return refusal().isEmpty() && toType().map(typed::equals).orElse(true);
        }

        /**
         * What the guard is asked for; objections were read by now.
         *
         * @param live what is known at this moment
         */
        public List<Command> asked(Snapshot live) {
            return offer.maker().make(pick, live).errands().stream()
                    .map(errand -> objections.isEmpty() ? errand.command() : errand.anyway())
                    .toList();
        }

        public List<String> commands() {
            return plans.stream().map(Action.Plan::command).toList();
        }

        public Optional<String> undo() {
            String undo = plans.stream()
                    .map(Action.Plan::undo)
                    .filter(each -> !each.isEmpty())
                    .collect(Collectors.joining(" ; "));
            return Optional.of(undo).filter(text -> !text.isEmpty());
        }
    }
}
