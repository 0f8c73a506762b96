package org.outguard.app;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.time.Clock;
import java.util.List;
import org.outguard.app.actor.ActorCommand;
import org.outguard.app.command.BlockCommand;
import org.outguard.app.command.CompletionCommand;
import org.outguard.app.command.ConsoleCommand;
import org.outguard.app.command.DemoCommand;
import org.outguard.app.command.DoctorCommand;
import org.outguard.app.command.ExplainCommand;
import org.outguard.app.command.FileCommands;
import org.outguard.app.command.FreezeCommand;
import org.outguard.app.command.HistoryCommand;
import org.outguard.app.command.JournalCommand;
import org.outguard.app.command.KillCommand;
import org.outguard.app.command.LiftCommand;
import org.outguard.app.command.LockdownCommand;
import org.outguard.app.command.MessageCommands;
import org.outguard.app.command.NotifyCommand;
import org.outguard.app.command.OnceCommand;
import org.outguard.app.command.QueueCommand;
import org.outguard.app.command.ReapplyCommand;
import org.outguard.app.command.ReplayCommand;
import org.outguard.app.command.ReportCommand;
import org.outguard.app.command.ScreenCommand;
import org.outguard.app.command.SubmissionCommands;
import org.outguard.app.command.ThawCommand;
import org.outguard.app.command.TraceCommand;
import org.outguard.app.command.UnblockCommand;
import org.outguard.app.command.UndoCommand;
import org.outguard.app.command.WatchCommand;
import org.outguard.app.host.Confining;
import org.outguard.app.host.Privileges;
import org.outguard.app.host.ProgramLog;
import org.outguard.app.host.StandardStreams;
import org.outguard.app.option.Examples;
import org.outguard.app.option.ExecutionTarget;
import org.outguard.app.option.LogTarget;
import org.outguard.app.option.SharedOptions;
import org.outguard.app.run.Faults;
import org.outguard.exec.CommandRunner;
import org.outguard.headless.ExitStatus;
import org.outguard.text.SafePrinting;
import org.outguard.text.SafeText;
import picocli.CommandLine;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;

/** Where the program begins. */
public final class Main {

    private Main() {}

