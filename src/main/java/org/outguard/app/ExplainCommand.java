package org.outguard.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.outguard.headless.AbuseMail;
import org.outguard.headless.ExitStatus;
import org.outguard.headless.Explanation;
import org.outguard.headless.History;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code outguard explain}: who sent what a provider's mail shows. */
@Command(
        name = "explain",
        description = "read a provider's abuse mail, and say who sent that from what was recorded",
        footer = "Exit status 1: there is something in the mail that nobody can be named for.")
final class ExplainCommand implements Callable<Integer> {

    private static final int MAX_MAIL_BYTES = 8 << 20;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before call()
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "FILE|-", description = "the mail; - for standard input")
    String mail = "-";

    @Mixin
    final RecordOptions recorded = new RecordOptions();

    @Override
    public Integer call() throws IOException {
        PrintWriter err = spec.commandLine().getErr();
        AbuseMail read = AbuseMail.read(text());
        if (read.rows().isEmpty()) {
            err.println(
                    "outguard: there is no row in this mail that names a packet; known are the forms of OVH and Hetzner");
            return ExitStatus.FAILED.code();
        }
        Explanation explanation = new Explanation(read);
        History past = History.read(recorded.files(), explanation::concerns);
        if (past.files() == 0) {
            err.println("outguard: nothing was recorded: there is no NDJSON in " + History.DEFAULT_FOLDER
                    + "; name files with --history");
        }
        if (past.damaged() > 0) {
            err.println("outguard: lines that could not be read: " + past.damaged());
        }
        Explanation.Answer answer = explanation.answer(past.offenders(), JournalLines.of(recorded.journal()));
        PrintWriter out = spec.commandLine().getOut();
        out.print(answer.text());
        out.flush();
        return (answer.named() == answer.targets() ? ExitStatus.DONE : ExitStatus.FAILED).code();
    }

    private String text() throws IOException {
        try (InputStream in = mail.equals("-") ? System.in : Files.newInputStream(Path.of(mail))) {
            return new String(in.readNBytes(MAX_MAIL_BYTES), StandardCharsets.UTF_8);
        }
    }
}
