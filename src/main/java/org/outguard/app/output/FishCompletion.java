package org.outguard.app.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for fish(1), for which picocli has no generator, from the commands themselves. */
public final class FishCompletion {

    private static final String COMPLETE = "complete -c outguard";

    private FishCompletion() {}

    /** A line for each command and each option that is shown in help. */
    public static String script(CommandLine root) {
        List<String> lines = new ArrayList<>();
        lines.add(COMPLETE + " -f");
        options(lines, root.getCommandSpec(), "__fish_use_subcommand");
        for (Map.Entry<String, CommandLine> entry : root.getSubcommands().entrySet()) {
            CommandSpec command = entry.getValue().getCommandSpec();
            if (!command.usageMessage().hidden()) {
                lines.add(COMPLETE + " -n __fish_use_subcommand -a " + entry.getKey() + " -d "
                        + quoted(String.join(" ", command.usageMessage().description())));
                String there = "__fish_seen_subcommand_from " + entry.getKey();
                options(lines, command, there);
                command.positionalParameters().forEach(parameter -> values(lines, parameter, there));
            }
        }
        return String.join("\n", lines) + "\n";
    }

    private static void options(List<String> lines, CommandSpec command, String there) {
        for (OptionSpec option : command.options()) {
            if (option.hidden()) {
                continue;
            }
            StringBuilder line = new StringBuilder(COMPLETE + " -n '" + there + "'");
            for (String name : option.names()) {
                line.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
            }
            if (option.arity().max() > 0) {
                // Fish offers files behind it, too, unless there are words to choose from.
                line.append(words(option).isEmpty() ? " -r -F" : " -x -a " + quoted(words(option)));
            }
            lines.add(line.append(" -d ")
                    .append(quoted(String.join(" ", option.description())))
                    .toString());
        }
    }

    private static void values(List<String> lines, ArgSpec parameter, String there) {
        String words = words(parameter);
        lines.add(COMPLETE + " -n '" + there + "'" + (words.isEmpty() ? " -F" : " -a " + quoted(words)));
    }

    /* Words between bars in a label are all that there are. */
    public static String words(ArgSpec argument) {
        String label = argument.paramLabel();
        return label.matches("[a-z0-9-]+(\\|[a-z0-9-]+)+") ? label.replace('|', ' ') : "";
    }

    private static String quoted(String text) {
        String shown = text.replace("%%", "%").replace("%n", " ");
        return "'" + shown.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
