package org.outguard.app.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.outguard.headless.Finding;

/** What PHP is allowed to do, and what it says in the mail that it sends; by the files of each of its servers. */
final class PhpSettings implements Check {

    private static final List<String> DANGEROUS =
            List.of("exec", "passthru", "shell_exec", "system", "proc_open", "popen", "pcntl_exec");
    private static final Set<String> ON = Set.of("on", "1", "yes", "true");

    @Override
    public List<Finding> look(CheckContext place) {
        List<Finding> findings = new ArrayList<>();
        for (Path version : place.in(place.at("etc/php"))) {
            for (String server : List.of("fpm", "apache2", "cgi")) {
                Path ini = version.resolve(server).resolve("php.ini");
                if (Files.exists(ini)) {
                    of(place, version.getFileName() + "-" + server, ini, findings);
                }
            }
            pools(place, version, findings);
        }
        return findings;
    }

    private static void of(CheckContext place, String name, Path ini, List<Finding> findings) {
        Map<String, String> settings = settings(place, ini);
        String shown = "/" + place.root().relativize(ini);
        String folder = shown.replace("/php.ini", "/conf.d/99-outguard.ini");
        String reload = name.endsWith("fpm")
                ? " && systemctl reload php" + name
                : name.endsWith("apache2") ? " && systemctl reload apache2" : "";
        if (!ON.contains(settings.getOrDefault("mail.add_x_header", "").toLowerCase(Locale.ROOT))) {
            findings.add(new Finding(
                    "php-mail-unsigned",
                    Finding.Cost.HIDES_IT,
                    "PHP " + name + " does not name the script in the mail that it sends (mail.add_x_header is off)",
                    "of mail that www-data sends, nothing in the queue says which script it was",
                    "echo 'mail.add_x_header = On' >> " + folder + reload));
        }
        if (settings.getOrDefault("mail.log", "").isEmpty()) {
            findings.add(new Finding(
                    "php-mail-log",
                    Finding.Cost.HIDES_IT,
                    "PHP " + name + " does not log calls of mail() (mail.log is not set)",
                    "mail that is gone from the queue cannot be traced to a script and a line any more",
                    "echo 'mail.log = syslog' >> " + folder + reload));
        }
        List<String> disabled = Arrays.stream(
                        settings.getOrDefault("disable_functions", "").split(","))
                .map(String::strip)
                .toList();
        List<String> open = DANGEROUS.stream()
                .filter(function -> !disabled.contains(function))
                .toList();
        if (!open.isEmpty()) {
            findings.add(new Finding(
                    "php-may-run-programs",
                    Finding.Cost.LETS_IT_HAPPEN,
                    "scripts of PHP " + name + " may start programs: " + String.join(", ", open),
                    "an uploaded script brings its own flooder or shell and starts it",
                    "echo 'disable_functions = " + String.join(",", DANGEROUS) + "' >> " + folder + reload));
        }
    }

    /* php.ini, then conf.d by name; the last one counts. */
    private static Map<String, String> settings(CheckContext place, Path ini) {
        List<Path> files = new ArrayList<>(List.of(ini));
        files.addAll(place.in(ini.resolveSibling("conf.d")).stream()
                .filter(file -> file.toString().endsWith(".ini"))
                .toList());
        Map<String, String> settings = new LinkedHashMap<>();
        for (Path file : files) {
            place.text(file)
                    .orElse("")
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.startsWith(";") && line.contains("="))
                    .forEach(line -> {
                        String[] halves = line.split("=", 2);
                        String value = halves[1].split(";")[0].strip().replace("\"", "");
                        settings.put(halves[0].strip(), value);
                    });
        }
        return settings;
    }

    private static void pools(CheckContext place, Path version, List<Finding> findings) {
        for (Path pool : place.in(version.resolve("fpm/pool.d"))) {
            String text = place.text(pool).orElse("");
            boolean status = text.lines().anyMatch(line -> line.strip().startsWith("pm.status_path"));
            if (pool.toString().endsWith(".conf") && !status) {
                String shown = "/" + place.root().relativize(pool);
                findings.add(new Finding(
                        "php-pool-silent",
                        Finding.Cost.HIDES_IT,
                        "the PHP pool of " + shown + " has no status page (pm.status_path)",
                        "a worker that floods cannot say which script it is at; its memory may still tell",
                        "echo 'pm.status_path = /outguard-status' >> " + shown + " && systemctl reload php"
                                + version.getFileName() + "-fpm"));
            }
        }
    }
}
