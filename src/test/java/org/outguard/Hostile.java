package org.outguard;

import java.util.List;
import java.util.SplittableRandom;
import org.outguard.text.SafePrinting;
import org.outguard.text.SafeText;

/** Text as an attacker would choose it for a process name, a subject, a host, a user, a queue id or a path. */
public final class Hostile {

    private static final List<String> NASTY = List.of(
            "\033[2J",
            "\033]0;x\007",
            "\033[31m",
            "\u009b31m",
            "\u202e",
            "\u2066",
            "\u200d",
            "\u200b",
            "\u0000",
            "\u0007",
            "\u007f",
            "\n",
            "\t",
            "\r",
            "\b",
            "漢字",
            "e" + "\u0301".repeat(200),
            "\u0301",
            "😀",
            "👨\u200d👩",
            "\ud800",
            "\udc00",
            "\ufffd",
            "\ufeff",
            "\uffff",
            "\u2028",
            "\ue000",
            "ｗｉｄｅ",
            "\u0e33",
            "\u0903",
            "क्षि",
            "\u1160",
            "\uffa0",
            "\udb40\udc41",
            "x",
            "  ",
            "/",
            "%s",
            "${x}",
            "@|red x|@",
            "--",
            "'");

    private final long seed;
    private final SplittableRandom random;

    private Hostile(long seed) {
        this.seed = seed;
        this.random = new SplittableRandom(seed);
    }

    /** By a seed that is printed, or by the one that {@code -Doutguard.seed} names. */
    public static Hostile begin(String who) {
        long seed = Long.getLong("outguard.seed", System.nanoTime());
        System.out.println(who + " seed " + seed);
        return new Hostile(seed);
    }

    public SplittableRandom random() {
        return random;
    }

    public long seed() {
        return seed;
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i >= 0; i--) {
            if (random.nextInt(3) == 0) {
                text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
            } else {
                text.append(NASTY.get(random.nextInt(NASTY.size())));
            }
        }
        return text.toString();
    }

    /** What is in it that is more than text, line ends, tabs and colours; empty where nothing is. */
    public static String unsafe(String printed) {
        for (String line : printed.split("\n", -1)) {
            String plain = line.replaceAll("\033\\[[0-9;]*m", "").replace("\t", "");
            for (int at = 0; at < plain.length(); at += 1_000) {
                String part = plain.substring(at, Math.min(plain.length(), at + 1_000));
                boolean marks =
                        at > 0 && !SafeText.clean("x" + part).substring(1).equals(part);
                if (at == 0 && !SafeText.clean(part).equals(part) || marks) {
                    return SafePrinting.line(line);
                }
            }
        }
        return "";
    }
}
