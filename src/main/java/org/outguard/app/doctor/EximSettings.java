package org.outguard.app.doctor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.outguard.headless.Finding;

/** Whether every local user may hand mail to Exim, and whether its log says from which folder that was done. */
final class EximSettings implements Check {

    private static final String NOT_SMTP = "acl_not_smtp";
    private static final String SELECTOR = "log_selector";

    /* Debian makes the file that Exim reads out of these (update-exim4.conf(8)). */
    private static final String GENERATED_FROM = "etc/exim4/update-exim4.conf.conf";
    private static final Pattern SPLIT = Pattern.compile("(?m)^dc_use_split_config=['\"]?true");

    private static final Pattern CHOICE = Pattern.compile("([+-])\\s*(\\w+)");

    @Override
    public List<Finding> look(CheckContext place) {
        if (!place.has("etc/exim4") && !place.has("etc/exim")) {
            return List.of();
        }
        Map<String, String> settings = settings(place);
        List<Finding> findings = new ArrayList<>();
        if (settings.getOrDefault(NOT_SMTP, "set").isEmpty()
                && place.uid("www-data").isPresent()) {
            findings.add(new Finding(
                    "exim-anyone-submits",
                    Finding.Cost.LETS_IT_HAPPEN,
                    "Exim takes mail from every local user (" + NOT_SMTP + " is not set)",
                    "an uploaded script fills the queue by sendmail(1) in www-data's name",
                    "outguard ban www-data # it is frozen then; scripts that must send use SMTP with a password"));
        }
        Optional.ofNullable(settings.get(SELECTOR))
                .filter(value -> !logsFolders(value))
                .ifPresent(value -> findings.add(new Finding(
                        "exim-log-without-folder",
                        Finding.Cost.HIDES_IT,
                        "Exim's log does not say from which folder sendmail(1) was run (" + SELECTOR
                                + " lacks +arguments)",
                        "the folder (cwd=) names the site that a script sends from",
                        fix(place, value))));
        return findings;
    }

    /** What is in force by Exim itself, which knows its macros and files; without any where it does not answer. */
    private static Map<String, String> settings(CheckContext place) {
        Map<String, String> settings = new HashMap<>();
        place.output("exim4", "-bP", NOT_SMTP, SELECTOR)
                .or(() -> place.output("exim", "-bP", NOT_SMTP, SELECTOR))
                .orElse("")
                .lines()
                .map(line -> line.split(" =", 2))
                .filter(parts -> parts.length == 2)
                .forEach(parts -> settings.put(parts[0].strip(), parts[1].strip()));
        return settings;
    }

    /* The last word on it counts (Exim specification, "Reducing or increasing what is logged"). */
    private static boolean logsFolders(String selector) {
        boolean logged = false;
        for (Matcher choice = CHOICE.matcher(selector); choice.find(); ) {
            if (choice.group(2).equals("arguments") || choice.group(2).equals("all")) {
                logged = choice.group(1).equals("+");
            }
        }
        return logged;
    }

    private static String fix(CheckContext place, String selector) {
        StringBuilder wanted = new StringBuilder();
        for (Matcher choice = CHOICE.matcher(selector); choice.find(); ) {
            wanted.append(choice.group(1)).append(choice.group(2)).append(' ');
        }
        wanted.append("+arguments");
        Optional<String> generated = place.has("etc/exim4/exim4.conf") ? Optional.empty() : place.text(GENERATED_FROM);
        if (generated.isEmpty()) {
            return "sed -i -e '/^" + SELECTOR + "[ =]/d' -e '1i " + SELECTOR + " = " + wanted
                    + "' \"$(exim -bP configure_file)\"";
        }
        String file = SPLIT.matcher(generated.get()).find() ? "conf.d/main/000_localmacros" : "exim4.conf.localmacros";
        return "echo 'MAIN_LOG_SELECTOR = " + wanted + "' >> /etc/exim4/" + file + " && update-exim4.conf";
    }
}
