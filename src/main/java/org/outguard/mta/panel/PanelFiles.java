package org.outguard.mta.panel;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.mta.MailHost;

/**
 * Files of panels, most of which are lists for Exim's lsearch: {@code domain: account}.
 *
 * @param host where they are
 */
record PanelFiles(MailHost host) {

    /* A machine with more domains has them in a database. */
    private static final int MOST_DOMAINS = 100_000;
    private static final Pattern QUOTED = Pattern.compile("\\b([A-Z_]+)='([^']*)'");

    /** Lines of a file; none where there is no such file. */
    List<String> lines(String path) {
        return text(path).map(text -> text.lines().toList()).orElse(List.of());
    }

    Optional<String> text(String path) {
        try {
            return host.content(Path.of(path)).map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Adds {@code domain: account} of each line, but not what stands for all other domains. */
    void addPairs(String path, Map<String, String> accounts) {
        for (String line : lines(path)) {
            int colon = line.indexOf(':');
            String domain = colon < 0 ? "" : line.substring(0, colon).strip();
            if (!domain.isEmpty() && !domain.startsWith("*") && !domain.startsWith("#")) {
                add(accounts, domain, line.substring(colon + 1).strip());
            }
        }
    }

    static void add(Map<String, String> accounts, String domain, String account) {
        if (!account.isEmpty() && accounts.size() < MOST_DOMAINS) {
            accounts.putIfAbsent(domain.toLowerCase(Locale.ROOT), account);
        }
    }

    /** What is in a folder, by name. */
    List<Path> entries(String folder) {
        List<Path> entries = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(host.path(Path.of(folder)))) {
            for (Path entry : all) {
                entries.add(entry);
                if (entries.size() >= MOST_DOMAINS) {
                    break;
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            return entries;
        }
        entries.sort(null);
        return entries;
    }

    /** {@code NAME='value'} pairs of a line. */
    static Map<String, String> quoted(String line) {
        Map<String, String> values = new TreeMap<>();
        Matcher matcher = QUOTED.matcher(line);
        while (matcher.find()) {
            values.put(matcher.group(1), matcher.group(2));
        }
        return values;
    }

    static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
