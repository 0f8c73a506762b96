package org.outguard.app.option;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.flow.IpAddress;
import org.outguard.guard.action.BlockTarget;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A destination as it is typed: {@code ADDR[/LEN][:PORT]}, an IPv6 address with a length or a port in brackets
 * (RFC 3986, 3.2.2), alone also without.
 *
 * @param remote network or address
 * @param port destination port, where one was given
 */
public record RemoteArgument(BlockTarget.Remote remote, OptionalInt port) {

    private static final Pattern BRACKETS =
            Pattern.compile("\\[(?<address>[0-9A-Fa-f:.]+)](?:/(?<length>\\d{1,3}))?(?::(?<port>\\d{1,5}))?");
    private static final Pattern V4 =
            Pattern.compile("(?<address>[0-9.]+)(?:/(?<length>\\d{1,3}))?(?::(?<port>\\d{1,5}))?");
    private static final Pattern V6 = Pattern.compile("(?<address>[0-9A-Fa-f:.]+)(?:/(?<length>\\d{1,3}))?(?<port>)?");

    /** What it says; empty where it is no destination. */
    static Optional<RemoteArgument> parse(String text) {
        for (Pattern form : new Pattern[] {BRACKETS, V4, V6}) {
            Matcher parts = form.matcher(text);
            if (parts.matches()) {
                Optional<RemoteArgument> read = read(parts);
                if (read.isPresent()) {
                    return read;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<RemoteArgument> read(Matcher parts) {
        Optional<IpAddress> address = IpAddress.parse(parts.group("address"));
        if (address.isEmpty()) {
            return Optional.empty();
        }
        int bits = address.get().v6() ? 128 : 32;
        String length = parts.group("length");
        int prefix = length == null ? bits : Integer.parseInt(length);
        String port = parts.group("port");
        OptionalInt number =
                port == null || port.isEmpty() ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(port));
        if (prefix > bits || number.isPresent() && (number.getAsInt() < 1 || number.getAsInt() > 65535)) {
            return Optional.empty();
        }
        return Optional.of(new RemoteArgument(new BlockTarget.Remote(network(address.get(), prefix), prefix), number));
    }

    /* The bits past the prefix are cleared, as nft does. */
    private static IpAddress network(IpAddress address, int prefix) {
        if (!address.v6()) {
            return IpAddress.v4(prefix == 0 ? 0 : (int) address.low() & -1 << 32 - prefix);
        }
        long high = prefix == 0 ? 0 : address.high() & (prefix >= 64 ? -1L : -1L << 64 - prefix);
        long low = prefix <= 64 ? 0 : address.low() & (prefix == 128 ? -1L : -1L << 128 - prefix);
        return new IpAddress(high, low, true);
    }

    /** For picocli. */
    public static final class Word implements ITypeConverter<RemoteArgument> {
        @Override
        public RemoteArgument convert(String text) {
            return parse(text)
                    .orElseThrow(() -> new TypeConversionException(
                            "'" + text + "' is no ADDR[/LEN][:PORT], for IPv6 [ADDR][/LEN][:PORT]"));
        }
    }
}
