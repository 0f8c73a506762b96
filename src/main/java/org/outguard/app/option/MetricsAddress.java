package org.outguard.app.option;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.outguard.flow.IpAddress;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Where metrics are told: {@code 9099} and {@code :9099} are this machine alone, {@code ADDR:9099} is whoever may reach that
 * address.
 *
 * @param address no name, so that nothing is looked up
 * @param port 0 for any that is free
 */
public record MetricsAddress(InetAddress address, int port) {

    @Override
    public String toString() {
        return address.getHostAddress() + " port " + port;
    }

    /** Reads the word after {@code --metrics}. */
    public static final class Word implements ITypeConverter<MetricsAddress> {
        @Override
        public MetricsAddress convert(String word) {
            int colon = word.lastIndexOf(':');
            String host = colon < 0 ? "" : word.substring(0, colon);
            String port = word.substring(colon + 1);
            String plain = host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
            boolean known = host.isEmpty() || IpAddress.parse(plain).isPresent();
            if (!known || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 0xffff) {
                throw new TypeConversionException("'" + word + "' is no ADDR:PORT");
            }
            try {
                InetAddress address = host.isEmpty()
                        ? InetAddress.getByAddress(new byte[] {127, 0, 0, 1})
                        : InetAddress.getByName(plain);
                return new MetricsAddress(address, Integer.parseInt(port));
            } catch (UnknownHostException e) {
                throw new TypeConversionException("'" + word + "' is no ADDR:PORT");
            }
        }
    }
}
