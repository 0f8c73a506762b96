package org.outguard.app.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of a replay, which has no machine. */
public final class ReplayOptions {

    @Option(names = "--config", paramLabel = "FILE", description = "policy, instead of /etc/outguard/outguard.toml")
    @Nullable
    public Path config;

    @Option(
            names = "--color",
            paramLabel = "auto|always|never",
            converter = CommonOptions.ColorWord.class,
            description = "colours; auto follows the terminal and NO_COLOR")
    public CommonOptions.Color color = CommonOptions.Color.AUTO;
}
