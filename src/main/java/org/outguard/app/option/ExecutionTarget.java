package org.outguard.app.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where commands act, and by which policy, unless they say otherwise: the lines of a console are meant for where that was
 * opened.
 *
 * @param netns name of the network namespace, null for that of the machine
 * @param config file of the policy, null for the usual one
 */
public record ExecutionTarget(
        @Nullable String netns, @Nullable Path config) implements IDefaultValueProvider {

    /** The machine, by its own policy. */
    public static final ExecutionTarget USUAL = new ExecutionTarget(null, null);

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option)) {
            return null;
        }
        return switch (option.longestName()) {
            case "--netns" -> netns;
            case "--config" -> config == null ? null : config.toString();
            default -> null;
        };
    }
}
