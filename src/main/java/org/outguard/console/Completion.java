package org.outguard.console;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.outguard.console.CompletionSource.Kind;
import org.outguard.console.CompletionSource.Suggestion;
import org.outguard.text.SafeText;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What could be typed next, from the commands themselves and from what there is to be named. */
final class Completion {

    /* More than fits on a screen is no help, and JLine would ask whether it is wanted. */
    private static final int MOST = 60;

    private final CommandLine commands;
    private final Map<String, String> builtIn;
    private final CompletionSource suggestions;

    /**
     * For these commands.
     *
     * @param builtIn words of the console itself with what they do
     */
    Completion(CommandLine commands, Map<String, String> builtIn, CompletionSource suggestions) {
        this.commands = commands;
        this.builtIn = Map.copyOf(builtIn);
        this.suggestions = suggestions;
    }

    /**
     * What could stand at that place.
     *
     * @param before the words before it
     * @param begun what is there of the word; may be empty
     */
    List<Suggestion> at(List<String> before, String begun) {
        if (before.isEmpty()) {
            Map<String, String> words = new TreeMap<>();
            commands.getSubcommands().forEach((name, command) -> words.put(name, about(command.getCommandSpec())));
            words.putAll(builtIn);
            return fitting(
                    words.entrySet().stream()
                            .map(entry -> new Suggestion(entry.getKey(), entry.getValue()))
                            .toList(),
                    begun);
        }
        CommandLine command = commands.getSubcommands().get(before.get(0));
        if (command == null) {
            return List.of();
        }
        CommandSpec spec = command.getCommandSpec();
        OptionSpec option = spec.findOption(before.get(before.size() - 1));
        if (option != null && option.arity().max() > 0) {
            return fitting(values(option), begun);
        }
        List<Suggestion> all = new ArrayList<>();
        if (!begun.startsWith("-")) {
            spec.positionalParameters().forEach(parameter -> all.addAll(values(parameter)));
        }
        if (begun.startsWith("-") || all.isEmpty()) {
            spec.options().stream()
                    .filter(each -> !each.hidden())
                    .map(each -> new Suggestion(each.longestName(), first(each.description())))
                    .forEach(all::add);
        }
        return fitting(all, begun);
    }

    private static String about(CommandSpec spec) {
        return first(spec.usageMessage().description());
    }

    private static String first(String[] description) {
        return description.length == 0 ? "" : description[0];
    }

    private List<Suggestion> values(ArgSpec spec) {
        return kind(spec).map(suggestions::of).orElse(List.of()).stream()
                .map(each -> new Suggestion(SafeText.clean(each.name()), SafeText.clean(each.about(), 60)))
                // What had to be cleaned cannot be typed; an attacker chose it so.
                .filter(each -> !each.name().isEmpty() && each.name().indexOf('\\') < 0)
                .toList();
    }

    /* By the word that stands for the value in the help. */
    private static Optional<Kind> kind(ArgSpec spec) {
        String name = spec instanceof OptionSpec option ? option.longestName() : "";
        if (name.equals("--uid") || name.equals("--user")) {
            return Optional.of(Kind.USER);
        }
        if (name.equals("--pid")) {
            return Optional.of(Kind.PID);
        }
        return switch (spec.paramLabel().replaceAll("[^A-Za-z]", "").toUpperCase(java.util.Locale.ROOT)) {
            case "PID" -> Optional.of(Kind.PID);
            case "USER", "LOGIN" -> Optional.of(Kind.USER);
            case "ID", "ACTION", "ACTIONID" -> Optional.of(Kind.ACTION);
            case "QUEUEID", "QUEUEIDS", "MESSAGE" -> Optional.of(Kind.QUEUE_ID);
            case "OFFENDER", "OFFENDERID" -> Optional.of(Kind.OFFENDER);
            default -> Optional.empty();
        };
    }

    private static List<Suggestion> fitting(List<Suggestion> all, String begun) {
        return all.stream()
                .filter(each -> each.name().startsWith(begun))
                .limit(MOST)
                .toList();
    }
}
