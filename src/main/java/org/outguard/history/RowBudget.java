package org.outguard.history;

/** How many rows may be added: so many each span, and what was not used before up to a bound. */
final class RowBudget {

    private final double each;
    private final double most;
    private double left;

    /**
     * A budget.
     *
     * @param each rows a span, on average
     * @param spans how many spans' worth may be saved
     * @param left what there is to begin with; negative for all that may be saved
     */
    RowBudget(double each, int spans, double left) {
        this.each = each;
        this.most = Math.max(1, each * spans);
        this.left = left < 0 ? most : Math.min(left, most);
    }

    /** So many spans have passed. */
    void passed(double spans) {
        left = Math.min(most, left + each * spans);
    }

    int rows() {
        return (int) left;
    }

    /** Takes one row's worth; false where there is none. */
    boolean take() {
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }

    double left() {
        return left;
    }
}
