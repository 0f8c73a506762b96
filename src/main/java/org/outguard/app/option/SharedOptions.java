package org.outguard.app.option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.outguard.app.Main;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Options that every command takes, whatever it makes of them, and on either side of its name. */
public final class SharedOptions {

    private SharedOptions() {}

    /** Adds those that a command does not have by itself; of these its help has no more than how to ask for it. */
    public static void addTo(CommandSpec command) {
        add(command, OptionSpec.builder("-h", "--help").usageHelp(true).description("show this help"));
        add(command, hidden("-v", "--verbose"));
        add(command, hidden("--version").versionHelp(true));
        add(
                command,
                hidden("--color")
                        .type(CommonOptions.Color.class)
                        .converters(new CommonOptions.ColorWord())
                        .paramLabel("auto|always|never"));
        add(command, hidden("--config").type(Path.class).paramLabel("FILE"));
        command.versionProvider(new Main.Version());
    }

    private static OptionSpec.Builder hidden(String name, String... others) {
        return OptionSpec.builder(name, others).hidden(true);
    }

    private static void add(CommandSpec command, OptionSpec.Builder option) {
        OptionSpec made = option.build();
        if (command.findOption(made.longestName()) == null) {
            command.addOption(made);
        }
    }

    /**
     * Puts options that stand in front of a command behind its name, where they are read.
     *
     * @param given of the words, a command and an option in front of it among them
     */
    public static String[] behind(CommandLine.ParseResult given) {
        List<String> words = given.originalArgs();
        int command = 0;
        while (words.get(command).startsWith("-")) {
            command += takesNext(given.commandSpec(), words.get(command)) ? 2 : 1;
        }
        List<String> turned = new ArrayList<>(words.size());
        turned.add(words.get(command));
        turned.addAll(words.subList(0, command));
        turned.addAll(words.subList(command + 1, words.size()));
        return turned.toArray(String[]::new);
    }

    /* Whether its value is a word of its own; one that is written together with it is found under no name. */
    private static boolean takesNext(CommandSpec commands, String word) {
        OptionSpec option = commands.findOption(word);
        return option != null && option.arity().min() > 0;
    }
}
