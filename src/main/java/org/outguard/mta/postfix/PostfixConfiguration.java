package org.outguard.mta.postfix;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.action.RestrictionStep.Setting;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;

/**
 * Parameters of one instance, by postconf(1).
 *
 * @param calls runs postconf
 * @param folder configuration folder
 */
record PostfixConfiguration(ProgramCalls calls, String folder) {

    private static final Duration COOL = Duration.ofSeconds(3);

    private List<String> postconf(String... words) {
        List<String> argv = new ArrayList<>(List.of("postconf", "-c", folder));
        argv.addAll(List.of(words));
        return argv;
    }

    /** The value in force, whether it is set or Postfix's own; empty where postconf cannot say. */
    Optional<String> effective(String parameter) {
        Said said = calls.call(postconf("-h", parameter), "");
        return said.ok() ? Optional.of(said.out().strip()) : Optional.empty();
    }

    /** The value that Postfix has by itself. */
    Optional<String> builtIn(String parameter) {
        Said said = calls.call(postconf("-d", "-h", parameter), "");
        return said.ok() ? Optional.of(said.out().strip()) : Optional.empty();
    }

    /** Names of the parameters that main.cf sets. */
    Set<String> setNames() {
        return parsed(calls.call(postconf("-n"), "")).keySet();
    }

    /** The value that main.cf sets; empty where it sets none. */
    Optional<String> set(String parameter) {
        return Optional.ofNullable(
                parsed(calls.call(postconf("-n", parameter), "")).get(parameter));
    }

    /** Values in force with their references resolved. */
    Map<String, String> expanded(String... parameters) {
        String[] words = new String[parameters.length + 1];
        words[0] = "-x";
        System.arraycopy(parameters, 0, words, 1, parameters.length);
        return parsed(calls.call(postconf(words), ""));
    }

    /** The values in force of several parameters. */
    Map<String, String> effective(List<String> parameters) {
        return parsed(calls.call(postconf(parameters.toArray(String[]::new)), ""));
    }

    /** What services of master.cf set for themselves, as postconf prints it. */
    String services() {
        return calls.call(postconf("-P"), "").out();
    }

    /** Services that set a parameter for themselves, {@code submission/inet}, by what {@link #services} gave. */
    static List<String> overrides(String parameter, String all) {
        List<String> services = new ArrayList<>();
        all.lines().forEach(line -> {
            String name = line.split(" = ", 2)[0].strip();
            if (name.endsWith("/" + parameter)) {
                services.add(name.substring(0, name.length() - parameter.length() - 1));
            }
        });
        return services;
    }

    /** Sets a parameter; why it could not, or empty. */
    Optional<String> write(String parameter, String value) {
        return changed(calls.call(postconf("-e", parameter + " = " + value), ""));
    }

    /** Takes a parameter out of main.cf; why it could not, or empty. */
    Optional<String> remove(String parameter) {
        return changed(calls.call(postconf("-X", parameter), ""));
    }

    /*
     * Every program of Postfix that finds main.cf less than two seconds old waits and reads it again, since it might be
     * half written (dict_load_file_xt in src/util/dict.c); master(8) too, so that old processes would go on meanwhile.
     * postconf(1) replaces the file in one piece, so there is nothing to wait for: its time is set back by a moment.
     */
    private Optional<String> changed(Said said) {
        if (!said.ok()) {
            return Optional.of("postconf: " + said.complaint());
        }
        if (!calls.host().container().isEmpty()) {
            // It takes effect two seconds later.
            return Optional.empty();
        }
        Path file = Path.of(folder, "main.cf");
        try {
            FileTime written = Files.getLastModifiedTime(file);
            Files.setLastModifiedTime(file, FileTime.from(written.toInstant().minus(COOL)));
        } catch (IOException e) {
            // It takes effect all the same, two seconds later.
            return Optional.empty();
        }
        return Optional.empty();
    }

    /** What main.cf sets, to be put back later. */
    Setting setting(String parameter) {
        return new Setting(folder, parameter, set(parameter));
    }

    /** What was set before a change, by what was recorded of it. */
    Optional<String> old(String parameter, List<Setting> settings) {
        return recorded(parameter, settings).flatMap(Setting::value);
    }

    private Optional<Setting> recorded(String parameter, List<Setting> settings) {
        return settings.stream()
                .filter(s -> s.place().equals(folder) && s.name().equals(parameter))
                .findFirst();
    }

    /**
     * What is left after our part was taken out is what was there, to the byte, or Postfix's own value, which is not to be
     * set at all; unless somebody else changed it meanwhile, whose change stays.
     *
     * @return why it could not, or empty
     */
    Optional<String> putBack(String parameter, String left, List<Setting> settings) {
        Optional<String> old = old(parameter, settings);
        if (old.isPresent() && items(old.get()).equals(items(left))) {
            return write(parameter, old.get());
        } else if (items(left).equals(items(builtIn(parameter).orElse("")))) {
            return set(parameter).isPresent() ? remove(parameter) : Optional.empty();
        }
        return write(parameter, left);
    }

    /** The words of a list. */
    static List<String> items(String list) {
        return List.of(list.strip().split("[,\\s]+"));
    }

    /** The command that sets a parameter. */
    String writing(String parameter, String value) {
        return CommandRunner.describe(postconf("-e", parameter + " = " + value));
    }

    /**
     * The command that puts back what was set before a change, by what was recorded of it: the value, or that none was
     * set, or else that this is not known.
     */
    String puttingBack(String parameter, List<Setting> settings) {
        return recorded(parameter, settings)
                .map(known ->
                        known.value().map(value -> writing(parameter, value)).orElseGet(() -> removing(parameter)))
                .orElseGet(() -> writing(parameter, "(what was set)"));
    }

    /**
     * The command that adds to what a parameter has, as a shell runs it: it reads the parameter at that moment.
     *
     * @param before what comes before the value that is set
     * @param after what comes behind it
     */
    String adding(String parameter, String before, String after) {
        String value = "$(" + CommandRunner.describe(postconf("-h", parameter)) + ")";
        return CommandRunner.describe(postconf("-e")) + " \"" + parameter + " = " + before + value + after + "\"";
    }

    /** The command that takes a parameter out. */
    String removing(String parameter) {
        return CommandRunner.describe(postconf("-X", parameter));
    }

    private static Map<String, String> parsed(Said said) {
        Map<String, String> values = new LinkedHashMap<>();
        said.out().lines().forEach(line -> {
            String[] parts = line.split(" =", 2);
            if (parts.length == 2) {
                values.put(parts[0].strip(), parts[1].strip());
            }
        });
        return values;
    }
}
