package org.outguard.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.outguard.guard.policy.OffenceKind;
import org.outguard.guard.policy.Policy;
import org.outguard.guard.policy.Verdict;
import org.outguard.notify.Channel;
import org.outguard.notify.Secret;
import org.outguard.notify.Target;

/** Tables {@code [[notify]]} and {@code [history]}: what they mean, and what is wrong with them, by line and key. */
class NotifyReaderTest {

    @TempDir
    Path folder;

    private PolicyResult read(String text) throws IOException {
        Path file = Files.writeString(folder.resolve("outguard.toml"), text);
        return PolicyFile.read(file, Policy.defaults(Set.of()));
    }

    @Test
    void everyChannelIsRead() throws IOException {
        PolicyResult.Read policy = (PolicyResult.Read) read("""
                [history]
                enabled = false
                megabytes = 64
                [[notify]]
                name = "noc"
                by = "webhook"
                form = "Slack"
                secret_file = "/etc/outguard/slack"
                kind = "UDP_FLOOD"
                verdict = "SUSPECT"
                ended = false
                group = "30s"
                at_most_per_hour = 5
                [[notify]]
                by = "mail"
                server = "smtp.example.org"
                tls = "starttls"
                user = "u"
                secret_credential = "smtp"
                from = "a@example.org"
                to = ["b@example.org"]
                [[notify]]
                by = "syslog"
                [[notify]]
                by = "exec"
                command = ["/bin/x", "-y"]
                """);
        assertThat(policy.history()).isEqualTo(new HistoryPolicy(false, 64, 30));
        List<Target> targets = policy.notified();
        assertThat(targets).extracting(Target::name).containsExactly("noc", "mail-2", "syslog-3", "exec-4");
        assertThat(targets.get(0).kinds()).containsExactly(OffenceKind.UDP_FLOOD);
        assertThat(targets.get(0).verdict()).isEqualTo(Verdict.SUSPECT);
        Channel.Mail mail = (Channel.Mail) targets.get(1).channel();
        assertThat(mail.port()).isEqualTo(587);
        assertThat(mail.secret()).isInstanceOf(Secret.Credential.class);
        assertThat(targets.get(2).channel()).isEqualTo(new Channel.Syslog("journald"));
        assertThat(targets.get(3).channel()).isEqualTo(new Channel.Exec(List.of("/bin/x", "-y")));
    }

    @Test
    void whatIsWrongIsSaidByLineAndKey() throws IOException {
        PolicyResult.Invalid invalid = (PolicyResult.Invalid) read("""
                [history]
                megabytes = 1
                enabled = "no"
                [[notify]]
                by = "webhok"
                [[notify]]
                by = "exec"
                command = ["told"]
                [[notify]]
                by = "webhook"
                urll = "x"
                url = "ftp://example.org"
                [[notify]]
                by = "mail"
                server = "smtp.example.org"
                from = "nobody"
                to = "b@example.org"
                """);
        assertThat(invalid.errors().stream().map(error -> error.line() + " " + error.key() + " " + error.text()))
                .anyMatch(line -> line.startsWith("2 history.megabytes must be"))
                .anyMatch(line -> line.startsWith("3 history.enabled must be true or false"))
                .anyMatch(line -> line.startsWith("5 notify.by 'webhok' is none"))
                .anyMatch(line -> line.startsWith("8 notify.command must be a list"))
                .anyMatch(line -> line.startsWith("11 notify.urll unknown for webhook; did you mean url?"))
                .anyMatch(line -> line.startsWith("12 notify.url must begin with http"))
                .anyMatch(line -> line.startsWith("16 notify.from 'nobody' is no address"));
    }
}
