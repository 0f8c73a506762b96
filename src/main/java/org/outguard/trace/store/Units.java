package org.outguard.trace.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.outguard.exec.CommandResult;
import org.outguard.exec.CommandRunner;
import org.outguard.guard.action.Action;
import org.outguard.guard.action.UnitStep;
import org.outguard.guard.action.UnitStep.Before;
import org.outguard.guard.action.UnitStep.Link;
import org.outguard.guard.action.UnitStep.Running;
import org.outguard.guard.port.StepRunner.Extent;
import org.outguard.procfs.ForeignFiles;
import org.outguard.procfs.PasswdEntry;
import org.outguard.trace.tree.ForeignText;

/**
 * Ends units of systemd(1), of the system's manager and of users', and starts them again. What has a unit started are symbolic
 * links: they are kept word for word, since an intruder makes them by hand and {@code systemctl enable} would not.
 */
final class Units {

    private static final String SYSTEM = "system";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int MAX_BYTES = 256 << 10;
    private static final List<String> SYSTEM_FOLDERS = List.of(
            "/etc/systemd/system",
            "/run/systemd/system",
            "/usr/local/lib/systemd/system",
            "/usr/lib/systemd/system",
            "/lib/systemd/system");
    private static final List<String> USER_FOLDERS = List.of("/etc/systemd/user", "/usr/lib/systemd/user");
    private static final String IN_HOME = "/.config/systemd/user";
    /* systemctl takes other characters for a pattern. */
    private static final String NAME = "[A-Za-z0-9:_.@\\\\-]+\\.(?:service|timer|socket|path)";

    private final Path root;
    private final ForeignFiles foreign;
    private final ForeignText texts;
    private final CommandRunner runner;

    Units(Path root, ForeignFiles foreign, CommandRunner runner) {
        this.root = root;
        this.foreign = foreign;
        this.texts = new ForeignText(root, foreign);
        this.runner = runner;
    }

