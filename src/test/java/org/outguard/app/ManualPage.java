package org.outguard.app;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.outguard.tui.keys.KeyManual;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** outguard(8) in man(7), from the commands themselves and the table of keys. */
final class ManualPage {

    private ManualPage() {}

    static String roff(CommandLine root) {
        StringBuilder page = new StringBuilder();
        page.append(".\\\" Made by ManualPageTest; change the commands and the keys instead.\n");
        page.append(".TH OUTGUARD 8 \"\" \"outguard\" \"System Administration\"\n");
        section(page, "NAME", "outguard \\- " + escape(description(root.getCommandSpec())));
        section(page, "SYNOPSIS", ".B outguard\n.RI [ options ]\n.br\n.B outguard\n.I command\n.RI [ options ]");
        section(page, "DESCRIPTION", """
                Without a command, the screen: who sends what should not leave this machine, and keys that stop just that.
                .PP
                Whatever acts prints the exact commands that it runs and how to undo it, and asks first; without a terminal it acts
                with
                .B \\-\\-yes
                only.""");
        page.append(".SH OPTIONS\nOf the screen.\n");
        options(page, root.getCommandSpec());
        page.append(".SH COMMANDS\n");
        root.getSubcommands().values().stream().distinct().forEach(command -> command(page, command));
        page.append(".SH KEYS\n").append(KeyManual.roff());
        files(page);
        exits(page);
        section(
                page,
                "SEE ALSO",
                ".BR outguard.toml (5),\n.BR nft (8),\n.BR postsuper (1),\n.BR exim (8),\n.BR bpf (2)");
        return page.toString();
    }

    private static void command(StringBuilder page, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        String parameters =
                spec.positionalParameters().stream().map(ManualPage::parameter).collect(Collectors.joining(" "));
        page.append(".SS ").append(escape(spec.name() + (parameters.isEmpty() ? "" : " " + parameters)));
        page.append('\n').append(sentence(description(spec))).append('\n');
        for (PositionalParamSpec parameter : spec.positionalParameters()) {
            tagged(page, ".I " + escape(parameter.paramLabel()), String.join(" ", parameter.description()));
        }
        options(page, spec);
    }

    private static String parameter(PositionalParamSpec parameter) {
        String label = parameter.paramLabel() + (parameter.arity().max() > 1 ? "..." : "");
        return parameter.arity().min() == 0 ? "[" + label + "]" : label;
    }

    private static void options(StringBuilder page, CommandSpec spec) {
        for (OptionSpec option : spec.options()) {
            if (!option.hidden() && !option.usageHelp()) {
                String names =
                        Stream.of(option.names()).map(ManualPage::escape).collect(Collectors.joining("\\fR, \\fB"));
                String value = option.arity().max() == 0 ? "" : " \\fI" + escape(option.paramLabel()) + "\\fR";
                tagged(page, "\\fB" + names + "\\fR" + value, String.join(" ", option.description()));
            }
        }
    }

    private static void files(StringBuilder page) {
        page.append(".SH FILES\n");
        List<List<String>> files = new ArrayList<>();
        files.add(List.of("/etc/outguard/outguard.toml", "limits, rules, keys and colours; all of it has defaults"));
        files.add(List.of(
                "/var/lib/outguard/", "the journal of what was done, evidence, deleted mail, lines of the console"));
        files.add(List.of("/var/log/outguard/", "NDJSON of 'outguard watch', which 'explain' and 'report' read"));
        files.add(List.of("/run/outguard/", "who acts at the moment"));
        files.forEach(file -> tagged(page, ".I " + escape(file.get(0)), file.get(1)));
    }

    private static void exits(StringBuilder page) {
        page.append(".SH EXIT STATUS\n");
        List<List<String>> statuses = List.of(
                List.of("0", "done"),
                List.of("1", "failed"),
                List.of("2", "usage error"),
                List.of("3", "offenders or findings were found"),
                List.of("4", "refused, with the reason"),
                List.of("77", "a privilege is missing, which is named"));
        statuses.forEach(status -> tagged(page, ".B " + status.get(0), status.get(1)));
    }

    private static void section(StringBuilder page, String name, String text) {
        page.append(".SH ").append(name).append('\n').append(text).append('\n');
    }

    private static void tagged(StringBuilder page, String tag, String text) {
        page.append(".TP\n").append(tag).append('\n').append(sentence(text)).append('\n');
    }

    private static String description(CommandSpec spec) {
        return String.join(" ", spec.usageMessage().description());
    }

    private static String sentence(String text) {
        String clean = escape(text.replace("%%", "%").replace("%n", " "));
        return clean.isEmpty() || clean.endsWith(".") ? clean : clean + ".";
    }

    /* A line that begins with a dot or an apostrophe would be a request (groff(7)). */
    private static String escape(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq");
        return escaped.startsWith(".") ? "\\&" + escaped : escaped;
    }
}
