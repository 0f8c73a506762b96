package org.outguard.app.option;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.guard.action.NetworkStep;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads packets a second from the command line: {@code 100/s}, or the number alone. */
public final class RateConverter implements ITypeConverter<Long> {

    private static final Pattern RATE = Pattern.compile("(\\d{1,10})(?:/s)?");

    @Override
    public Long convert(String text) {
        Matcher rate = RATE.matcher(text);
        if (rate.matches()) {
            long number = Long.parseLong(rate.group(1));
            if (number >= 1 && number <= NetworkStep.Limit.MOST_PACKETS) {
                return number;
            }
        }
        throw new TypeConversionException("'" + text + "' is no rate such as 100/s");
    }
}