    private static String folder(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static boolean ofSystem(String path) {
        return SYSTEM_FOLDERS.stream().anyMatch(folder -> path.startsWith(folder + "/"));
    }

    UnitStep prepare(UnitStep.Disable step) throws IOException {
        List<String> folders = folders(step.path());
        List<String> units = units(name(step.path()), folders);
        List<Link> links = new ArrayList<>();
        for (String folder : folders) {
            for (String entry : texts.in(folder)) {
                if (entry.matches("(?s).*\\.(?:wants|requires|upholds)")) {
                    texts.in(entry).stream()
                            .filter(link -> units.contains(name(link)) || ofTemplate(name(link), units))
                            .forEach(link -> link(link, links));
                } else {
                    target(entry)
                            .filter(target -> units.contains(name(target)))
                            .ifPresent(target -> links.add(new Link(entry, target)));
                }
            }
        }
        List<Running> running = new ArrayList<>();
        for (String manager : managers(step.path())) {
            for (String unit : units) {
                if (runs(manager, unit)) {
                    running.add(new Running(manager, unit));
                }
            }
        }
        return new UnitStep.Disable(step.path(), Optional.of(new Before(units, links, running)));
    }

    /* Of x@.service: x@1.service. */
    private static boolean ofTemplate(String name, List<String> units) {
        return units.contains(name.replaceFirst("@.*(\\.[a-z]+)$", "@$1"));
    }

    private void link(String path, List<Link> links) {
        target(path).ifPresent(target -> links.add(new Link(path, target)));
    }

    private Optional<String> target(String path) {
        try (HeldFile file = HeldFile.open(root, foreign, path)) {
            return file.target();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /* Where units of the same manager lie. */
    private static List<String> folders(String path) throws IOException {
        if (!name(path).matches(NAME)) {
            throw new IOException(name(path) + " is no name of a unit that systemctl would take");
        }
        if (ofSystem(path)) {
            return SYSTEM_FOLDERS;
        }
        Set<String> folders = new LinkedHashSet<>(USER_FOLDERS);
        folders.add(folder(path));
        if (!folder(path).endsWith(IN_HOME) && !USER_FOLDERS.contains(folder(path))) {
            throw new IOException(path + " is in no folder that systemd reads units from");
        }
        return List.copyOf(folders);
    }

    /* What starts it comes first, or it is back before it is stopped for good. */
    private List<String> units(String name, List<String> folders) {
        Set<String> units = new LinkedHashSet<>();
        String stem = name.substring(0, name.lastIndexOf('.'));
        for (String folder : folders) {
            for (String file : texts.in(folder)) {
                String other = name(file);
                boolean starts = other.matches("(?:" + NAME + ")") && !other.endsWith(".service");
                if (starts
                        && (other.startsWith(stem + ".")
                                || texts.text(file, MAX_BYTES)
                                        .lines()
                                        .anyMatch(line ->
                                                line.strip().matches("(?:Unit|Service)\\s*=\\s*\\Q" + name + "\\E")))) {
                    units.add(other);
                }
            }
        }
        units.remove(name);
        units.add(name);
        return List.copyOf(units);
    }

    /* Those that run and read units from there. */
    private List<String> managers(String path) {
        if (ofSystem(path)) {
            return texts.entry("/run/systemd/system").isPresent() ? List.of(SYSTEM) : List.of();
        }
        return users().filter(user -> USER_FOLDERS.contains(folder(path))
                        || path.startsWith(user.home().replaceFirst("/+$", "") + IN_HOME + "/"))
                .map(user -> Integer.toUnsignedString(user.uid()))
                .distinct()
                .filter(uid ->
                        texts.entry("/run/user/" + uid + "/systemd/private").isPresent())
                .toList();
    }

    private Stream<PasswdEntry> users() {
        return PasswdEntry.all(texts.text("/etc/passwd", 8 << 20)).stream()
                .filter(user -> user.home().startsWith("/"));
    }

    private boolean runs(String manager, String unit) {
        // "activating" of a unit that is started again and again is no success, and it runs all the same.
        return runner.run(systemctl(manager, "is-active", List.of(unit)), "", LIMIT)
                        instanceof CommandResult.Finished asked
                && asked.stdout().strip().matches("active|activating|reloading|refreshing");
    }

    private List<String> systemctl(String manager, String verb, List<String> units) {
        List<String> argv = new ArrayList<>();
        if (!manager.equals(SYSTEM)) {
            String group = users().filter(
                            user -> Integer.toUnsignedString(user.uid()).equals(manager))
                    .flatMap(user -> user.gid().stream())
                    .map(Integer::toUnsignedString)
                    .findFirst()
                    .orElse(manager);
            argv.addAll(List.of("setpriv", "--reuid=" + manager, "--regid=" + group, "--init-groups", "--"));
            argv.addAll(List.of("env", "XDG_RUNTIME_DIR=/run/user/" + manager));
        }
        argv.add("systemctl");
        if (!manager.equals(SYSTEM)) {
            argv.add("--user");
        }
        argv.add(verb);
        if (!units.isEmpty()) {
            argv.add("--");
            argv.addAll(units);
        }
        return argv;
    }

    Action.Plan plan(UnitStep step) {
        if (step instanceof UnitStep.Disable off) {
            return new Action.Plan(
                    off.before()
                            .map(before -> words(off(step.path(), before)))
                            .orElse("systemctl stop " + name(step.path())),
                    off.before().map(before -> words(on(step.path(), before))).orElse("nothing"));
        }
        Before before = ((UnitStep.Enable) step).before();
        return new Action.Plan(words(on(step.path(), before)), words(off(step.path(), before)));
    }

    private static String words(List<List<String>> commands) {
        return commands.isEmpty()
                ? "nothing"
                : commands.stream().map(CommandRunner::describe).collect(Collectors.joining(" && "));
    }

    /* What a person would type; links are not taken away by programs. */
    private List<List<String>> off(String path, Before before) {
        List<List<String>> commands = new ArrayList<>();
        before.links().forEach(link -> commands.add(List.of("rm", "--", link.path())));
        commands.addAll(stops(path, before));
        return commands;
    }

    private List<List<String>> stops(String path, Before before) {
        List<List<String>> commands = new ArrayList<>();
        for (String manager : managers(path)) {
            commands.add(systemctl(manager, "stop", before.units()));
            commands.add(systemctl(manager, "daemon-reload", List.of()));
        }
        return commands;
    }

    private List<List<String>> on(String path, Before before) {
        List<List<String>> commands = new ArrayList<>();
        before.links().forEach(link -> commands.add(List.of("ln", "-s", "--", link.target(), link.path())));
        commands.addAll(starts(path, before));
        return commands;
    }

    private List<List<String>> starts(String path, Before before) {
        List<List<String>> commands = new ArrayList<>();
        for (String manager : managers(path)) {
            commands.add(systemctl(manager, "daemon-reload", List.of()));
            List<String> ran = before.running().stream()
                    .filter(one -> one.manager().equals(manager))
                    .map(Running::unit)
                    .toList();
            if (!ran.isEmpty()) {
                commands.add(systemctl(manager, "start", ran));
            }
        }
        return commands;
    }

    /** Carries it out; returns what is worth saying. */
    String run(UnitStep step) throws IOException {
        boolean ends = step instanceof UnitStep.Disable;
        Before before = step instanceof UnitStep.Disable off
                ? off.before().orElseThrow(() -> new IOException(step.path() + " is no unit that systemd would read"))
                : ((UnitStep.Enable) step).before();
        for (Link link : before.links()) {
            try (HeldFile held = HeldFile.open(root, foreign, link.path())) {
                if (ends) {
                    held.unlink(link.target());
                } else {
                    held.link(link.target());
                }
            }
        }
        List<String> problems = new ArrayList<>();
        for (List<String> command : ends ? stops(step.path(), before) : starts(step.path(), before)) {
            problem(runner.run(command, "", LIMIT), command).ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            throw new IOException(String.join("; ", problems));
        }
        return managers(step.path()).isEmpty() ? "its manager does not run here: only its links were changed" : "";
    }

    private static Optional<String> problem(CommandResult result, List<String> command) {
        if (result instanceof CommandResult.Finished finished) {
            // A unit that is not loaded is one that does not run.
            return finished.exitStatus() == 0 || finished.stderr().contains("not loaded")
                    ? Optional.empty()
                    : Optional.of(finished.stderr().strip());
        }
        return Optional.of(CommandRunner.describe(command) + " failed: " + result);
    }

    /** Whether its links are as it makes them; nothing is known of a unit without any. */
    Optional<Extent> happened(UnitStep step) {
        boolean ends = step instanceof UnitStep.Disable;
        Optional<Before> before =
                step instanceof UnitStep.Disable off ? off.before() : Optional.of(((UnitStep.Enable) step).before());
        return before.filter(state -> !state.links().isEmpty())
                .map(state -> Extent.of(state.links().stream()
                        .map(link -> Extent.of(target(link.path()).equals(Optional.of(link.target())) != ends))
                        .toList()));
    }

    /** Tells managers that the file of a unit, or a part of one, is there or not any more. */
    void reload(String path) throws IOException {
        if (!reloadWords(path).isEmpty()) {
            for (String manager : managers(path)) {
                List<String> command = systemctl(manager, "daemon-reload", List.of());
                Optional<String> problem = problem(runner.run(command, "", LIMIT), command);
                if (problem.isPresent()) {
                    throw new IOException("the file is moved, but " + problem.get());
                }
            }
        }
    }

    /** The same as a person would type it; empty for other files. */
    static String reloadWords(String path) {
        boolean user =
                path.contains(IN_HOME + "/") || USER_FOLDERS.stream().anyMatch(one -> path.startsWith(one + "/"));
        return ofSystem(path) ? " && systemctl daemon-reload" : user ? " && systemctl --user daemon-reload" : "";
    }
}
