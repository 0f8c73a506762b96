package org.outguard.mta.postfix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.outguard.guard.action.RestrictionStep.Setting;
import org.outguard.guard.port.StepRunner.Extent;
import org.outguard.mta.ProgramCalls;
import org.outguard.mta.ProgramCalls.Said;
import org.outguard.mta.ThisMachine;

/**
 * Logins that may not send: a map of our own that smtpd(8) asks after the data of each message, when the login is known
 * whatever was said before. smtpd opens maps when it starts, so the first ban needs a reload, and a session that is open
 * goes on by what it knew: those of the login are ended.
 */
final class LoginBan {

    private static final String RESTRICTIONS = "smtpd_end_of_data_restrictions";
    private static final String ENABLE = "smtpd_sasl_auth_enable";
    private static final String TYPE = "default_database_type";
    private static final String REFUSAL = " REJECT mail from this account is stopped by the administrator\n";

    private final PostfixConfiguration configuration;
    private final OpenSessions sessions;
    private final ProgramCalls calls;
    private final Path map;
    private Optional<Logins> prepared = Optional.empty();

    LoginBan(PostfixConfiguration configuration, OpenSessions sessions, ProgramCalls calls) {
        this.configuration = configuration;
        this.sessions = sessions;
        this.calls = calls;
        this.map = Path.of(configuration.folder(), "outguard_banned_logins");
    }

    /**
     * How logins are set up.
     *
     * @param values parameters in force
     * @param services what services set for themselves
     */
    record Logins(Map<String, String> values, String services) {

        /** Whether anybody can log in. */
        boolean inUse() {
            return values.getOrDefault(ENABLE, "no").equals("yes")
                    || !PostfixConfiguration.overrides(ENABLE, services).isEmpty();
        }

        String type() {
            return values.getOrDefault(TYPE, "hash");
        }

        String restrictions() {
            return values.getOrDefault(RESTRICTIONS, "");
        }
    }

    /** How logins are set up: as it was when the step was prepared, a moment ago, or else as it is now. */
    Logins read() {
        Logins logins = prepared.orElseGet(this::readNow);
        prepared = Optional.empty();
        return logins;
    }

    private Logins readNow() {
        return new Logins(
                configuration.effective(List.of(ENABLE, TYPE, RESTRICTIONS, OpenSessions.LOG)),
                configuration.services());
    }

    private String check(String type) {
        return "check_sasl_access " + type + ":" + map;
    }

    List<String> banning(String login) {
        return List.of(
                "echo '" + login + REFUSAL.strip().replaceFirst("^", " ") + "' >> " + map + " && postmap " + map,
                configuration.adding(RESTRICTIONS, check("hash") + ", ", ""),
                "ss -K (each connection of " + login + ")");
    }

    List<String> lifting(String login, List<Setting> settings) {
        return List.of(
                "sed -i '/^" + login + " /d' " + map + " && postmap " + map,
                configuration.puttingBack(RESTRICTIONS, settings));
    }

    List<Setting> before() {
        prepared = Optional.of(readNow());
        if (!prepared.get().inUse()) {
            return List.of();
        }
        return List.of(
                new Setting(configuration.folder(), RESTRICTIONS, configuration.set(RESTRICTIONS)),
                new Setting(map.toString(), "", content()));
    }

    private Optional<String> content() {
        try {
            return calls.host().content(map).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.of("");
        }
    }

    /** How much of a login's ban is set; empty where nobody can log in. What a crash left half written is removed. */
    Optional<Extent> inForce(String login) {
        try {
            calls.host().delete(ThisMachine.fresh(map));
        } catch (IOException e) {
            return Optional.of(Extent.PART);
        }
        Logins now = readNow();
        boolean listed =
                content().orElse("").lines().anyMatch(line -> line.startsWith(login.toLowerCase(Locale.ROOT) + " "));
        boolean asked = now.restrictions().contains(map.toString());
        if (!listed && !asked && !calls.host().exists(map)) {
            return now.inUse() ? Optional.of(Extent.NOTHING) : Optional.empty();
        }
        // Others may be in the map. Whether smtpd has read it again is not known.
        return Optional.of(listed || content().orElse("").isEmpty() ? Extent.PART : Extent.NOTHING);
    }

