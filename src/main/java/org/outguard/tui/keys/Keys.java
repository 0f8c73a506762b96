package org.outguard.tui.keys;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.outguard.tui.terminal.Input;

/** Every key, as data: footer, help, manual and dispatch are made from these tables. */
public final class Keys {

    /** What a key does. */
    public enum Act {
        BLOCK,
        LIMIT,
        FREEZE,
        KILL,
        EVIDENCE,
        QUARANTINE,
        HOLD,
        RELEASE,
        DELETE,
        FLUSH,
        BAN,
        LOCKDOWN,
        REAPPLY,
        NEXT,
        UNDO,
        PAGE,
        DETAILS,
        DETAILS_ON,
        DETAILS_BACK,
        FILTER,
        TAG,
        UNTAG,
        SORT,
        REVERSE,
        PAUSE,
        VIEW,
        NEXT_VIEW,
        PREVIOUS_VIEW,
        CONSOLE,
        HELP,
        QUIT,
        UP,
        DOWN,
        PAGE_UP,
        PAGE_DOWN,
        FIRST,
        LAST,
        REDRAW,
        COPY,
        MESSAGES,
        TREE,
        COLUMNS,
        CLOSE,
        CONFIRM,
        CANCEL,
        EXPORT,
        LESS,
        MORE,
        SLOWER,
        FASTER;

        /** Its name in a configuration file. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One row of a table.
     *
     * @param act what it does
     * @param keys names of the keys, see {@link Input.Key}
     * @param word one word for the footer; empty where it is not shown there
     * @param description a line for the help
     */
    public record Binding(Act act, List<String> keys, String word, String description) {
        public Binding {
            keys = List.copyOf(keys);
        }

        /** The keys for people. */
        public String label() {
            if (act == Act.VIEW) {
                return keys.get(0) + "…" + keys.get(keys.size() - 1);
            }
            return keys.stream().map(Binding::sign).collect(Collectors.joining(" "));
        }

        /** The first of them, for the footer. */
        public String shortLabel() {
            return sign(keys.get(0));
        }

        private static String sign(String key) {
            return switch (key) {
                case "Up" -> "↑";
                case "Down" -> "↓";
                case "Left" -> "←";
                case "Right" -> "→";
                case " " -> "Space";
                default -> key;
            };
        }
    }

    /** Where a key stands in the help. */
    public enum Group {
        STOP("Stop"),
        MAIL("Mail"),
        VIEW("View"),
        MOVE("Move");

        private final String title;

        Group(String title) {
            this.title = title;
        }

        public String title() {
            return title;
        }

        public static Group of(Act act) {
            return switch (act) {
                case BLOCK, LIMIT, FREEZE, KILL, EVIDENCE, QUARANTINE, LOCKDOWN, UNDO, NEXT, REAPPLY -> STOP;
                case HOLD, RELEASE, DELETE, FLUSH, BAN, MESSAGES -> MAIL;
                case VIEW, NEXT_VIEW, PREVIOUS_VIEW, UP, DOWN, PAGE_UP, PAGE_DOWN, FIRST, LAST, REDRAW, CLOSE -> MOVE;
                default -> VIEW;
            };
        }
    }

