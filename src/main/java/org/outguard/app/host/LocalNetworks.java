package org.outguard.app.host;

import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.outguard.flow.IpAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Which addresses are this machine's. */
public final class LocalNetworks {

    private LocalNetworks() {}

    /**
     * An address, or a network.
     *
     * @param address its first address
     * @param length of its prefix in bits
     */
    public record Network(IpAddress address, int length) {

        boolean has(IpAddress other) {
            byte[] mine = address.bytes();
            byte[] its = other.bytes();
            if (mine.length != its.length) {
                return false;
            }
            for (int bit = 0; bit < length; bit++) {
                int mask = 0x80 >>> (bit & 7);
                if ((mine[bit >>> 3] & mask) != (its[bit >>> 3] & mask)) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Reads {@code ADDR} or {@code ADDR/LEN}. */
    public static final class Word implements ITypeConverter<Network> {
        @Override
        public Network convert(String text) {
            int slash = text.indexOf('/');
            IpAddress address = IpAddress.parse(slash < 0 ? text : text.substring(0, slash))
                    .orElseThrow(() -> new TypeConversionException("'" + text + "' is no address or network"));
            int most = address.v6() ? 128 : 32;
            String length = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
            if (!length.matches("\\d{1,3}") || Integer.parseInt(length) > most) {
                throw new TypeConversionException("'" + text + "': the prefix length must be 0 to " + most);
            }
            return new Network(address, Integer.parseInt(length));
        }
    }

    /** Those that are named; else those of the machine's interfaces, loopback aside. */
    public static Predicate<IpAddress> ours(List<Network> named) {
        if (!named.isEmpty()) {
            return address -> named.stream().anyMatch(network -> network.has(address));
        }
        Set<IpAddress> own = new HashSet<>();
        try {
            for (NetworkInterface device : Collections.list(NetworkInterface.getNetworkInterfaces())) {
                device.getInterfaceAddresses().stream()
                        .map(InterfaceAddress::getAddress)
                        .map(IpAddress::of)
                        .filter(address -> !address.loopback())
                        .forEach(own::add);
            }
        } catch (SocketException e) {
            // Then nothing is known of them, as on a machine that only reads the mail.
            own.clear();
        }
        return own::contains;
    }
}
