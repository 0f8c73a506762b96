package org.outguard.app.option;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that changes something. */
public final class ActingOptions {

    @Option(names = "--dry-run", description = "show the exact commands and do nothing")
    public boolean dryRun;

    @Option(names = "--yes", description = "do not ask; needed where standard input is no terminal")
    public boolean yes;

    @Option(names = "--config", paramLabel = "FILE", description = "policy, instead of /etc/outguard/outguard.toml")
    @Nullable
    Path config;

    @Option(
            names = "--log",
            paramLabel = LogTarget.LABEL,
            converter = LogTarget.Word.class,
            description = LogTarget.DESCRIPTION)
    @Nullable
    LogTarget log;

    @Option(
            names = "--anyway",
            description =
                    "do it despite the refusal: it may break name resolution, the clock, mail, or never_block of the policy")
    public boolean anyway;
}
