package org.outguard.app.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Log files of Dovecot's own, where its configuration names some in place of syslog: {@code log_path}, or
 * {@code info_log_path} for what is no error.
 */
public final class DovecotFiles {

    public static final Path PLACE = Path.of("/etc/dovecot");

    private static final Pattern SETTING = Pattern.compile("\\s*(?:info_)?log_path\\s*=\\s*(/var/\\S+)\\s*");

    private DovecotFiles() {}

    /** Those that the configuration in a folder names; a file of it that cannot be read names none. */
    public static Set<Path> configured(Path folder) {
        Set<Path> paths = new LinkedHashSet<>();
        for (Path file : files(folder)) {
            for (String line : lines(file)) {
                Matcher found = SETTING.matcher(line);
                if (found.matches()) {
                    paths.add(Path.of(found.group(1)));
                }
            }
        }
        return paths;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static List<Path> files(Path folder) {
        List<Path> files = new ArrayList<>(List.of(folder.resolve("dovecot.conf"), folder.resolve("local.conf")));
        try (DirectoryStream<Path> more = Files.newDirectoryStream(folder.resolve("conf.d"), "*.conf")) {
            more.forEach(files::add);
        } catch (IOException e) {
            // Not every Dovecot has its configuration in pieces.
            return files;
        }
        return files;
    }
}