    private static final List<Binding> TABLE = List.of(
            new Binding(Act.BLOCK, List.of("b"), "block", "drop what the sender sends; asks scope and time"),
            new Binding(Act.LIMIT, List.of("l"), "limit", "pass only so many packets/s; asks rate, scope and time"),
            new Binding(Act.FREEZE, List.of("z"), "freeze", "SIGSTOP a process; again to thaw it"),
            new Binding(Act.KILL, List.of("K", "F9"), "kill", "SIGKILL a process, evidence is kept first"),
            new Binding(Act.EVIDENCE, List.of("e"), "evidence", "save what is known of a process, leave it running"),
            new Binding(
                    Act.QUARANTINE,
                    List.of("Q"),
                    "quarantine",
                    "move the script or program of a sender to where nobody runs it"),
            new Binding(
                    Act.LOCKDOWN,
                    List.of("L"),
                    "lockdown",
                    "allow only what a mail server needs; reverts after 60 s unless confirmed"),
            new Binding(Act.UNDO, List.of("u"), "undo", "undo the selected action, or the newest"),
            new Binding(Act.NEXT, List.of("n"), "stop next", "stop the parent that started a killed program again"),
            new Binding(
                    Act.REAPPLY, List.of("R"), "put back", "apply again what somebody else removed from the kernel"),
            new Binding(Act.HOLD, List.of("h"), "hold", "hold messages in the queue"),
            new Binding(Act.RELEASE, List.of("r"), "release", "release held messages"),
            new Binding(Act.DELETE, List.of("d"), "delete", "delete messages; a copy is saved first"),
            new Binding(Act.FLUSH, List.of("f"), "flush", "attempt delivery of the queue now"),
            new Binding(Act.BAN, List.of("B"), "ban", "ban a user from submitting mail"),
            new Binding(Act.MESSAGES, List.of("m"), "messages", "list the messages of the row; Enter reads one"),
            new Binding(
                    Act.PAGE, List.of("Enter"), "page", "open the page of the row: who, where, packets, mail, actions"),
            new Binding(Act.DETAILS, List.of("v"), "", "show or hide the details below the table"),
            new Binding(Act.DETAILS_ON, List.of("]"), "", "scroll details down"),
            new Binding(Act.DETAILS_BACK, List.of("["), "", "scroll details up"),
            new Binding(Act.FILTER, List.of("/", "F4"), "filter", "show matching rows: user:www-data port:25 pps>1000"),
            new Binding(Act.TAG, List.of(" "), "tag", "tag a row; keys then act on all tagged rows"),
            new Binding(Act.UNTAG, List.of("U"), "", "untag all rows"),
            new Binding(Act.SORT, List.of("s", "F6"), "sort", "sort by the next column"),
            new Binding(Act.REVERSE, List.of("S"), "", "reverse the sort order"),
            new Binding(Act.TREE, List.of("t"), "", "senders under the processes that started them, or sorted"),
            new Binding(Act.COLUMNS, List.of("F2"), "", "choose the columns; kept for the next time"),
            new Binding(Act.PAUSE, List.of("p"), "pause", "freeze the screen, or resume it"),
            new Binding(
                    Act.COPY, List.of("c"), "copy", "copy an address, an id or a command to the clipboard (OSC 52)"),
            new Binding(Act.CONSOLE, List.of(":"), "console", "open the command console"),
            new Binding(Act.HELP, List.of("?", "F1"), "help", "this help"),
            new Binding(Act.QUIT, List.of("q", "F10"), "quit", "quit; what was done stays until it expires"),
            new Binding(Act.VIEW, List.of("1", "2", "3", "4", "5"), "", "go to that view"),
            new Binding(Act.NEXT_VIEW, List.of("Tab"), "", "next view"),
            new Binding(Act.PREVIOUS_VIEW, List.of("Shift-Tab"), "", "previous view"),
            new Binding(Act.UP, List.of("Up", "k"), "", "one row up"),
            new Binding(Act.DOWN, List.of("Down", "j"), "", "one row down"),
            new Binding(Act.PAGE_UP, List.of("PgUp"), "", "one page up"),
            new Binding(Act.PAGE_DOWN, List.of("PgDn"), "", "one page down"),
            new Binding(Act.FIRST, List.of("g", "Home"), "", "first row"),
            new Binding(Act.LAST, List.of("G", "End"), "", "last row"),
            new Binding(Act.REDRAW, List.of("Ctrl-L"), "", "redraw the screen"),
            new Binding(Act.CLOSE, List.of("Esc"), "", "close what is open, clear the filter"));

    private static final List<Binding> DIALOG = List.of(
            new Binding(Act.CONFIRM, List.of("y", "Enter"), "", "carry it out"),
            new Binding(Act.CANCEL, List.of("n", "Esc", "q"), "", "cancel"),
            new Binding(Act.UP, List.of("Up", "k"), "", "previous choice"),
            new Binding(Act.DOWN, List.of("Down", "j"), "", "next choice"),
            new Binding(Act.LESS, List.of("Left", "h"), "", "a shorter time"),
            new Binding(Act.MORE, List.of("Right", "l"), "", "a longer time"),
            new Binding(Act.SLOWER, List.of("-"), "", "a lower rate"),
            new Binding(Act.FASTER, List.of("+", "="), "", "a higher rate"),
            new Binding(Act.DETAILS, List.of("c"), "", "commands in full, or a line each"),
            new Binding(Act.PAGE_UP, List.of("PgUp"), "", "scroll a long text up"),
            new Binding(Act.PAGE_DOWN, List.of("PgDn"), "", "scroll a long text down"),
            new Binding(Act.REDRAW, List.of("Ctrl-L"), "", "redraw the screen"));

