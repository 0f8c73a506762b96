package org.outguard.text;

/** Numbers for people, without String.format: that is slow at start and follows the locale. */
public final class Numbers {

    private static final String[] UNITS = {"", "k", "M", "G", "T", "P"};

    private Numbers() {}

    /** At most four characters up to 999 P: {@code 0}, {@code 940}, {@code 1.5k}, {@code 173k}, {@code 38M}. */
    public static String rate(double value) {
        if (!(value >= 0)) {
            return "0";
        }
        int unit = unit(value);
        double scaled = scale(value, unit);
        if (unit == 0 || scaled >= 9.95) {
            return Math.round(scaled) + UNITS[unit];
        }
        long tenths = Math.round(scaled * 10);
        return tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10) + UNITS[unit];
    }

    /* The first in which it has at most three digits. */
    private static int unit(double value) {
        int unit = 0;
        while (scale(value, unit) >= 999.5 && unit < UNITS.length - 1) {
            unit++;
        }
        return unit;
    }

    private static double scale(double value, int unit) {
        double scaled = value;
        for (int i = 0; i < unit; i++) {
            scaled /= 1000;
        }
        return scaled;
    }

    /** Bits a second, scaled by thousands as on links: {@code 38M}. */
    public static String bits(double bitsPerSecond) {
        return rate(bitsPerSecond);
    }

    /** A length, of which three digits are shown at least: {@code 940 B}, {@code 1.50 kB}, {@code 35.8 MB}, {@code 434 MB}. */
    public static String bytes(long value) {
        double length = Math.max(0, value);
        int unit = unit(length);
        double scaled = scale(length, unit);
        int digits = unit == 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
        StringBuilder text = new StringBuilder();
        text.append(Math.round(scaled * Math.pow(10, digits)));
        if (digits > 0) {
            text.insert(text.length() - digits, '.');
        }
        return text.append(' ').append(UNITS[unit]).append('B').toString();
    }

    /** Every digit, by threes: {@code 1,234,567}. */
    public static String count(long value) {
        StringBuilder text = new StringBuilder(Long.toString(value));
        int first = value < 0 ? 1 : 0;
        for (int at = text.length() - 3; at > first; at -= 3) {
            text.insert(at, ',');
        }
        return text.toString();
    }
}
