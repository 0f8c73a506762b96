package org.outguard.app.screen;

import com.maxmind.db.Reader;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.outguard.flow.IpAddress;
import org.outguard.text.SafeText;

/**
 * Networks and countries of addresses by files in the MaxMind DB format (maxmind.github.io/MaxMind-DB), as GeoLite2 and DB-IP
 * come in: autonomous system, its organisation, and the code of the country. Nothing is asked over the network. Opened when it
 * is first asked. Safe from any thread.
 */
final class NetworkFiles implements AutoCloseable {

    /** Where geoipupdate(1) and distributions put them. */
    static final List<Path> FOLDERS =
            List.of(Path.of("/var/lib/GeoIP"), Path.of("/usr/share/GeoIP"), Path.of("/usr/local/share/GeoIP"));

    private static final int MOST_FILES = 8;
    private static final int LONGEST = 40;

    private final List<Path> folders;
    private final List<Reader> readers = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private boolean opened;

    NetworkFiles(List<Path> folders) {
        this.folders = List.copyOf(folders);
    }

    /** Why a file is not used, a sentence each; safe to print. */
    synchronized List<String> faults() {
        open();
        return List.copyOf(faults);
    }

    /** {@code "AS64500 EXAMPLE-NET, NL"}; empty where no file knows the address. Safe to print. */
    synchronized String of(IpAddress address) {
        open();
        String system = "";
        String country = "";
        for (Reader reader : readers) {
            Map<?, ?> found = found(reader, address);
            if (found.get("autonomous_system_number") instanceof Number number && system.isEmpty()) {
                Object name = found.get("autonomous_system_organization");
                system = "AS" + number.longValue()
                        + (name == null ? "" : " " + SafeText.clean(name.toString(), LONGEST));
            }
            if (found.get("country") instanceof Map<?, ?> of
                    && of.get("iso_code") instanceof String code
                    && country.isEmpty()) {
                country = SafeText.clean(code, LONGEST);
            }
        }
        return system + (system.isEmpty() || country.isEmpty() ? "" : ", ") + country;
    }

    private Map<?, ?> found(Reader reader, IpAddress address) {
        try {
            @Nullable Map<?, ?> found = reader.get(InetAddress.getByAddress(address.bytes()), Map.class);
            return found == null ? Map.of() : found;
        } catch (IOException | RuntimeException e) {
            fault("a file of networks is damaged: " + e.getMessage());
            return Map.of();
        }
    }

    private void fault(String text) {
        String safe = SafeText.clean(text, 200);
        if (!faults.contains(safe) && faults.size() < MOST_FILES) {
            faults.add(safe);
        }
    }

    private void open() {
        if (opened) {
            return;
        }
        opened = true;
        folders.stream().filter(Files::isDirectory).forEach(this::openAll);
    }

    private void openAll(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.mmdb")) {
            files.forEach(this::open);
        } catch (IOException e) {
            fault(folder + " cannot be read: " + e.getMessage());
        }
    }

    private void open(Path file) {
        if (readers.size() == MOST_FILES) {
            return;
        }
        try {
            readers.add(new Reader(file.toFile()));
        } catch (IOException | RuntimeException e) {
            fault(file + " is not used: " + Optional.ofNullable(e.getMessage()).orElse("it is no MaxMind DB"));
        }
    }

    @Override
    public synchronized void close() {
        for (Reader reader : readers) {
            try {
                reader.close();
            } catch (IOException e) {
                fault(String.valueOf(e.getMessage()));
            }
        }
    }
}