    private static final List<Binding> PAGE = List.of(
            new Binding(Act.NEXT_VIEW, List.of("Right", "Tab"), "", "next tab"),
            new Binding(Act.PREVIOUS_VIEW, List.of("Left", "Shift-Tab"), "", "previous tab"),
            new Binding(Act.UP, List.of("Up", "k"), "", "scroll up, or the message above"),
            new Binding(Act.DOWN, List.of("Down", "j"), "", "scroll down, or the message below"),
            new Binding(Act.PAGE_UP, List.of("PgUp", "["), "", "one page up"),
            new Binding(Act.PAGE_DOWN, List.of("PgDn", "]"), "", "one page down"),
            new Binding(Act.CONFIRM, List.of("Enter"), "", "read the chosen message: header and body"),
            new Binding(Act.EXPORT, List.of("x"), "", "export the packets as pcapng"),
            new Binding(Act.CLOSE, List.of("Esc"), "", "back"));

    private final List<Binding> table;

    private Keys(List<Binding> table) {
        this.table = table;
    }

    /** The keys as they are unless somebody wants others. */
    public static Keys usual() {
        return new Keys(TABLE);
    }

    /**
     * What reading a person's keys gives.
     *
     * @param keys those to use
     * @param faults what is wrong with what was wanted
     */
    public record Custom(Keys keys, List<String> faults) {
        public Custom {
            faults = List.copyOf(faults);
        }
    }

    /**
     * The keys with some of them changed.
     *
     * @param wanted names of keys by the name of what they do
     * @return the usual keys and the reasons, where something is wrong
     */
    public static Custom custom(Map<String, List<String>> wanted) {
        List<String> faults = new ArrayList<>();
        List<Binding> changed = new ArrayList<>();
        for (Binding binding : TABLE) {
            List<String> keys = wanted.getOrDefault(binding.act().word(), binding.keys());
            changed.add(new Binding(
                    binding.act(), keys.isEmpty() ? binding.keys() : keys, binding.word(), binding.description()));
        }
        for (String name : wanted.keySet()) {
            if (TABLE.stream().noneMatch(binding -> binding.act().word().equals(name))) {
                faults.add("keys." + name + ": unknown; there are: "
                        + TABLE.stream().map(binding -> binding.act().word()).collect(Collectors.joining(" ")));
            }
        }
        for (Binding binding : changed) {
            for (String key : binding.keys()) {
                changed.stream()
                        .filter(other -> other.act().compareTo(binding.act()) > 0)
                        .filter(other -> other.keys().contains(key))
                        .forEach(other -> faults.add("keys: '" + key + "' is both "
                                + binding.act().word() + " and " + other.act().word()));
            }
        }
        return new Custom(faults.isEmpty() ? new Keys(List.copyOf(changed)) : usual(), faults);
    }

    /** Keys of the tables, in the order of the footer. */
    public List<Binding> table() {
        return table;
    }

    /** Whether a key of the table means on a page what it means beside it. */
    public static boolean passesOnPage(Act act) {
        return switch (Group.of(act)) {
            case STOP, MAIL -> true;
            case VIEW ->
                act == Act.COPY || act == Act.PAUSE || act == Act.CONSOLE || act == Act.HELP || act == Act.QUIT;
            case MOVE -> act == Act.VIEW || act == Act.REDRAW;
        };
    }

    /** Keys of the page of a row, beside those that stop it. */
    public static List<Binding> page() {
        return PAGE;
    }

    /** Keys while a dialog asks. */
    public static List<Binding> dialog() {
        return DIALOG;
    }

    public Optional<Binding> find(String key) {
        return find(table, key);
    }

    public static Optional<Binding> find(List<Binding> table, String key) {
        return table.stream().filter(binding -> binding.keys().contains(key)).findFirst();
    }

    public Binding of(Act act) {
        return table.stream()
                .filter(binding -> binding.act() == act)
                .findFirst()
                .orElseThrow();
    }
}
