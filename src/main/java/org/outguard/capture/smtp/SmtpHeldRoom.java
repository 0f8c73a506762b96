package org.outguard.capture.smtp;

/** Room that the segments of all connections share which wait for an earlier one. */
final class SmtpHeldRoom {

    private final int most;
    private int used;

    /** @param most bytes */
    SmtpHeldRoom(int most) {
        this.most = most;
    }

    /** Takes room for so many bytes, if there is. */
    boolean take(int bytes) {
        if (used + bytes > most) {
            return false;
        }
        used += bytes;
        return true;
    }

    void giveBack(int bytes) {
        used -= bytes;
    }

    int used() {
        return used;
    }
}