    /** Adds a login; whether a reload is needed. */
    boolean ban(String login, Logins logins, List<String> problems) {
        String key = login.toLowerCase(Locale.ROOT);
        String now = content().orElse("");
        if (now.lines().noneMatch(line -> line.startsWith(key + " "))) {
            write(now + key + REFUSAL, logins.type(), problems);
        }
        PostfixConfiguration.overrides(RESTRICTIONS, logins.services())
                .forEach(service ->
                        problems.add(service + " sets its own " + RESTRICTIONS + ": logins there are not stopped"));
        String set = logins.restrictions();
        if (set.contains(map.toString())) {
            return false;
        }
        String value = set.isEmpty() ? check(logins.type()) : check(logins.type()) + ", " + set;
        configuration.write(RESTRICTIONS, value).ifPresent(problems::add);
        return true;
    }

    /** Complains where the map is not asked. */
    void verify(List<String> problems) {
        if (!configuration.effective(RESTRICTIONS).orElse("").contains(map.toString())) {
            problems.add(RESTRICTIONS + " is not in force");
        }
    }

    private void write(String content, String type, List<String> problems) {
        try {
            calls.host().replace(map, content.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            problems.add("cannot write " + map + ": " + e.getMessage());
            return;
        }
        Said said = calls.call("postmap", "-c", configuration.folder(), type + ":" + map);
        if (!said.ok()) {
            problems.add("postmap: " + said.complaint());
        }
    }

    /** Ends what the login has open. */
    void endSessions(String login, Logins logins, List<String> problems) {
        sessions.end(login, logins.values().getOrDefault(OpenSessions.LOG, ""), problems);
    }

    /** Takes a login out; whether a reload is needed. */
    boolean lift(String login, List<Setting> settings, List<String> problems) {
        String key = login.toLowerCase(Locale.ROOT);
        Optional<String> now = content();
        boolean stoodBefore = settings.stream()
                .filter(s -> s.place().equals(map.toString()))
                .anyMatch(s -> s.value().orElse("").lines().anyMatch(line -> line.startsWith(key + " ")));
        if (now.isEmpty() || stoodBefore) {
            return false;
        }
        List<String> left = new ArrayList<>(now.get().lines().toList());
        left.removeIf(line -> line.startsWith(key + " "));
        if (!left.isEmpty()) {
            write(String.join("\n", left) + "\n", read().type(), problems);
            return false;
        }
        // The last one: first nobody asks for the map any more, then it goes.
        String set = configuration.effective(RESTRICTIONS).orElse("");
        String without = set.replaceAll(
                        "check_sasl_access \\S+:" + java.util.regex.Pattern.quote(map.toString()) + ",?\\s*", "")
                .strip();
        Optional<String> old = settings.stream()
                .filter(s ->
                        s.place().equals(configuration.folder()) && s.name().equals(RESTRICTIONS))
                .findFirst()
                .flatMap(Setting::value);
        Optional<String> problem = old.isEmpty() && without.isEmpty()
                ? configuration.remove(RESTRICTIONS)
                : configuration.write(
                        RESTRICTIONS, old.filter(o -> o.strip().equals(without)).orElse(without));
        problem.ifPresent(problems::add);
        if (problem.isEmpty()) {
            removeFiles(problems);
        }
        return true;
    }

    private void removeFiles(List<String> problems) {
        try {
            calls.host().delete(map.resolveSibling(map.getFileName() + ".db"));
            calls.host().delete(map.resolveSibling(map.getFileName() + ".lmdb"));
            // Last: while it is there, a crash in between is seen.
            calls.host().delete(map);
        } catch (IOException e) {
            problems.add("cannot remove " + map + ": " + e.getMessage());
        }
    }
}
