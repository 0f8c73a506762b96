package org.outguard.app;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code outguard}: the screen. */
@Command(
        name = "outguard",
        versionProvider = Main.Version.class,
        description = "shows what leaves this machine that should not, who sends it, and stops just that",
        sortOptions = false)
final class ScreenCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "show the version")
    boolean version;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter err = spec.commandLine().getErr();
        Session session = Session.open(common, Session.Role.ACTS, err);
        if (session instanceof Session.Impossible impossible) {
            return impossible.status().code();
        }
        return OnScreen.run(((Session.Ready) session).watcher(), common, err);
    }
}
