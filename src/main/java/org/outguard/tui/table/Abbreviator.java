package org.outguard.tui.table;

import org.outguard.owner.Owner;
import org.outguard.text.Columns;
import org.outguard.text.SafeText;
import org.outguard.text.Words;

/** Names cut where they say least: a path loses its folders, a destination the end of its address. */
public final class Abbreviator {

    private Abbreviator() {}

    /** {@code "php8.2 /srv/www/x7.php"}, {@code "php8.2 …/x7.php"} or {@code "x7.php"}, whichever fits. */
    public static String process(Owner owner, int width) {
        String whole = Words.process(owner);
        String script = SafeText.clean(owner.script());
        int slash = script.lastIndexOf('/');
        if (Columns.width(whole) <= width || slash < 0) {
            return whole;
        }
        // Cleaned again, because what stood upon the slash has no base now.
        String file = SafeText.clean(script.substring(slash + 1));
        String middle = SafeText.clean(owner.command()) + " …/" + file;
        return Columns.width(middle) <= width ? middle : file;
    }

    /** {@code "/srv/www/cache/x7.php"}, {@code "…/cache/x7.php"} or {@code "x7.php"}, whichever fits; one that is clean. */
    public static String path(String path, int width) {
        if (Columns.width(path) <= width) {
            return path;
        }
        String shown = path.substring(path.lastIndexOf('/') + 1);
        for (int slash = path.lastIndexOf('/'); slash >= 0; slash = path.lastIndexOf('/', slash - 1)) {
            String longer = "…" + path.substring(slash);
            if (Columns.width(longer) > width) {
                break;
            }
            shown = longer;
        }
        // Cleaned again, because what stood upon the slash may have no base now.
        return SafeText.clean(shown);
    }

    /** {@code "198.51.100.… +213"}: how many others there are is never cut. */
    public static String destination(String destination, int width) {
        int more = destination.lastIndexOf(" +");
        if (more < 0 || Columns.width(destination) <= width) {
            return destination;
        }
        String others = destination.substring(more);
        return Columns.cut(destination.substring(0, more), width - Columns.width(others)) + others;
    }
}
