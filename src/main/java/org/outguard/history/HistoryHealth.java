package org.outguard.history;

/**
 * How the writing goes.
 *
 * @param problem why nothing is written now; empty while it is
 * @param waiting rows that wait to be written
 * @param lostRows rows that were given up since the start
 * @param lostPackets packets in those
 * @param usedBytes what the database holds
 */
public record HistoryHealth(String problem, int waiting, long lostRows, long lostPackets, long usedBytes) {

    /** Nothing has happened yet. */
    public static final HistoryHealth NONE = new HistoryHealth("", 0, 0, 0, 0);

    /** What is wrong, in one sentence; empty where nothing is. */
    public String words() {
        if (problem.isEmpty()) {
            return lostRows == 0
                    ? ""
                    : "history: " + lostRows + " rows with " + lostPackets + " packets could not be written";
        }
        return "history is not written: " + problem + "; " + waiting + " rows wait"
                + (lostRows == 0 ? "" : ", " + lostRows + " with " + lostPackets + " packets are lost");
    }
}
