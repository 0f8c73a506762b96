package org.outguard.app;

import picocli.CommandLine.Option;

/** Options of every command that changes something. */
final class ActingOptions {

    @Option(names = "--dry-run", description = "show the exact commands and do nothing")
    boolean dryRun;

    @Option(names = "--yes", description = "do not ask; needed where standard input is no terminal")
    boolean yes;

    @Option(
            names = "--anyway",
            description = "do it although it breaks what the refusal named: the resolver in use, or mail")
    boolean anyway;
}
