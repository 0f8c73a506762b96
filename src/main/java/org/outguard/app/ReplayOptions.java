package org.outguard.app;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of a replay, which has no machine. */
final class ReplayOptions {

    @Option(names = "--config", paramLabel = "FILE", description = "policy, instead of /etc/outguard/outguard.toml")
    @Nullable
    Path config;

    @Option(
            names = "--color",
            paramLabel = "auto|always|never",
            converter = CommonOptions.ColorWord.class,
            description = "colours; auto follows the terminal and NO_COLOR")
    CommonOptions.Color color = CommonOptions.Color.AUTO;
}