    /** The version that the jar names. */
    public static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"outguard " + (version == null ? "(not from a jar)" : version)};
        }
    }

    /** See {@code outguard --help}. */
    public static void main(String[] arguments) {
        Faults.install();
        if (!screen(arguments)) {
            guardTerminal();
        }
        if (!screen(arguments) && !List.of("console", "demo").contains(arguments[0])) {
            Confining.processHasOneCommand();
        }
        System.exit(run(arguments));
    }

    /** The exit status. A namespace that is entered is entered by the calling thread. */
    static int run(String[] arguments) {
        try {
            return screen(arguments)
                    ? ScreenCommand.plain(arguments, new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                    : commands().execute(arguments);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitStatus.FAILED.code();
        }
    }

    /* The screen, which is waited for: without reading how each command is used. */
    private static boolean screen(String[] arguments) {
        return arguments.length == 0
                || arguments.length == 2 && arguments[0].equals("-i") && !arguments[1].startsWith("-");
    }

    private static void guardTerminal() {
        if (StandardStreams.isTerminal(StandardStreams.OUT)) {
            System.setOut(SafePrinting.over(new FileOutputStream(FileDescriptor.out)));
        }
        if (StandardStreams.isTerminal(StandardStreams.ERR)) {
            System.setErr(SafePrinting.over(new FileOutputStream(FileDescriptor.err)));
        }
    }

    /** All commands, as they are read from a shell. */
    public static CommandLine commands() {
        return commands(ExecutionTarget.USUAL);
    }

    /**
     * All commands, made anew: they remember what they were given.
     *
     * @param place where they act, if they do not say
     */
    public static CommandLine commands(ExecutionTarget place) {
        CommandLine commands = new CommandLine(new ScreenCommand())
                .addSubcommand(new WatchCommand())
                .addSubcommand(new ActorCommand())
                .addSubcommand(new OnceCommand())
                .addSubcommand(new ReplayCommand())
                .addSubcommand(new DemoCommand())
                .addSubcommand(new BlockCommand())
                .addSubcommand(new UnblockCommand())
                .addSubcommand(new LockdownCommand())
                .addSubcommand(new LiftCommand())
                .addSubcommand(new FreezeCommand())
                .addSubcommand(new ThawCommand())
                .addSubcommand(new KillCommand())
                .addSubcommand(new QueueCommand())
                .addSubcommand(new MessageCommands.HoldCommand())
                .addSubcommand(new MessageCommands.ReleaseCommand())
                .addSubcommand(new MessageCommands.DeleteCommand())
                .addSubcommand(new MessageCommands.RequeueCommand())
                .addSubcommand(new MessageCommands.FlushCommand())
                .addSubcommand(new SubmissionCommands.HoldAllCommand())
                .addSubcommand(new SubmissionCommands.AcceptAllCommand())
                .addSubcommand(new SubmissionCommands.SlowDownCommand())
                .addSubcommand(new SubmissionCommands.FullSpeedCommand())
                .addSubcommand(new SubmissionCommands.BanCommand())
                .addSubcommand(new SubmissionCommands.UnbanCommand())
                .addSubcommand(new UndoCommand())
                .addSubcommand(new ReapplyCommand())
                .addSubcommand(new JournalCommand())
                .addSubcommand(new HistoryCommand())
                .addSubcommand(new NotifyCommand())
                .addSubcommand(new ExplainCommand())
                .addSubcommand(new ReportCommand())
                .addSubcommand(new TraceCommand())
                .addSubcommand(new FileCommands.QuarantineCommand())
                .addSubcommand(new FileCommands.DisableCommand())
                .addSubcommand(new DoctorCommand())
                .addSubcommand(new ConsoleCommand())
                .addSubcommand(new CompletionCommand())
                .addSubcommand(new CommandLine.HelpCommand());
        commands.getSubcommands().values().forEach(command -> {
            SharedOptions.addTo(command.getCommandSpec());
            Examples.addTo(command.getCommandSpec());
        });
        commands.setDefaultValueProvider(place);
        String term = System.getenv("TERM");
        if (term == null || term.isEmpty() || term.equals("dumb")) {
            // The library asks whether there is a terminal, and not whether that can do more than print.
            commands.setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF));
        }
        commands.setExecutionExceptionHandler(Main::fault);
        commands.setParameterExceptionHandler((wrong, given) -> {
            PrintWriter err = wrong.getCommandLine().getErr();
            err.println("outguard: " + SafeText.clean(complaint(wrong)));
            err.println("see 'outguard "
                    + (wrong.getCommandLine().getParent() == null
                            ? ""
                            : wrong.getCommandLine().getCommandName() + " ")
                    + "--help'");
            return ExitStatus.USAGE.code();
        });
        commands.setExecutionStrategy(given -> {
            // They would be the screen's: a block meant for a namespace would be made outside of it.
            if (given.hasSubcommand() && !given.matchedOptions().isEmpty()) {
                return commands(place).execute(SharedOptions.behind(given));
            }
            Privileges privileges = Privileges.ofThisProcess();
            if (privileges.none() && needsPrivilege(given)) {
                given.commandSpec().commandLine().getErr().println(privileges.complaint(given.originalArgs()));
                return ExitStatus.LACKS_PRIVILEGE.code();
            }
            return logged(given);
        });
        return commands;
    }

    /* With --log the command leaves a line when it begins and when it ends, and between them what it logs itself. */
    private static int logged(CommandLine.ParseResult given) {
        CommandLine.ParseResult last = given.hasSubcommand() ? given.subcommand() : given;
        LogTarget target = last.matchedOptionValue("--log", null);
        if (target == null || last.isUsageHelpRequested() || last.isVersionHelpRequested()) {
            return new CommandLine.RunLast().execute(given);
        }
        PrintWriter err = given.commandSpec().commandLine().getErr();
        ProgramLog log;
        try {
            log = ProgramLog.open(target.file(), target.level(), Clock.systemUTC());
        } catch (IOException e) {
            err.println("outguard: " + SafeText.clean("--log " + target.file() + " cannot be written: " + reason(e)));
            return ExitStatus.FAILED.code();
        }
        try (log) {
            String words = CommandRunner.describe(given.originalArgs());
            log.log(Level.INFO, "begins: outguard " + words);
            int status;
            try {
                status = new CommandLine.RunLast().execute(given);
            } catch (CommandLine.ParameterException e) {
                log.log(Level.ERROR, String.valueOf(e.getMessage()));
                log.log(Level.INFO, ending(ExitStatus.USAGE.code(), words));
                throw e;
            }
            log.log(Level.INFO, ending(status, words));
            return status;
        } catch (CommandLine.ExecutionException e) {
            log.log(Level.ERROR, "ends", e.getCause());
            throw e;
        } finally {
            log.loss().ifPresent(loss -> err.println("outguard: " + SafeText.clean(loss)));
        }
    }

    private static String ending(int status, String words) {
        return "ends with exit status " + status + ": outguard " + words;
    }

    /* What watches, and what acts: those have --yes, and with --dry-run they only say what they would do. */
    private static boolean needsPrivilege(CommandLine.ParseResult given) {
        CommandLine.ParseResult last = given.hasSubcommand() ? given.subcommand() : given;
        if (last.isUsageHelpRequested() || last.isVersionHelpRequested()) {
            return false;
        }
        CommandSpec command = last.commandSpec();
        boolean watches = command.findOption("--eye") != null;
        boolean acts = command.findOption("--yes") != null && !last.hasMatchedOption("--dry-run");
        return watches || acts;
    }

    /* A word in a command's place is meant as one. */
    private static String complaint(CommandLine.ParameterException wrong) {
        if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched
                && wrong.getCommandLine().getParent() == null
                && !unmatched.isUnknownOption()) {
            List<String> alike = unmatched.getSuggestions();
            return "there is no command '" + unmatched.getUnmatched().get(0) + "'"
                    + (alike.isEmpty() ? "" : "; did you mean " + String.join(" or ", alike) + "?");
        }
        if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched && unmatched.isUnknownOption()) {
            List<String> alike = unmatched.getSuggestions();
            return "there is no option '" + unmatched.getUnmatched().get(0) + "'"
                    + (alike.isEmpty() ? "" : "; did you mean " + String.join(" or ", alike) + "?");
        }
        return String.valueOf(wrong.getMessage());
    }

    /* An expected failure has a message; the trace is for those who ask for it. */
    private static int fault(Exception e, CommandLine command, CommandLine.ParseResult given) {
        command.getErr().println("outguard: " + SafeText.clean(reason(e)));
        if (command.getParseResult().hasMatchedOption("--verbose")) {
            e.printStackTrace(command.getErr());
        }
        return ExitStatus.FAILED.code();
    }

    /* Of a file that is not there or may not be read, the exception's message is but its name. */
    private static String reason(Exception e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        if (e instanceof NoSuchFileException) {
            return message + ": there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return message + ": permission denied";
        }
        return e instanceof FileAlreadyExistsException ? message + ": it is there already" : message;
    }
}
