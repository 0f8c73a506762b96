package org.outguard.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import org.outguard.flow.IpAddress;

/** The name servers of resolv.conf(5). */
public final class ResolverFile {

    private static final int MAX_BYTES = 64 * 1024;
    private static final int MAX_SERVERS = 16;

    private ResolverFile() {}

    /** Its name servers; none where it cannot be read, for a machine may do without. */
    public static Set<IpAddress> read(Path path) {
        String text;
        try (InputStream in = Files.newInputStream(path)) {
            text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return Set.of();
        }
        return text.lines()
                .map(line -> line.strip().split("[ \\t]+"))
                .filter(words -> words.length >= 2 && words[0].equals("nameserver"))
                .flatMap(words -> IpAddress.parse(withoutScope(words[1])).stream())
                .limit(MAX_SERVERS)
                .collect(Collectors.toUnmodifiableSet());
    }

    /* A link-local server names its interface behind '%' (RFC 4007, 11). */
    private static String withoutScope(String address) {
        int scope = address.indexOf('%');
        return scope < 0 ? address : address.substring(0, scope);
    }
}
