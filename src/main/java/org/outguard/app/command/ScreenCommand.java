package org.outguard.app.command;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.outguard.app.Main;
import org.outguard.app.host.Privileges;
import org.outguard.app.option.CommonOptions;
import org.outguard.app.option.ScreenOptions;
import org.outguard.app.screen.TuiRunner;
import org.outguard.headless.ExitStatus;
import picocli.CommandLine;
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
        sortOptions = false,
        footer =
                "Every command takes --config, --color, -v and --version. What is an option of the screen too may stand before"
                        + " or behind the command that has it.")
public final class ScreenCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Mixin
    final CommonOptions common = new CommonOptions();

    @Mixin
    final ScreenOptions screen = new ScreenOptions();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    boolean help;

    @Option(names = "--version", versionHelp = true, description = "show the version")
    boolean version;

    @Override
    public Integer call() throws InterruptedException {
        CommandLine.ParseResult given = spec.commandLine().getParseResult();
        return open(common, screen, given.originalArgs(), spec.commandLine().getErr());
    }

    /**
     * The screen without picocli.
     *
     * @param arguments none, or {@code -i} and a name
     */
    public static int plain(String[] arguments, PrintWriter err) throws InterruptedException {
        CommonOptions options = new CommonOptions();
        if (arguments.length == 2) {
            options.interfaces = List.of(arguments[1]);
        }
        return open(options, new ScreenOptions(), List.of(arguments), err);
    }

    private static int open(CommonOptions common, ScreenOptions screen, List<String> words, PrintWriter err)
            throws InterruptedException {
        Privileges privileges = Privileges.ofThisProcess();
        if (!privileges.has(Privileges.Capability.CAP_NET_RAW)) {
            err.println(privileges.complaint(words));
            return ExitStatus.LACKS_PRIVILEGE.code();
        }
        return TuiRunner.run(
                complaints -> SessionFactory.open(common, SessionFactory.Role.ACTS, complaints), common, screen, err);
    }
}
